-- Every text waits for its passages.
INSERT INTO unmade (content_id) SELECT id FROM contents WHERE 1 = 1 ON CONFLICT DO NOTHING;
