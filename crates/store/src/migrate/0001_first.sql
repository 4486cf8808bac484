-- Types: TEXT and BIGINT only. Booleans are 0 or 1, times microseconds since 1970 in UTC, money nano-dollars, JSON is TEXT.
-- `author` is absent without accounts. References to another run are columns without a foreign key: each can be deleted alone.

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE nodes (
    id TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE briefs (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    author TEXT,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX briefs_by_age ON briefs (created_at, id);
CREATE INDEX briefs_deleted ON briefs (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE brief_snapshots (
    id TEXT NOT NULL PRIMARY KEY,
    brief_id TEXT NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    label TEXT,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    author TEXT,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX brief_snapshots_of_brief ON brief_snapshots (brief_id, created_at, id);
CREATE INDEX brief_snapshots_deleted ON brief_snapshots (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE workflow_runs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    brief_id TEXT NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    snapshot_id TEXT NOT NULL REFERENCES brief_snapshots (id) ON DELETE CASCADE,
    label TEXT,
    model TEXT NOT NULL,
    context_budget BIGINT NOT NULL,
    origin TEXT,
    status TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    claim_node TEXT,
    claim_kind TEXT,
    due_at BIGINT,
    autorun BIGINT NOT NULL,
    until TEXT,
    pause_before TEXT NOT NULL,
    gate_passed BIGINT,
    active_id TEXT,
    active_index BIGINT,
    active_attempt BIGINT,
    active_name TEXT,
    active_started_at BIGINT,
    pause TEXT,
    retry TEXT,
    error TEXT,
    cursor TEXT NOT NULL,
    -- Committed units whose latest version a person wrote and no step has read: unit to version.
    unread TEXT NOT NULL,
    progress_done BIGINT NOT NULL,
    progress_total BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    cached_input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cost_nanos BIGINT NOT NULL,
    cost_unknown BIGINT NOT NULL,
    max_cost BIGINT,
    max_tokens BIGINT,
    has_budget BIGINT NOT NULL,
    last_index BIGINT NOT NULL,
    open_index TEXT,
    forked_from TEXT,
    forked_from_index BIGINT,
    author TEXT,
    state_version BIGINT NOT NULL,
    last_event BIGINT NOT NULL,
    -- The state as the run began: top-level key to the hash of its value.
    base_map TEXT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX workflow_runs_of_brief ON workflow_runs (brief_id, created_at, id);
CREATE INDEX workflow_runs_of_snapshot ON workflow_runs (snapshot_id, created_at, id);
CREATE INDEX workflow_runs_by_age ON workflow_runs (created_at, id);
CREATE INDEX workflow_runs_by_origin ON workflow_runs (origin) WHERE origin IS NOT NULL;
CREATE INDEX workflow_runs_due ON workflow_runs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX workflow_runs_claimed ON workflow_runs (claim_node) WHERE claim_node IS NOT NULL;
CREATE INDEX workflow_runs_deleted ON workflow_runs (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE state_values (
    run_id TEXT NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (run_id, hash)
);

CREATE TABLE run_state (
    run_id TEXT NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (run_id, key)
);

CREATE TABLE workflow_steps (
    id TEXT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    step_index BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    outputs TEXT,
    error TEXT,
    state_patch TEXT,
    -- The state after it: top-level key to the hash of its value.
    state_map TEXT,
    context TEXT,
    partial_text TEXT,
    calls BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    cached_input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cost_nanos BIGINT NOT NULL,
    cost_unknown BIGINT NOT NULL,
    artifact_version_ids TEXT NOT NULL,
    author TEXT,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    UNIQUE (run_id, step_index, attempt)
);
-- At most one success per index, and only one attempt of a run may be open.
CREATE UNIQUE INDEX workflow_steps_succeeded ON workflow_steps (run_id, step_index) WHERE status = 'succeeded';
CREATE UNIQUE INDEX workflow_steps_running ON workflow_steps (run_id) WHERE status = 'running';

CREATE TABLE segments (
    run_id TEXT NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run_id, hash)
);

CREATE TABLE model_calls (
    id TEXT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    step_id TEXT NOT NULL REFERENCES workflow_steps (id) ON DELETE CASCADE,
    step_index BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    slot TEXT NOT NULL,
    task TEXT NOT NULL,
    model TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    -- The prompt as hashes of segments.
    prompt TEXT NOT NULL,
    settings TEXT NOT NULL,
    response TEXT NOT NULL,
    finish TEXT NOT NULL,
    standing TEXT NOT NULL,
    calls BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    cached_input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cost_nanos BIGINT NOT NULL,
    cost_unknown BIGINT NOT NULL,
    latency_ms BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX model_calls_of_index ON model_calls (run_id, step_index);
CREATE INDEX model_calls_of_step ON model_calls (step_id);
CREATE INDEX model_calls_open ON model_calls (run_id, slot) WHERE standing = 'open';

CREATE TABLE contents (
    id TEXT NOT NULL PRIMARY KEY,
    brief_id TEXT NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    extraction TEXT,
    digest TEXT NOT NULL,
    words BIGINT NOT NULL,
    chars BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX contents_of_brief ON contents (brief_id);

CREATE TABLE paragraph_prints (
    content_id TEXT NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    print TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (content_id, print, number)
);

-- `run_id` is absent for a standalone manuscript: what a person wrote in a run that was deleted.
CREATE TABLE artifacts (
    id TEXT NOT NULL PRIMARY KEY,
    brief_id TEXT NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    snapshot_id TEXT REFERENCES brief_snapshots (id) ON DELETE SET NULL,
    run_id TEXT REFERENCES workflow_runs (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    title TEXT NOT NULL,
    latest_version_id TEXT NOT NULL,
    review TEXT NOT NULL,
    UNIQUE (run_id, kind, unit_id)
);
CREATE INDEX artifacts_by_ordinal ON artifacts (ordinal, id);
CREATE INDEX artifacts_of_brief ON artifacts (brief_id);
CREATE INDEX artifacts_of_snapshot ON artifacts (snapshot_id);

CREATE TABLE artifact_versions (
    id TEXT NOT NULL PRIMARY KEY,
    artifact_id TEXT NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
    run_id TEXT REFERENCES workflow_runs (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    parent_id TEXT,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    content_id TEXT NOT NULL REFERENCES contents (id),
    step_index BIGINT,
    metadata TEXT NOT NULL,
    author TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (artifact_id, number)
);
CREATE INDEX artifact_versions_of_run ON artifact_versions (run_id);
CREATE INDEX artifact_versions_of_content ON artifact_versions (content_id);

CREATE TABLE findings (
    version_id TEXT NOT NULL REFERENCES artifact_versions (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (version_id, number)
);
