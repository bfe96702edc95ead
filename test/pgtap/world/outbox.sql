-- test/pgtap/world/outbox.sql
-- Short words for what the worker does with the outbox, done by hand.
--
--   tests.claim(most, per_lane)        ids, in the order they were given: "3 5 8"
--   tests.settle(id, outcome, …)       under the lease that the row has now
--   tests.waiting()                    ids and states of all: "3 ready, 5 parked"
CREATE SCHEMA IF NOT EXISTS tests;

CREATE FUNCTION tests.claim(most integer DEFAULT 100, per_lane integer DEFAULT 100) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(c.payload ->> 'n', ' '), '') FROM qutecart.outbox_claim(most, per_lane) c $$;

CREATE FUNCTION tests.message(n text) RETURNS bigint LANGUAGE sql STABLE AS
    $$SELECT o.id FROM qutecart.outbox o WHERE o.payload ->> 'n' = n$$;

CREATE FUNCTION tests.token(n text) RETURNS bigint LANGUAGE sql STABLE AS
    $$SELECT o.lease_token FROM qutecart.outbox o WHERE o.payload ->> 'n' = n$$;

CREATE FUNCTION tests.settle(n text, outcome text, reason text DEFAULT NULL, status integer DEFAULT NULL,
    response text DEFAULT NULL, retry_after integer DEFAULT NULL) RETURNS boolean LANGUAGE sql AS
    $$SELECT qutecart.outbox_settle(tests.message(n), tests.token(n), outcome, reason, status, response, retry_after)$$;

CREATE FUNCTION tests.put(n text, shop bigint DEFAULT 1, key text DEFAULT '', kind text DEFAULT 'mail.test') RETURNS bigint LANGUAGE sql AS
    $$SELECT qutecart.enqueue(kind, jsonb_build_object('n', n), shop, key)$$;

CREATE FUNCTION tests.waiting() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(format('%s %s', o.payload ->> 'n', CASE WHEN o.lease_token IS NOT NULL THEN 'leased' ELSE o.state END),
        ', ' ORDER BY o.id), '') FROM qutecart.outbox o $$;

-- Time passes: what waits is due, closed lanes may be tried.
CREATE FUNCTION tests.later() RETURNS void LANGUAGE sql AS $$
    UPDATE qutecart.outbox SET due_at = now() WHERE state = 'waiting';
    UPDATE qutecart.outbox_circuits SET closed_until = now() WHERE closed_until < 'infinity'; $$;
