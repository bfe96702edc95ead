-- sql/tables/accounts/idempotency_keys.sql
-- An effect and the answer that told of it, in one transaction, so that a client may
-- repeat a request whose answer it never saw.
CREATE TABLE qutecart.idempotency_keys (
    owner        text NOT NULL,
    key          text NOT NULL CHECK (key <> '' AND length(key) <= 255),
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    status       integer,
    headers      text,
    body         text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_age ON qutecart.idempotency_keys (created_at);
COMMENT ON TABLE qutecart.idempotency_keys IS 'platform: answers to repeatable requests, kept for 24 hours; owner is the credential that sent the key.';
ALTER TABLE qutecart.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.idempotency_keys FORCE ROW LEVEL SECURITY;
