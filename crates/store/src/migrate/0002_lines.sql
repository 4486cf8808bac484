-- What a person's version says was read of it, by the step that read it. Contents never change: several lines share them.
CREATE TABLE readings (
    version_id TEXT NOT NULL PRIMARY KEY REFERENCES artifact_versions (id) ON DELETE CASCADE,
    step_index BIGINT NOT NULL,
    extraction TEXT,
    digest TEXT NOT NULL
);

-- The first step at whose success the version was there; 0 where its run began with it.
ALTER TABLE artifact_versions ADD COLUMN since_index BIGINT NOT NULL DEFAULT 0;
UPDATE artifact_versions SET since_index = COALESCE(
    step_index,
    (SELECT MIN(s.step_index) FROM workflow_steps s
     WHERE s.run_id = artifact_versions.run_id AND s.status = 'succeeded' AND s.finished_at >= artifact_versions.created_at),
    (SELECT r.last_index + 1 FROM workflow_runs r WHERE r.id = artifact_versions.run_id),
    0);

-- The run that a person's words were in when it was deleted: who restores it finds them again.
ALTER TABLE artifacts ADD COLUMN detached_from TEXT;
CREATE INDEX artifacts_detached ON artifacts (detached_from) WHERE detached_from IS NOT NULL;

CREATE INDEX workflow_runs_forked ON workflow_runs (forked_from) WHERE forked_from IS NOT NULL;

-- What becomes of a person's words when its runs are deleted with it.
ALTER TABLE brief_snapshots ADD COLUMN keeps_words BIGINT NOT NULL DEFAULT 1;

-- Whether a project file of what was deleted lies in the bin.
ALTER TABLE briefs ADD COLUMN binned BIGINT NOT NULL DEFAULT 0;
ALTER TABLE brief_snapshots ADD COLUMN binned BIGINT NOT NULL DEFAULT 0;
ALTER TABLE workflow_runs ADD COLUMN binned BIGINT NOT NULL DEFAULT 0;
