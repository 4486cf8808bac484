-- Passages of the texts. Their words stand in an index without a text of its own: of the passage itself the text is kept once, in `contents`.
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    content_id TEXT NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    span_start BIGINT NOT NULL,
    span_end BIGINT NOT NULL,
    UNIQUE (content_id, position)
);
-- Only ASCII is looked at: the words are made by us, and none is cut here.
CREATE VIRTUAL TABLE chunk_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE TRIGGER chunk_words_go AFTER DELETE ON chunks BEGIN
    DELETE FROM chunk_words WHERE rowid = OLD.id;
END;
