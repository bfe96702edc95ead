-- sql/tables/accounts/one_time_codes.sql
-- Attempts are counted in shared memory: a row would be rolled back with the guess.
CREATE TABLE qutecart.one_time_codes (
    contact      text NOT NULL CHECK (contact <> ''),
    purpose      text NOT NULL CHECK (purpose IN ('verify', 'reset')),
    sent_to      text NOT NULL,
    user_id      bigint REFERENCES qutecart.users ON DELETE CASCADE,
    code_hash    bytea NOT NULL CHECK (length(code_hash) = 32),
    salt         bytea NOT NULL CHECK (length(salt) = 16),
    token_hash   bytea CHECK (length(token_hash) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    verified_at  timestamptz,
    PRIMARY KEY (contact, purpose)
);
CREATE INDEX one_time_codes_user ON qutecart.one_time_codes (user_id);
CREATE UNIQUE INDEX one_time_code_token_is_unique ON qutecart.one_time_codes (token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX one_time_codes_expiry ON qutecart.one_time_codes (expires_at);
COMMENT ON TABLE qutecart.one_time_codes IS 'platform: six-digit codes sent to a phone or e-mail, stored as salted SHA-256 for 10 minutes; sent_to is the phone or e-mail that a right code verifies; token_hash is of the token that a right code is exchanged for.';
ALTER TABLE qutecart.one_time_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.one_time_codes FORCE ROW LEVEL SECURITY;
