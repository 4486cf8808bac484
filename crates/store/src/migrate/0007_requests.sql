-- What was asked with an `Idempotency-Key`, and how it was answered: for a day.
CREATE TABLE requests (
    key TEXT NOT NULL PRIMARY KEY,
    -- A hash of method, address and body.
    asked TEXT NOT NULL,
    -- The process that carries it out, while one does.
    node TEXT,
    -- The id that whatever it makes has: who finds it has no need to make it again.
    ticket TEXT NOT NULL,
    -- The run or the brief that the answer tells of; the answer goes with it.
    about TEXT,
    status BIGINT,
    content_type TEXT,
    body TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX requests_by_age ON requests (created_at);
CREATE INDEX requests_about ON requests (about) WHERE about IS NOT NULL;
