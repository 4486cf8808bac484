-- Until when autorun begins no further step, because a person waits for a turn.
ALTER TABLE workflow_runs ADD COLUMN hold_until BIGINT;

-- What an instruction would change, thought out against one state of its run.
CREATE TABLE proposals (
    id TEXT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    message TEXT NOT NULL,
    patch TEXT NOT NULL,
    state_map TEXT NOT NULL,
    told TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX proposals_of_run ON proposals (run_id);

-- Calls that belong to no step: of a dry run, of a rewrite.
CREATE TABLE asides (
    id TEXT NOT NULL PRIMARY KEY,
    brief_id TEXT NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    call TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX asides_of_brief ON asides (brief_id);
CREATE INDEX asides_of_owner ON asides (owner);
