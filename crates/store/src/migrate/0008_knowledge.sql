-- What a text says, fact by fact, in the order in which the text tells it. `reading` is empty for what was read when the text was kept, else
-- the key of a later reading of it: lines that have read the same text in different ways do not mix.
CREATE TABLE facts (
    content_id TEXT NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    reading TEXT NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    json TEXT NOT NULL,
    -- Where the words stand that show it, in scalar values, end exclusive; and the words.
    span_start BIGINT NOT NULL,
    span_end BIGINT NOT NULL,
    quote TEXT NOT NULL,
    PRIMARY KEY (content_id, reading, position)
);

-- Which facts of its text are those of this reading; absent where it came to none.
ALTER TABLE readings ADD COLUMN reading TEXT;

-- Texts of which it was not made yet what code makes of them: what comes from elsewhere is caught up with.
CREATE TABLE unmade (
    content_id TEXT NOT NULL PRIMARY KEY REFERENCES contents (id) ON DELETE CASCADE
);
INSERT INTO unmade (content_id) SELECT id FROM contents;
