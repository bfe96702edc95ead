-- sql/tables/outbox/outbox.sql
-- What must leave the server, written in the transaction that causes it.
--
-- Two partitions take turns: while new rows go to one, the other runs empty and is
-- truncated, so that a reader who holds an old snapshot for hours lets nothing grow.
-- A lease changes no indexed column, and half of each page is free for it (HOT).
--
-- state: ready = may be sent now, unless it is on lease; waiting = until due_at; parked =
-- until the messages of its key that came before it have left.  There are no CHECKs: made
-- anew for each INSERT, they would double what a message costs; extension/outbox looks.
CREATE TABLE qutecart.outbox (
    slot         smallint NOT NULL DEFAULT 0,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    public_id    uuid NOT NULL DEFAULT gen_random_uuid(),
    kind         text NOT NULL,
    shop_id      bigint NOT NULL DEFAULT 0,
    endpoint_id  bigint NOT NULL DEFAULT 0,
    lane         bigint NOT NULL,
    key          text NOT NULL DEFAULT '',
    payload      jsonb NOT NULL DEFAULT '{}',
    state        text NOT NULL DEFAULT 'ready',
    due_at       timestamptz NOT NULL DEFAULT now(),
    attempts     integer NOT NULL DEFAULT 0,
    lease_token  bigint,
    leased_until timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (slot, id)
) PARTITION BY LIST (slot);
CREATE INDEX outbox_ready ON qutecart.outbox (lane, due_at, id) WHERE state = 'ready';
CREATE INDEX outbox_waiting ON qutecart.outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_key ON qutecart.outbox (lane, key, id);
COMMENT ON TABLE qutecart.outbox IS
    'platform: messages waiting to leave; at least once, in order per lane and key. shop_id 0 = the platform''s own. lane: the queue of an endpoint, or of a shop''s mails: what shares a limit of messages in flight and a circuit.';
ALTER TABLE qutecart.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.outbox FORCE ROW LEVEL SECURITY;

CREATE TABLE qutecart.outbox_0 PARTITION OF qutecart.outbox FOR VALUES IN (0)
    WITH (fillfactor = 50, vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);
COMMENT ON TABLE qutecart.outbox_0 IS 'platform: one half of the outbox.';
ALTER TABLE qutecart.outbox_0 ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.outbox_0 FORCE ROW LEVEL SECURITY;

CREATE TABLE qutecart.outbox_1 PARTITION OF qutecart.outbox FOR VALUES IN (1)
    WITH (fillfactor = 50, vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);
COMMENT ON TABLE qutecart.outbox_1 IS 'platform: the other half of the outbox.';
ALTER TABLE qutecart.outbox_1 ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.outbox_1 FORCE ROW LEVEL SECURITY;
