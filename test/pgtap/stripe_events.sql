-- test/pgtap/stripe_events.sql
-- Every type of event: applied once, twice, before and after its neighbours, in both
-- shapes; what a shop shows, gets and is told.
BEGIN;
\i test/pgtap/world/stripe.sql
SELECT no_plan();
\set sub 'sub_1Pgc6rB7WZ01zgkWNy0Cn5nw'
INSERT INTO qutecart.shops (name) VALUES ('Anna''s Shop') RETURNING id AS shop \gset
INSERT INTO qutecart.users (name, email) VALUES ('Anna', 'anna@x.example') RETURNING id AS anna \gset
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES (:shop, :anna, 'owner');
UPDATE qutecart.plans SET features = features || '{"api_access": true}';
INSERT INTO qutecart.webhook_endpoints (shop_id, url, scheme, secret) VALUES (:shop, 'https://hooks.example/', 'hmac', 'sealed');

CREATE FUNCTION tests.mails(shop bigint, what text DEFAULT 'mail.%') RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(kind, ' ' ORDER BY id), '') FROM qutecart.outbox WHERE shop_id = shop AND kind LIKE what $$;
CREATE FUNCTION tests.named(what text, jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('price', 'price_' || what, 'period', '[0, 2678400]'::jsonb) || $2 $$;
CREATE FUNCTION tests.mail(shop bigint, what text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT payload FROM qutecart.outbox WHERE shop_id = shop AND kind = what ORDER BY id DESC LIMIT 1 $$;

-- created
SELECT is(tests.deliver(tests.subscription('evt_c', 0, tests.named('starter', jsonb_build_object('shop', :shop, 'status', 'trialing',
    'trial_end', extract(epoch FROM now() + interval '14 days')::bigint)), 'customer.subscription.created')),
    '{"applied":1,"ignored":0,"parked":0,"failed":0,"dead":0}', 'customer.subscription.created is applied');
SELECT matches(tests.state(:shop), '^trialing starter ends 2678400 trial \d+ \| ' || :'sub' || ' trialing starter evt_c$',
    'the shop is trialing the plan of its price');
SELECT is(row(limit_value, plan_slug)::text, '(100,starter)', 'with the plan''s limits')
FROM (SELECT e.products_limit AS limit_value, e.plan_slug FROM qutecart.effective_limits e WHERE e.shop_id = :shop) l;
SELECT is(domain, 'annas-shop.qutekart.com', 'and its own subdomain') FROM qutecart.domains WHERE shop_id = :shop;
SELECT is(tests.mails(:shop), 'mail.subscription_confirmation', 'it is told once');
SELECT is(tests.mail(:shop, 'mail.subscription_confirmation') - '{shop_id,trial_ends_at}'::text[],
    '{"to": "anna@x.example", "to_name": "Anna", "locale": "en", "shop_name": "Anna''s Shop", "plan_name": "Starter", "plan_slug": "starter",
      "plan_price": "29.00", "plan_currency": "USD", "price": "20.00", "price_currency": "USD", "is_yearly": false,
      "has_priority_support": false, "products_limit": 100, "orders_per_month": 500, "storage_mb": 2048,
      "staff_accounts": 2, "trial_days": 14, "subdomain": "annas-shop.qutekart.com"}', 'with all that the mail says');
SELECT is(row(status, shop_id, attempts)::text, format('(applied,%s,1)', :shop), 'the event is marked as applied')
FROM qutecart.stripe_events WHERE id = 'evt_c';
SELECT is(row(details ->> 'from', details ->> 'to', details ->> 'cause')::text, '(free,trialing,evt_c)', 'the change is in the audit log')
FROM qutecart.audit_log WHERE shop_id = :shop;
SELECT is(payload #>> '{data,previous_plan}', 'free', 'and told to webhooks') FROM qutecart.outbox
WHERE shop_id = :shop AND kind = 'webhook.subscription.changed';
SELECT is(trial_used_at, '2026-01-01 00:00+00', 'the trial is used up') FROM qutecart.shops WHERE id = :shop;

-- twice
CREATE TEMPORARY TABLE seen AS SELECT tests.state(:shop), (SELECT count(*) FROM qutecart.outbox) AS told;
SELECT qutecart.stripe_replay('evt_c');
SELECT is(tests.deliver(), '{"applied":1,"ignored":0,"parked":0,"failed":0,"dead":0}', 'an applied event can be replayed');
SELECT is(row(tests.state(:shop), (SELECT count(*) FROM qutecart.outbox))::text, row(s.*)::text, 'which changes and tells nothing') FROM seen s;
SELECT is(tests.deliver(tests.subscription('evt_c2', 0, tests.named('starter', jsonb_build_object('shop', :shop, 'status', 'trialing',
    'trial_end', extract(epoch FROM now() + interval '14 days')::bigint)))), '{"applied":1,"ignored":0,"parked":0,"failed":0,"dead":0}',
    'S08: a second event about the same change is applied');
SELECT is((SELECT count(*) FROM qutecart.outbox), told, 'S08: and tells nothing') FROM seen;

-- trial_will_end
SELECT tests.deliver(tests.subscription('evt_t', 100, tests.named('starter', jsonb_build_object('status', 'trialing',
    'trial_end', extract(epoch FROM now() + interval '3 days')::bigint)), 'customer.subscription.trial_will_end'));
SELECT is(tests.mails(:shop), 'mail.subscription_confirmation mail.trial_ending', 'customer.subscription.trial_will_end mails the owner');
SELECT is(tests.mail(:shop, 'mail.trial_ending') ->> 'days_left', '3', 'with whole days');
SELECT tests.deliver(tests.subscription('evt_t2', 101, tests.named('starter', jsonb_build_object('status', 'trialing',
    'trial_end', extract(epoch FROM now() + interval '3 days')::bigint)), 'customer.subscription.trial_will_end'));
SELECT is(tests.mails(:shop), 'mail.subscription_confirmation mail.trial_ending', 'S08: once');

-- payment failed: past due, grace, paid again
SELECT tests.deliver(tests.subscription('evt_a', 200, tests.named('starter', '{"status": "active"}')));
SELECT matches(tests.state(:shop), '^active starter ends', 'customer.subscription.updated makes it active');
SELECT tests.deliver(tests.invoice('evt_f', 300, '{"amount_due": 2900, "attempt_count": 2}'));
SELECT matches(tests.state(:shop), '^past_due starter grace ends', 'invoice.payment_failed makes it past due, with grace');
SELECT is(grace_ends_at, now() + interval '3 days', 'of three days') FROM qutecart.shops WHERE id = :shop;
SELECT is(tests.mail(:shop, 'mail.payment_failed') #>> '{amount}', '29.00', 'the owner is mailed the amount');
SELECT is(row(p ->> 'currency', p ->> 'attempt', p ->> 'invoice')::text, '(USD,2,in_1Pgc6tB7WZ01zgkWu9fdqL6I)', 'the currency, the attempt')
FROM tests.mail(:shop, 'mail.payment_failed') p;
SELECT tests.deliver(tests.subscription('evt_pd', 300, tests.named('starter', '{"status": "past_due"}')));
SELECT is(grace_ends_at, now() + interval '3 days', 'the subscription''s own event does not change the grace') FROM qutecart.shops WHERE id = :shop;
SELECT tests.deliver(tests.invoice('evt_f2', 301, '{"amount_due": 2900, "attempt_count": 2}'));
SELECT is(tests.mails(:shop, 'mail.payment_failed'), 'mail.payment_failed', 'S08: the same attempt is mailed once');
SELECT tests.deliver(tests.invoice('evt_p', 400, '{"amount_paid": 2900}', 'invoice.payment_succeeded'),
    tests.invoice('evt_p2', 400, '{"amount_paid": 2900}', 'invoice.paid'));
SELECT matches(tests.state(:shop), '^active starter ends', 'invoice.payment_succeeded and invoice.paid make it active again, without grace');

-- paused, resumed
SELECT tests.deliver(tests.subscription('evt_pa', 500, tests.named('starter', '{"status": "paused"}'), 'customer.subscription.paused'));
SELECT matches(tests.state(:shop), '^paused starter ends', 'customer.subscription.paused pauses it');
SELECT is(plan_slug, 'free', 'with the limits of Free') FROM qutecart.effective_limits WHERE shop_id = :shop;
SELECT is(row(status, reserved_until - now())::text, '(reserved,"30 days")', 'the subdomain is reserved for 30 days') FROM qutecart.tenants WHERE shop_id = :shop;
SELECT tests.deliver(tests.subscription('evt_re', 600, tests.named('starter', '{"status": "active"}'), 'customer.subscription.resumed'));
SELECT matches(tests.state(:shop), '^active starter ends', 'customer.subscription.resumed resumes it');
SELECT is(status, 'active', 'and gives the subdomain back') FROM qutecart.tenants WHERE shop_id = :shop;

-- cancelled at the period's end, then deleted
SELECT tests.deliver(tests.subscription('evt_x', 700, tests.named('starter', '{"cancel_at_period_end": true}')));
SELECT matches(tests.state(:shop), '^active starter cancels ends 2678400', 'a cancellation at the period''s end changes no status');
SELECT tests.deliver(tests.subscription('evt_d', 2678400, tests.named('starter', jsonb_build_object('status', 'canceled', 'ended_at',
    tests.at(2678400))), 'customer.subscription.deleted'));
SELECT is(tests.state(:shop), 'canceled free ends 2678400 | ' || :'sub' || ' canceled starter evt_d', 'customer.subscription.deleted ends it: Free at once');
SELECT is(plan_slug, 'free', 'with the limits of Free') FROM qutecart.effective_limits WHERE shop_id = :shop;
SELECT is(status, 'reserved', 'the subdomain is reserved') FROM qutecart.tenants WHERE shop_id = :shop;
SELECT tests.deliver(tests.subscription('evt_late', 2678500, tests.named('growth', '{}')));
SELECT matches(tests.state(:shop), '^canceled free', 'S09: nothing comes after the end');

-- a second contract, a second subdomain after the first was released
SELECT qutecart.job_subscription_changes(now() + interval '31 days');
SELECT is((SELECT count(*) FROM qutecart.domains WHERE shop_id = :shop), 0::bigint, 'after 30 days the name is released');
INSERT INTO qutecart.shops (name) VALUES ('Annas  Shop!') RETURNING id AS other \gset
SELECT tests.deliver(tests.subscription('evt_o', 0, tests.named('growth', jsonb_build_object('shop', :other, 'id', 'sub_other', 'customer', 'cus_other'))));
SELECT tests.deliver(tests.subscription('evt_n', 3000000, tests.named('growth', jsonb_build_object('id', 'sub_2', 'period', '[3000000, 4000000]'::jsonb, 'created', tests.at(3000000))), 'customer.subscription.created'));
SELECT matches(tests.state(:shop), '^active growth ends 4000000 .*sub_2 active growth evt_n$', 'a new subscription of a known customer needs no metadata');
SELECT results_eq(format('SELECT domain FROM qutecart.domains WHERE shop_id IN (%s, %s) ORDER BY shop_id', :shop, :other),
    ARRAY['annas-shop-1.qutekart.com', 'annas-shop.qutekart.com'], 'a name that another shop took meanwhile gets a number');
SELECT is(trial_used_at, '2026-01-01 00:00+00', 'the trial stays used up') FROM qutecart.shops WHERE id = :shop;
SELECT is((SELECT count(*) FROM qutecart.outbox WHERE shop_id = :shop AND kind = 'mail.subscription_confirmation'), 2::bigint, 'a second contract is confirmed as well');

-- one live subscription
SELECT is(tests.deliver(tests.subscription('evt_s', 3000100, tests.named('enterprise', jsonb_build_object('id', 'sub_3', 'created', tests.at(3000100))))),
    '{"applied":0,"ignored":0,"parked":1,"failed":0,"dead":0}', 'a second live subscription is parked');
SELECT is(row(status, error)::text, '(parked,"the shop has another live subscription")', 'with the reason') FROM qutecart.stripe_events WHERE id = 'evt_s';
SELECT matches(tests.state(:shop), '^active growth ends 4000000', 'the first stays as it is');
SELECT tests.deliver(tests.subscription('evt_e', 3000200, tests.named('growth', jsonb_build_object('id', 'sub_2', 'created', tests.at(3000000), 'status', 'canceled')), 'customer.subscription.deleted'));
SELECT matches(tests.state(:shop), '^active enterprise .*sub_3 active enterprise evt_s$', 'the end of the first lets the second begin');

-- the old shape says the same
CREATE FUNCTION tests.told(shop bigint, old boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text; e jsonb[];
BEGIN
    e := ARRAY[tests.subscription('evt_1', 0, tests.named('growth', jsonb_build_object('shop', shop, 'id', 'sub_shape', 'customer', 'cus_shape'))),
        tests.invoice('evt_2', 5, '{"customer": "cus_shape", "parent": {"subscription_details": {"subscription": "sub_shape"}}}')];
    IF old THEN e := ARRAY(SELECT tests.old(x) FROM unnest(e) x); END IF;
    PERFORM tests.deliver(VARIADIC e);
    SELECT tests.state(shop) || ' ' || (SELECT row(current_period_start, current_period_end, amount, currency, billing_period, stripe_price_id)::text
        FROM qutecart.subscriptions WHERE shop_id = shop) INTO r;
    RAISE EXCEPTION USING ERRCODE = 'QC999', MESSAGE = r;
EXCEPTION WHEN SQLSTATE 'QC999' THEN RETURN SQLERRM;
END $$;
INSERT INTO qutecart.shops (name) VALUES ('Shapes') RETURNING id AS shapes \gset
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES (:shapes, :anna, 'owner');
SELECT matches(tests.told(:shapes, false), '^past_due growth grace ends 2678400 .*"2026-02-01 00:00:00\+00",20.00,USD,monthly', 'S12: the shape since 2025-03-31 is read');
SELECT is(tests.told(:shapes, true), tests.told(:shapes, false), 'S12: the shape before says the same');

-- a price that the plan had before
INSERT INTO qutecart.shops (name) VALUES ('Former') RETURNING id AS former \gset
INSERT INTO qutecart.plan_prices (plan_id, billing_period, amount, currency, stripe_price_id) VALUES
    (3, 'monthly', 79, 'USD', 'price_growth_2024'), (3, 'monthly', 89, 'USD', 'price_growth_2025'), (2, 'monthly', 19, 'USD', 'price_growth');
SELECT tests.deliver(tests.subscription('evt_fp', 0, tests.named('growth_2024', jsonb_build_object('shop', :former, 'id', 'sub_fp', 'customer', 'cus_fp'))));
SELECT matches(tests.state(:former), '^active growth .*sub_fp active growth', 'a price that a plan had before still names it');
DELETE FROM qutecart.plan_prices;

-- currencies without decimals, yearly prices, quantities
SELECT tests.deliver(tests.subscription('evt_y', 0, jsonb_build_object('shop', :shapes, 'id', 'sub_y', 'customer', 'cus_y', 'price', 'price_starter_yearly',
    'currency', 'jpy')));
SELECT is(row(amount, currency, tests.plan(plan_id))::text, '(2000.00,JPY,starter)', 'yen have no decimals, a yearly price names its plan') FROM qutecart.subscriptions WHERE stripe_subscription_id = 'sub_y';
SELECT tests.deliver(tests.invoice('evt_yf', 1, '{"customer": "cus_y", "currency": "jpy", "amount_due": 2900, "parent": {"subscription_details": {"subscription": "sub_y"}}}'));
SELECT is(tests.mail(:shapes, 'mail.payment_failed') ->> 'amount', '2900', 'nor in a mail');
SELECT * FROM finish();
ROLLBACK;
