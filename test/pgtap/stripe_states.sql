-- test/pgtap/stripe_states.sql
-- What a subscription may become, and that nothing else happens to it, whoever tries.
BEGIN;
SELECT no_plan();
CREATE SCHEMA tests;
CREATE TABLE tests.states AS SELECT unnest(ARRAY['incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid',
    'paused', 'canceled']) AS state;

-- The table as it is meant: what Stripe's life of a subscription allows.
CREATE TABLE tests.wanted AS
    SELECT 'free' AS from_state, 'first_seen' AS event, state AS to_state FROM tests.states
    UNION ALL SELECT 'incomplete', 'reported', state FROM tests.states WHERE state <> 'incomplete'
    UNION ALL SELECT f.state, 'reported', t.state FROM tests.states f, tests.states t
        WHERE f.state IN ('trialing', 'active', 'past_due', 'unpaid', 'paused') AND f.state <> t.state
            AND t.state NOT IN ('incomplete', 'incomplete_expired') AND NOT (f.state = 'trialing' AND t.state = 'trialing')
    UNION ALL VALUES ('incomplete_expired', 'reported', 'canceled'), ('trialing', 'payment_failed', 'past_due'),
        ('active', 'payment_failed', 'past_due'), ('incomplete', 'paid', 'active'), ('past_due', 'paid', 'active'),
        ('unpaid', 'paid', 'active');
SELECT set_eq('SELECT * FROM qutecart.subscription_transitions()', 'SELECT * FROM tests.wanted', 'the table of states is the one that is meant');

