-- Until when autorun begins no further step, because a person waits for a turn.
ALTER TABLE workflow_runs ADD COLUMN hold_until BIGINT;
