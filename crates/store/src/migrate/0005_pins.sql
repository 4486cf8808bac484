-- The contents that an adaptation is made from: they stay as long as it does.
CREATE TABLE source_pins (
    run_id TEXT NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    content_id TEXT NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    PRIMARY KEY (run_id, content_id)
);
CREATE INDEX source_pins_of_content ON source_pins (content_id);
