-- One process writes at a time: what is numbered later was committed later.
-- No foreign key: `run.deleted` outlives its run, so that whoever follows the feed hears of it.
CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    data TEXT NOT NULL,
    author TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (run_id, number)
);
