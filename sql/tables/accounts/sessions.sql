-- sql/tables/accounts/sessions.sql
CREATE TABLE qutecart.sessions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id      bigint NOT NULL REFERENCES qutecart.users ON DELETE CASCADE,
    token_hash   bytea NOT NULL CONSTRAINT session_token_is_unique UNIQUE CHECK (length(token_hash) = 32),
    name         text NOT NULL DEFAULT 'api_token',
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    created_from inet,
    device_key   text CHECK (length(device_key) <= 4096)
);
CREATE INDEX sessions_user ON qutecart.sessions (user_id);
CREATE INDEX sessions_expiry ON qutecart.sessions (expires_at);
COMMENT ON TABLE qutecart.sessions IS 'platform: signed-in devices; token_hash is the SHA-256 of the token, the token itself is never stored. device_key is what pushes to the device are addressed to.';
ALTER TABLE qutecart.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.sessions FORCE ROW LEVEL SECURITY;
