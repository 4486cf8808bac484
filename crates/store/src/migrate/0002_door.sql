-- Briefs and snapshots become invisible at once, like runs; the sweeper removes them in slices.
ALTER TABLE briefs ADD COLUMN deleted_at BIGINT;
ALTER TABLE brief_snapshots ADD COLUMN deleted_at BIGINT;
CREATE INDEX briefs_by_age ON briefs (created_at, id);
CREATE INDEX briefs_deleted ON briefs (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX brief_snapshots_by_age ON brief_snapshots (brief_id, created_at, id);
CREATE INDEX brief_snapshots_deleted ON brief_snapshots (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX artifacts_by_ordinal ON artifacts (ordinal, id);
-- Runs of one brief or snapshot come newest first, too.
DROP INDEX workflow_runs_of_brief;
DROP INDEX workflow_runs_of_snapshot;
CREATE INDEX workflow_runs_of_brief ON workflow_runs (brief_id, created_at, id);
CREATE INDEX workflow_runs_of_snapshot ON workflow_runs (snapshot_id, created_at, id);
