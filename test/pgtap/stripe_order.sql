-- test/pgtap/stripe_order.sql
-- The same events in every order, applied one by one, give the same subscription.
BEGIN;
\i test/pgtap/world/stripe.sql
SELECT no_plan();
INSERT INTO qutecart.shops (name) VALUES ('Orders') RETURNING id AS shop \gset

-- What the shop shows after each order of delivery, every event applied at once when it
-- comes; each order is undone afterwards.
CREATE FUNCTION tests.after(shop bigint, events jsonb[], signatures text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    FOR i IN 1 .. cardinality(events) LOOP
        PERFORM qutecart.receive_stripe_event(convert_to(events[i]::text, 'UTF8'), signatures[i]);
        PERFORM qutecart.apply_stripe_events();
    END LOOP;
    SELECT tests.state(shop) || ' ' || (SELECT count(*) FILTER (WHERE status <> 'applied') FROM qutecart.stripe_events)
        || ' not applied' INTO result;
    RAISE EXCEPTION USING ERRCODE = 'QC999', MESSAGE = result;
EXCEPTION WHEN SQLSTATE 'QC999' THEN
    RETURN SQLERRM;
END $$;

CREATE FUNCTION tests.orders(n int) RETURNS SETOF int[] LANGUAGE sql AS $$
    WITH RECURSIVE o (o) AS (SELECT '{}'::int[] UNION ALL
        SELECT o || i FROM o, generate_series(1, n) i WHERE NOT i = ANY (o))
    SELECT o FROM o WHERE cardinality(o) = n ORDER BY o $$;

CREATE FUNCTION tests.in_all_orders(shop bigint, events jsonb[]) RETURNS TABLE (state text, orders bigint) LANGUAGE sql AS $$
    WITH s AS MATERIALIZED (SELECT array_agg(tests.sign(e::text) ORDER BY n) AS signatures FROM unnest(events) WITH ORDINALITY u (e, n))
    SELECT a.state, count(*) FROM s, tests.orders(cardinality(events)) o,
        LATERAL (SELECT tests.after(shop, ARRAY(SELECT events[i] FROM unnest(o) WITH ORDINALITY u (i, n) ORDER BY n),
            ARRAY(SELECT s.signatures[i] FROM unnest(o) WITH ORDINALITY u (i, n) ORDER BY n)) AS state) a
    GROUP BY 1 $$;

CREATE FUNCTION tests.s(id text, happened numeric, changes jsonb, before jsonb DEFAULT NULL, type text DEFAULT 'customer.subscription.updated')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT tests.subscription(id, happened, '{"id": "sub_o", "customer": "cus_o", "price": "price_growth", "period": [0, 1000000000]}' || changes, type, before) $$;
CREATE FUNCTION tests.i(id text, happened numeric, type text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT tests.invoice(id, happened, '{"customer": "cus_o", "parent": {"subscription_details": {"subscription": "sub_o"}}}', type) $$;
CREATE FUNCTION tests.shop() RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('shop', id) FROM qutecart.shops WHERE name = 'Orders' $$;

SELECT results_eq(format('SELECT * FROM tests.in_all_orders(%s, ARRAY[%s])', :shop, $$
        tests.s('evt_1', 0, tests.shop() || '{"status": "incomplete"}', NULL, 'customer.subscription.created'),
        tests.i('evt_2', 0, 'invoice.paid'),
        tests.s('evt_z', 0, tests.shop() || '{"status": "active"}', '{"status": "incomplete"}'),
        tests.s('evt_b', 0, tests.shop() || '{"status": "active", "cancel_at_period_end": true}', '{"cancel_at_period_end": false}'),
        tests.s('evt_a', 9, tests.shop() || '{"status": "canceled", "ended_at": 1767225609}', NULL, 'customer.subscription.deleted')$$),
    $$VALUES ('canceled free ends 9 | sub_o canceled growth evt_a 0 not applied', 120::bigint)$$,
    'S09: from the first payment to the end, four events in one second: 120 orders, one result');

SELECT results_eq(format('SELECT * FROM tests.in_all_orders(%s, ARRAY[%s])', :shop, $$
        tests.s('evt_z', 5, tests.shop() || '{"status": "past_due"}', '{"status": "active"}'),
        tests.s('evt_m', 5, tests.shop() || '{"status": "active"}', '{"status": "past_due"}'),
        tests.s('evt_a', 5, tests.shop() || '{"status": "active", "cancel_at_period_end": true}', '{"cancel_at_period_end": false}'),
        tests.s('evt_b', 0, tests.shop() || '{"status": "active"}', NULL, 'customer.subscription.created')$$),
    $$VALUES ('active growth cancels ends 1000000000 | sub_o active growth evt_a 0 not applied', 24::bigint)$$,
    'S09: events of one second follow from what each says was before it, not from their ids');

SELECT results_eq(format('SELECT * FROM tests.in_all_orders(%s, ARRAY[%s])', :shop, $$
        tests.s('evt_2', 3, tests.shop() || '{"status": "trialing"}', NULL, 'customer.subscription.trial_will_end'),
        tests.s('evt_3', 6, tests.shop() || '{"status": "active"}', '{"status": "trialing"}'),
        tests.i('evt_4', 7, 'invoice.payment_failed'),
        tests.i('evt_5', 8, 'invoice.payment_succeeded'),
        tests.i('evt_6', 9, 'invoice.payment_failed')$$),
    $$VALUES ('past_due growth grace ends 1000000000 | sub_o past_due growth evt_6 0 not applied', 120::bigint)$$,
    'S09: payments after the last whole subscription count in their own order');

SELECT results_eq(format('SELECT * FROM tests.in_all_orders(%s, ARRAY[%s])', :shop, $$
        tests.s('evt_1', 0, tests.shop(), NULL, 'customer.subscription.created'),
        tests.s('evt_2', 10, tests.shop() || '{"price": "price_starter"}'),
        tests.s('evt_3', 20, tests.shop() || '{"price": "price_enterprise"}'),
        tests.s('evt_4', 30, tests.shop() || '{"price": "price_growth"}'),
        tests.s('evt_5', 40, tests.shop() || '{"price": "price_starter"}')$$),
    $$VALUES ('active enterprise > starter ends 1000000000 | sub_o active enterprise evt_5 0 not applied', 120::bigint)$$,
    'a downgrade waits for the period''s end, an upgrade replaces it, a second downgrade replaces the first');

SELECT results_eq(format('SELECT * FROM tests.in_all_orders(%s, ARRAY[%s])', :shop, $$
        tests.s('evt_1', 0, tests.shop() || '{"period": [0, 100]}', NULL, 'customer.subscription.created'),
        tests.s('evt_2', 10, tests.shop() || '{"price": "price_starter", "period": [0, 100]}'),
        tests.s('evt_3', 100, tests.shop() || '{"price": "price_starter", "period": [100, 1000000000]}'),
        tests.i('evt_4', 101, 'invoice.paid')$$),
    $$VALUES ('active starter ends 1000000000 | sub_o active starter evt_4 0 not applied', 24::bigint)$$,
    'the next period starts with the cheaper plan');

SELECT results_eq(format('SELECT * FROM tests.in_all_orders(%s, ARRAY[%s])', :shop, $$
        tests.s('evt_1', 0, '{}', NULL, 'customer.subscription.created'),
        tests.s('evt_2', 1, tests.shop() || '{"status": "active"}'),
        tests.i('evt_3', 2, 'invoice.paid'),
        tests.s('evt_4', 3, '{"status": "unpaid"}')$$),
    $$VALUES ('unpaid growth ends 1000000000 | sub_o unpaid growth evt_4 0 not applied', 24::bigint)$$,
    'S10: events that do not name the shop wait for the one that does');

SELECT results_eq(format('SELECT * FROM tests.in_all_orders(%s, ARRAY[%s])', :shop, $$
        tests.s('evt_1', 1, tests.shop()),
        tests.s('evt_2', 3, tests.shop() || '{"status": "incomplete"}', NULL, 'customer.subscription.created'),
        tests.s('evt_3', 5, tests.shop() || '{"status": "canceled", "ended_at": 1767225605}', NULL, 'customer.subscription.deleted'),
        tests.s('evt_4', 6, tests.shop() || '{"status": "past_due"}')$$),
    $$VALUES ('canceled free ends 5 | sub_o canceled growth evt_3 0 not applied', 24::bigint)$$,
    'S09: whatever the clocks say, nothing comes after the end or before the beginning');

SELECT is(a.state, b.state, 'S06: every event twice changes nothing')
FROM tests.in_all_orders(:shop, ARRAY[tests.s('evt_1', 0, tests.shop()), tests.s('evt_2', 1, '{"status": "past_due"}')]) a,
    tests.in_all_orders(:shop, ARRAY[tests.s('evt_1', 0, tests.shop()), tests.s('evt_1', 0, tests.shop()),
        tests.s('evt_2', 1, '{"status": "past_due"}'), tests.s('evt_2', 1, '{"status": "past_due"}')]) b;
SELECT * FROM finish();
ROLLBACK;
