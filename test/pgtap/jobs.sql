-- test/pgtap/jobs.sql
-- What happens by the clock: at its time, once, and made up for when it was missed.
BEGIN;
\i test/pgtap/world/stripe.sql
SELECT no_plan();
INSERT INTO qutecart.users (name, email) VALUES ('Jo', 'jo@x.example') RETURNING id AS jo \gset
INSERT INTO qutecart.shops (name, created_at) VALUES ('Clock', '2026-01-05') RETURNING id AS shop \gset
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES (:shop, :jo, 'owner');
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT :shop, h, h, 1 FROM unnest(ARRAY['a', 'b']) h;
CREATE FUNCTION tests.cron(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text; BEGIN
    SET LOCAL SESSION AUTHORIZATION qutecart_cron;
    EXECUTE what INTO r;
    RESET SESSION AUTHORIZATION;
    RETURN r;
EXCEPTION WHEN insufficient_privilege THEN RETURN 'refused';
END $$;

-- monthly reset
SELECT is(qutecart.job_monthly_reset('2026-02-01 00:00+00'), 1::bigint, 'on the first of a month the one before is closed');
SELECT is(row(used, plan_slug)::text, '(2,free)', 'what was used is kept') FROM qutecart.usage_history WHERE shop_id = :shop AND metric = 'products' AND period = '2026-01-01';
SELECT is(count(*), 4::bigint, 'for every limit') FROM qutecart.usage_history WHERE shop_id = :shop;
SELECT is(last_usage_reset_at, '2026-02-01 00:00+00', 'the shop notes it') FROM qutecart.shops WHERE id = :shop;
SELECT is(payload - '{shop_id,usage}'::text[] || jsonb_build_object('products', payload #> '{usage,0}'), '{"to": "jo@x.example", "to_name": "Jo", "locale": "en", "shop_name": "Clock", "month": "2026-01-01", "plan_name": "Free", "plan_slug": "free",
    "plan_price": "0.00", "plan_currency": "USD", "price": "0.00", "price_currency": "USD", "is_yearly": false, "has_priority_support": false, "products_limit": 25, "orders_per_month": 100, "storage_mb": 500, "staff_accounts": 0,
    "products": {"metric": "products", "used": 2, "limit": 25, "percent": 8}}', 'and the owner is mailed the report') FROM qutecart.outbox WHERE shop_id = :shop AND kind = 'mail.usage_report';
SELECT is(qutecart.job_monthly_reset('2026-02-17 00:00+00'), 0::bigint, 'once a month');
SELECT is(qutecart.job_monthly_reset('2026-02-28 23:59:59+00'), 0::bigint, 'up to its last second, UTC');
SET LOCAL timezone = 'Pacific/Auckland';
SELECT is(qutecart.job_monthly_reset('2026-02-28 23:59:59+00'), 0::bigint, 'wherever the session is');
SELECT is(qutecart.job_monthly_reset('2026-03-01 00:00:00+00'), 1::bigint, 'and from the next one''s first second');
SET LOCAL timezone = 'UTC';
SELECT is(qutecart.job_monthly_reset('2026-05-09 12:00+00'), 1::bigint, 'a missed run is made up for');
SELECT is(count(*), 3::bigint, 'one report a month') FROM qutecart.outbox WHERE shop_id = :shop AND kind = 'mail.usage_report';

-- media
INSERT INTO qutecart.media (shop_id, bytes, object_key, mime_type, original_name, expires_at) VALUES
    (:shop, 1000, 'k1', 'image/png', 'a.png', now() - interval '1 second'), (:shop, 500, 'k2', 'image/png', 'b.png', now() + interval '1 hour');
SELECT is(qutecart.job_media_expiry(), 1::bigint, 'an upload that was not confirmed in time is deleted');
SELECT is(object_key, 'k2', 'one that has time left stays') FROM qutecart.media WHERE shop_id = :shop;
SELECT is(qutecart.job_media_expiry(now() + interval '2 hours'), 1::bigint, 'until its time is over');
SELECT is(qutecart.usage(:shop) #>> '{storage,current_mb}', '0', 'the bytes are given back');

-- pending plan, grace
UPDATE qutecart.plans SET features = features || '{"api_access": true}';
INSERT INTO qutecart.webhook_endpoints (shop_id, url, scheme, secret) VALUES (:shop, 'https://hooks.example/', 'hmac', 'sealed');
CREATE FUNCTION tests.days(int) RETURNS bigint LANGUAGE sql AS 'SELECT (extract(epoch FROM now())::bigint - 1767225600) + $1 * 86400';
SELECT tests.deliver(tests.subscription('evt_1', tests.days(-10), jsonb_build_object('shop', :shop, 'price', 'price_growth', 'period', jsonb_build_array(tests.days(-10), tests.days(20)))),
    tests.subscription('evt_2', tests.days(-5), jsonb_build_object('shop', :shop, 'price', 'price_starter', 'period', jsonb_build_array(tests.days(-10), tests.days(20)))));
SELECT matches(tests.state(:shop), '^active growth > starter ends', 'a downgrade is pending');
SELECT is(qutecart.job_subscription_changes(now() + interval '19 days'), 0::bigint, 'before the period''s end nothing changes');
SELECT is(qutecart.job_subscription_changes(now() + interval '20 days 1 second'), 1::bigint, 'at its end');
SELECT matches(tests.state(:shop), '^active starter ends .* active starter evt_2$', 'the pending plan starts, for the shop and its contract');
SELECT is(products_limit, 100::bigint, 'with its limits') FROM qutecart.effective_limits WHERE shop_id = :shop;
SELECT is(payload #>> '{data,previous_plan}' || ' ' || (payload #>> '{data,plan}'), 'growth starter', 'webhooks are told') FROM qutecart.outbox WHERE shop_id = :shop AND kind = 'webhook.subscription.changed' ORDER BY id DESC LIMIT 1;
SELECT is(qutecart.job_subscription_changes(now() + interval '20 days 1 second'), 0::bigint, 'once');

SELECT tests.deliver(tests.subscription('evt_3', tests.days(-1), jsonb_build_object('shop', :shop, 'price', 'price_starter', 'status', 'past_due', 'period', jsonb_build_array(tests.days(-10), tests.days(30)))));
SELECT is(qutecart.job_subscription_changes(now() + interval '2 days 23 hours'), 0::bigint, 'in the days of grace the subdomain stays');
SELECT is(qutecart.job_subscription_changes(now() + interval '3 days'), 1::bigint, 'after them');
SELECT is(row(t.status, s.subscription_status)::text, '(reserved,past_due)', 'it is reserved; the status is Stripe''s') FROM qutecart.tenants t JOIN qutecart.shops s ON s.id = t.shop_id WHERE s.id = :shop;
SELECT is(qutecart.job_subscription_changes(now() + interval '4 days'), 0::bigint, 'once');
SELECT tests.deliver(tests.subscription('evt_4', tests.days(0), jsonb_build_object('shop', :shop, 'price', 'price_starter', 'period', jsonb_build_array(tests.days(-10), tests.days(30)))));
SELECT is(status, 'active', 'who pays has it back') FROM qutecart.tenants WHERE shop_id = :shop;

-- retention
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at) VALUES (:jo, sha256('a'), now() - interval '1 day'), (:jo, sha256('b'), now() + interval '1 day');
INSERT INTO qutecart.idempotency_keys (owner, key, request_hash, created_at) VALUES ('a', 'old', sha256('a'), now() - interval '25 hours'), ('a', 'new', sha256('a'), now() - interval '23 hours');
INSERT INTO qutecart.one_time_codes (contact, purpose, sent_to, code_hash, salt, expires_at) VALUES ('x', 'verify', 'x', sha256('a'), '\x000102030405060708090a0b0c0d0e0f', now() - interval '1 minute');
INSERT INTO qutecart.audit_log (at, action) VALUES (now() - interval '800 days', 'old'), (now() - interval '700 days', 'new');
UPDATE qutecart.stripe_events SET finished_at = now() - interval '91 days';
INSERT INTO qutecart.stripe_events (id, type, is_live, object_id, created_at, payload, status, finished_at) VALUES
    ('evt_old', 'a.b', false, 'x', now(), '', 'ignored', now() - interval '91 days'), ('evt_new', 'a.b', false, 'x', now(), '', 'ignored', now() - interval '89 days'),
    ('evt_dead', 'a.b', false, 'x', now(), '', 'dead', now() - interval '91 days');
SELECT is(qutecart.job_retention(), 5::bigint, 'what is out of date is deleted');
SELECT is((SELECT count(*) FROM qutecart.sessions WHERE user_id = :jo), 1::bigint, 'sessions that are over');
SELECT is((SELECT string_agg(key, ',') FROM qutecart.idempotency_keys), 'new', 'idempotency keys after 24 hours');
SELECT is((SELECT string_agg(action, ',') FROM qutecart.audit_log WHERE action IN ('old', 'new')), 'new', 'audit rows after the days of the setting');
SELECT is((SELECT string_agg(id, ',' ORDER BY id) FROM qutecart.stripe_events), 'evt_1,evt_2,evt_3,evt_4,evt_dead,evt_new', 'finished events, but not dead ones, nor those of a live subscription');
INSERT INTO qutecart.outbox_log (shop_id, message_id, public_id, kind, endpoint_id, lane, key, attempt, outcome, created_at)
    SELECT :shop, d, gen_random_uuid(), 'mail.a', 0, 2, '', 1, 'delivered', now() - d * interval '1 day' FROM unnest(ARRAY[29, 31]) d;
SELECT is(qutecart.job_retention(), 1::bigint, 'the log of messages is kept for 30 days');
SELECT is((SELECT string_agg(message_id::text, ',') FROM qutecart.outbox_log WHERE kind = 'mail.a'), '29', 'what is younger stays');
INSERT INTO qutecart.outbox_circuits VALUES (801, 7, now() - interval '90 days', now() - interval '61 days'), (802, 7, now() - interval '90 days', now() - interval '59 days'),
    (803, 7, now() - interval '90 days', 'infinity'), (804, 1, now() - interval '61 days', NULL);
SELECT qutecart.job_retention();
SELECT is((SELECT string_agg(wish || ' ' || lane, ', ' ORDER BY lane) FROM qutecart.outbox_notes WHERE lane > 800), 'open 801, open 804', 'the worker is asked to forget failures that are long ago');
DELETE FROM qutecart.outbox_circuits;
UPDATE qutecart.settings SET value = '28' WHERE key = 'outbox_log_days';
SELECT is(qutecart.job_retention(), 1::bigint, 'the setting counts');
UPDATE qutecart.settings SET value = '600' WHERE key = 'audit_log_days';
SELECT is(qutecart.job_retention(), 1::bigint, 'the setting counts');

-- pg_cron's role
SELECT is(tests.cron(format('SELECT qutecart.%s()', f)), n, f || ' runs as the role of pg_cron')
FROM (VALUES ('job_monthly_reset', '1'), ('job_media_expiry', '0'), ('job_subscription_changes', '0'), ('job_retention', '0')) v (f, n);
SELECT is(tests.cron(what), 'refused', 'T49: that role may not ' || what)
FROM (VALUES ('SELECT count(*) FROM qutecart.shops'), ('SELECT qutecart.apply_stripe_events()'), ('SELECT qutecart.write_usage_history(now()::date)'),
    ('SELECT qutecart.http(''GET'', ''/'', '''', '''', NULL)'), ('DELETE FROM qutecart.stripe_events')) v (what);
SELECT is(rolsuper OR rolinherit OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication, false, 'T49: and is nobody special') FROM pg_roles WHERE rolname = 'qutecart_cron';

-- without pg_cron
SELECT lives_ok('CALL qutecart.schedule()', 'without pg_cron schedule() breaks nothing');
SELECT ok(jsonb_path_exists(h -> 'problems', '$[*] ? (@ like_regex "pg_cron is not installed")') AND h #>> '{pg_cron,installed}' = 'false', 'and health says so') FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT is((SELECT count(*) FROM cron.job WHERE username = 'qutecart_cron'), 0::bigint, 'a copy of a database with pg_cron schedules nothing');
SELECT * FROM finish();
ROLLBACK;
