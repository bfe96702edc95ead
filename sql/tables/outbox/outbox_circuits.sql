-- sql/tables/outbox/outbox_circuits.sql
-- Lanes whose last attempt failed.  No row = all is well.
CREATE TABLE qutecart.outbox_circuits (
    lane          bigint PRIMARY KEY,
    failures      integer NOT NULL CHECK (failures >= 0),
    failing_since timestamptz NOT NULL,
    closed_until  timestamptz
);
CREATE INDEX outbox_circuits_closed ON qutecart.outbox_circuits (closed_until) WHERE closed_until IS NOT NULL;
COMMENT ON TABLE qutecart.outbox_circuits IS
    'platform: lanes of the outbox that fail. failures: in a row; from the fifth on nothing leaves the lane before closed_until, then one message at a time until one is delivered. failing_since: of the first.';
ALTER TABLE qutecart.outbox_circuits ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.outbox_circuits FORCE ROW LEVEL SECURITY;
