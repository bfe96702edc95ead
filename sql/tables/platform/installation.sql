-- sql/tables/platform/installation.sql
-- The server and database this schema was installed in.  A restored or cloned copy
-- differs, so nothing leaves it until CALL qutecart.adopt().
CREATE TABLE qutecart.installation (
    id                smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    system_identifier bigint NOT NULL,
    database_oid      bigint NOT NULL,
    installed_at      timestamptz NOT NULL DEFAULT now(),
    adopted_at        timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE qutecart.installation IS 'platform: which server and database may send mails and call Stripe.';
ALTER TABLE qutecart.installation ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.installation FORCE ROW LEVEL SECURITY;