-- What happens to a shop when something is tried; all of it is undone.
CREATE FUNCTION tests.try(shop bigint, state text, doing text, who text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    slug text;
BEGIN
    IF state <> 'free' THEN
        PERFORM qutecart.set_subscription(shop, 'starter', state);
    END IF;
    IF who IS NOT NULL THEN
        ALTER TABLE qutecart.shops NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE qutecart.subscriptions NO FORCE ROW LEVEL SECURITY;
        EXECUTE format('SET LOCAL ROLE %I', who);
    END IF;
    BEGIN
        EXECUTE replace(doing, '%shop', shop::text);
        slug := 'done';
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS slug = CONSTRAINT_NAME;
        slug := SQLSTATE || ' ' || slug;
    END;
    RAISE EXCEPTION USING ERRCODE = 'QC999', MESSAGE = slug;
EXCEPTION WHEN SQLSTATE 'QC999' THEN
    RETURN SQLERRM;
END $$;
INSERT INTO qutecart.shops (name) VALUES ('States') RETURNING id AS shop \gset

SELECT results_eq(format($$SELECT f.state || ' ' || t.state FROM tests.states f, tests.states t WHERE f.state NOT IN ('canceled', 'incomplete_expired')
        AND tests.try(%s, f.state, format('SELECT qutecart.set_subscription(%%%%shop, ''starter'', %%L)', t.state)) = 'done' ORDER BY 1$$, :shop),
    $$SELECT f.state || ' ' || t.state FROM tests.states f, tests.states t WHERE f.state NOT IN ('canceled', 'incomplete_expired')
        AND (f.state = t.state OR (f.state, 'reported', t.state) IN (SELECT * FROM tests.wanted)) ORDER BY 1$$,
    'a subscription becomes exactly what the table allows');
SELECT is(tests.try(:shop, 'active', 'SELECT qutecart.set_subscription(%shop, ''starter'', ''incomplete'')'), 'QC409 state_change_refused',
    'anything else is refused with state_change_refused');

SELECT results_eq(format($$SELECT tests.try(%s, f.state, format('UPDATE qutecart.shops SET subscription_status = %%L WHERE id = %%%%shop', t.state), w), count(*)
        FROM (SELECT 'free' AS state UNION ALL TABLE tests.states) f, (SELECT 'free' AS state UNION ALL TABLE tests.states) t,
            (VALUES (NULL), ('qutecart_owner')) w (w) WHERE f.state <> t.state GROUP BY 1$$, :shop),
    $$VALUES ('QC409 state_change_refused', 2 * 9 * 8::bigint)$$, 'nobody changes a shop''s status by hand: no pair, not the superuser, not the owner of the table');
SELECT results_eq(format($$SELECT tests.try(%s, f.state, format('UPDATE qutecart.subscriptions SET status = %%L WHERE shop_id = %%%%shop', t.state), w), count(*)
        FROM tests.states f, tests.states t, (VALUES (NULL), ('qutecart_owner')) w (w) WHERE f.state <> t.state GROUP BY 1$$, :shop),
    $$VALUES ('QC409 state_change_refused', 2 * 8 * 7::bigint)$$, 'nor a subscription''s');
SELECT is(tests.try(:shop, 'active', doing), 'QC409 state_change_refused', 'by hand nobody ' || what)
FROM (VALUES ('UPDATE qutecart.shops SET plan_id = 4 WHERE id = %shop', 'moves a shop to another plan'),
    ('UPDATE qutecart.subscriptions SET plan_id = 4 WHERE shop_id = %shop', 'changes the plan of a subscription'),
    ('INSERT INTO qutecart.shops (name, subscription_status) VALUES (''x'', ''active'')', 'makes a shop that is active'),
    ('INSERT INTO qutecart.subscriptions (shop_id, plan_id, status, amount) VALUES (%shop, 4, ''canceled'', 0)', 'adds a subscription'))
    v (doing, what);
SELECT is(tests.try(:shop, 'active', 'UPDATE qutecart.shops SET name = ''y'', subscription_status = ''active'' WHERE id = %shop'), 'done', 'what changes nothing is allowed');
SELECT is(tests.try(:shop, 'active', 'SET LOCAL qutecart.restoring = on; UPDATE qutecart.shops SET plan_id = 4 WHERE id = %shop'), 'done',
    'while a dump is restored, rows come in as they were');

-- by the operator's hand
SELECT is(tests.try(:shop, 'free', 'SELECT qutecart.set_subscription(%shop, ''gold'')'), 'QC404 not_found', 'an unknown plan is not found');
SELECT is(tests.try(:shop, 'free', 'SELECT qutecart.set_subscription(0, ''starter'')'), 'QC404 not_found', 'nor an unknown shop');
SELECT is(tests.try(:shop, 'free', 'SELECT qutecart.set_subscription(%shop, ''starter'', ''golden'')'), 'QC422 validation_failed', 'a status that is none is refused');
SELECT is(qutecart.set_subscription(:shop, 'growth'), true, 'an operator puts a shop on a plan');
SELECT is(qutecart.set_subscription(:shop, 'growth'), false, 'which changes nothing the second time');
SELECT is(row(s.subscription_status, s.plan_id, c.amount, c.status)::text, '(active,3,99.00,active)', 'with a contract at the plan''s price')
FROM qutecart.shops s JOIN qutecart.subscriptions c ON c.shop_id = s.id WHERE s.id = :shop;
SELECT is(qutecart.set_subscription(:shop, 'free'), true, 'and back to Free');
SELECT is(row(s.subscription_status, s.plan_id, c.status, c.ended_at = now())::text, '(canceled,1,canceled,t)', 'which ends the contract')
FROM qutecart.shops s JOIN qutecart.subscriptions c ON c.shop_id = s.id WHERE s.id = :shop;
SELECT is(qutecart.set_subscription(:shop, 'free'), false, 'a shop on Free stays there');
SELECT is(qutecart.set_subscription(:shop, 'starter'), true, 'after that another contract begins');
SELECT is(count(*), 2::bigint, 'and the old one stays on record') FROM qutecart.subscriptions WHERE shop_id = :shop;

-- names of subdomains
CREATE FUNCTION tests.label(name text) RETURNS text LANGUAGE sql AS $$
    WITH s AS (INSERT INTO qutecart.shops (name) VALUES ($1) RETURNING id)
    SELECT id::text FROM s $$;
CREATE FUNCTION tests.subdomain(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE shop bigint := tests.label(name); BEGIN
    PERFORM qutecart.set_subscription(shop, 'starter');
    RETURN (SELECT t.subdomain FROM qutecart.tenants t WHERE t.shop_id = shop AND t.subdomain || '.qutekart.com' = (SELECT d.domain FROM qutecart.domains d WHERE d.shop_id = shop));
END $$;
SELECT is(tests.subdomain(name), label, format('the shop "%s" gets %s', name, label))
FROM (VALUES (1, 'Bob''s Bikes', 'bobs-bikes'), (2, 'Bob''s Bikes', 'bobs-bikes-1'), (3, ' -- Tea   & -Cake -- ', 'tea-cake'),
    (4, 'Crème Brûlée Ångström', 'creme-brulee-angstrom'), (5, 'Admin', 'admin-1'), (6, 'WWW', 'www-1'),
    (7, repeat('long ', 12), 'long-long-long-long-long-long-lo'), (8, repeat('long ', 12), 'long-long-long-long-long-long-1'),
    (9, 'xn--80ak6aa92e', 'xn-80ak6aa92e')) v (n, name, label);
SELECT matches(tests.subdomain(name), '^shop-[a-z0-9]{8}$', format('the shop "%s" gets a random name', name))
FROM (VALUES ('Магазин'), ('東京書店'), ('A'), ('!!!'), ('é')) v (name);
SELECT * FROM finish();
ROLLBACK;
