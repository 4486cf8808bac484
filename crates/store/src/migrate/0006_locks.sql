-- Words of an artifact that stand in every later version, or all of them. Where they stand is told of the latest version.
CREATE TABLE artifact_locks (
    id TEXT NOT NULL PRIMARY KEY,
    artifact_id TEXT NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
    -- The locked words and where they begin, in scalar values; absent where the whole text is locked.
    words TEXT,
    span_start BIGINT,
    reason TEXT NOT NULL,
    author TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX artifact_locks_of_artifact ON artifact_locks (artifact_id);

-- A model wrote it at a person's word, outside of any step: like what a person wrote, it waits to be read.
ALTER TABLE artifact_versions ADD COLUMN rewritten BIGINT NOT NULL DEFAULT 0;
