-- sql/tables/platform/migrations.sql
-- What install() applied.  Created by install() itself, before anything else.
CREATE TABLE qutecart.migrations (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE qutecart.migrations IS 'platform: the schema files that install() applied, each with the SHA-256 of its text.';
ALTER TABLE qutecart.migrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.migrations FORCE ROW LEVEL SECURITY;
