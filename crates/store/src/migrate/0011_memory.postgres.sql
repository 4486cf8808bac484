-- Passages of the texts, with the words that each is found by.
CREATE TABLE chunks (
    content_id TEXT COLLATE "C" NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    span_start BIGINT NOT NULL,
    span_end BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (content_id, position)
);
-- What waits to be sorted in is read by every search: it stays small.
CREATE INDEX chunks_by_word ON chunks USING GIN (words) WITH (gin_pending_list_limit = 256);
