-- sql/tables/platform/settings.sql
CREATE TABLE qutecart.settings (
    key         text PRIMARY KEY CHECK (key ~ '^[a-z][a-z0-9_.]*$'),
    value       jsonb NOT NULL,
    is_public   boolean NOT NULL DEFAULT false,
    description text NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE qutecart.settings IS 'platform: what an operator sets for the whole marketplace; public ones reach clients through functions.';
ALTER TABLE qutecart.settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.settings FORCE ROW LEVEL SECURITY;
