-- sql/tables/accounts/one_time_codes.sql
CREATE TABLE qutecart.one_time_codes (
    contact      text NOT NULL CHECK (contact <> ''),
    purpose      text NOT NULL CHECK (purpose IN ('verify', 'reset')),
    user_id      bigint REFERENCES qutecart.users ON DELETE CASCADE,
    code_hash    bytea NOT NULL CHECK (length(code_hash) = 32),
    salt         bytea NOT NULL CHECK (length(salt) = 16),
    attempts     smallint NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 5),
    token_hash   bytea CHECK (length(token_hash) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    verified_at  timestamptz,
    PRIMARY KEY (contact, purpose)
);
CREATE INDEX one_time_codes_user ON qutecart.one_time_codes (user_id);
CREATE INDEX one_time_codes_expiry ON qutecart.one_time_codes (expires_at);
COMMENT ON TABLE qutecart.one_time_codes IS 'platform: six-digit codes sent to a phone or e-mail, stored as salted SHA-256, 10 minutes and 5 attempts each.';
ALTER TABLE qutecart.one_time_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.one_time_codes FORCE ROW LEVEL SECURITY;
