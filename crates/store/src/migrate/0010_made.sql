-- What a request with a key has made, written in the transaction that made it: whoever carries the request out again finds it.
ALTER TABLE requests ADD COLUMN made TEXT;
CREATE INDEX requests_by_ticket ON requests (ticket);
