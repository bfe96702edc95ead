-- sql/tables/outbox/outbox.sql
-- What must leave the server, written in the transaction that causes it.
CREATE TABLE qutecart.outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL CHECK (kind ~ '^[a-z]+\.[a-z_.]+$'),
    shop_id     bigint,
    key         text NOT NULL DEFAULT '',
    payload     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
    due_at      timestamptz NOT NULL DEFAULT now(),
    attempts    integer NOT NULL DEFAULT 0,
    lease_token uuid,
    leased_until timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);
CREATE INDEX outbox_due ON qutecart.outbox (due_at, id);
CREATE INDEX outbox_shop ON qutecart.outbox (shop_id, id);
COMMENT ON TABLE qutecart.outbox IS 'platform: messages waiting to leave; at least once, in order per key.';
ALTER TABLE qutecart.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.outbox FORCE ROW LEVEL SECURITY;
