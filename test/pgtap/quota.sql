-- test/pgtap/quota.sql
-- What takes units of a limit, what gives them back, and what a refusal tells.
BEGIN;
SELECT no_plan();
-- States are set as they are needed here; which may follow which is tested elsewhere.
ALTER TABLE qutecart.shops DISABLE TRIGGER t10_subscription_state;
CREATE SCHEMA tests;
CREATE TABLE tests.shop (id bigint);
INSERT INTO qutecart.shops (name) VALUES ('Corner shop');
INSERT INTO tests.shop SELECT id FROM qutecart.shops WHERE name = 'Corner shop';
CREATE FUNCTION tests.shop() RETURNS bigint LANGUAGE sql AS 'SELECT id FROM tests.shop';
CREATE FUNCTION tests.add(n integer, prefix text DEFAULT gen_random_uuid()::text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO qutecart.products (shop_id, name, handle, price)
    SELECT tests.shop(), prefix, prefix || i, 1 FROM generate_series(1, n) i $$;
CREATE FUNCTION tests.used() RETURNS bigint LANGUAGE sql AS
    'SELECT count(*) FROM qutecart.products WHERE shop_id = tests.shop() AND deleted_at IS NULL';
CREATE FUNCTION tests.refused(what text, why text) RETURNS text LANGUAGE sql AS
    $$SELECT throws_ok(what, 'QC403', NULL, why)$$;
-- What the error says: {message, detail, hint, slug}.
CREATE FUNCTION tests.refusal(what text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE message text; detail text; hint text; slug text;
BEGIN
    EXECUTE what;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
        slug = CONSTRAINT_NAME;
    RETURN ARRAY[message, detail, hint, slug];
END $$;
CREATE FUNCTION tests.limited(metric text, value bigint) RETURNS void LANGUAGE sql AS
    $$SELECT qutecart.set_limit_override(tests.shop(), metric, value, 'test')$$;

-- Products
SELECT tests.add(20);
SELECT tests.refused('SELECT tests.add(6)', 'L02: a statement that passes the limit is refused as a whole');
SELECT is(tests.used(), 20::bigint, 'L02: and leaves nothing');
SELECT lives_ok('SELECT tests.add(5)', 'L01: up to the limit every unit is to be had');
SELECT is(tests.refusal('SELECT tests.add(1)'), ARRAY['product limit reached',
    'The plan "Free" allows 25 products; 25 are in use.', 'Upgrade your plan to increase limits.', 'plan_limit_reached'],
    'L01: a refusal says which limit of which plan, and how much is used');
SELECT tests.refused('SELECT tests.add(1)', 'L01: and so is the next');

-- Savepoints and exceptions
DELETE FROM qutecart.products WHERE shop_id = tests.shop() AND id IN
    (SELECT id FROM qutecart.products WHERE shop_id = tests.shop() LIMIT 5);
SAVEPOINT a;
SELECT tests.add(3);
SAVEPOINT b;
SELECT tests.add(2);
ROLLBACK TO b;
SELECT lives_ok('SELECT tests.add(2)', 'L03: a rollback to a savepoint gives back what came after it');
SELECT tests.refused('SELECT tests.add(1)', 'L03: and no more');
ROLLBACK TO a;
SELECT lives_ok('SELECT tests.add(5)', 'L03: a rollback to an outer savepoint gives back all of it');
SELECT tests.refused('SELECT tests.add(1)', 'L03: and no more than that');
ROLLBACK TO a;
DO $$
BEGIN
    FOR i IN 1 .. 30 LOOP
        BEGIN
            PERFORM tests.add(3);
            RAISE EXCEPTION 'not this one';
        EXCEPTION WHEN raise_exception THEN NULL;
        END;
    END LOOP;
END $$;
SELECT is(tests.used(), 20::bigint, 'L03: blocks that fail keep nothing');
SELECT lives_ok('SELECT tests.add(5)', 'L03: and take nothing');
SAVEPOINT c;
DELETE FROM qutecart.products WHERE shop_id = tests.shop();
ROLLBACK TO c;
SELECT tests.refused('SELECT tests.add(1)', 'L03: a deletion that is rolled back frees nothing');
RELEASE c;

-- Replacing within one transaction
DELETE FROM qutecart.products WHERE shop_id = tests.shop() AND id =
    (SELECT max(id) FROM qutecart.products WHERE shop_id = tests.shop());
SELECT lives_ok('SELECT tests.add(1)', 'a full shop may replace a product in one transaction');
SELECT tests.refused('SELECT tests.add(1)', 'and has no more than it may');

-- Soft deletion
UPDATE qutecart.products SET deleted_at = now() WHERE shop_id = tests.shop() AND id IN
    (SELECT id FROM qutecart.products WHERE shop_id = tests.shop() LIMIT 10);
SELECT lives_ok('SELECT tests.add(8)', 'L05: a product that is deleted softly frees its unit');
SELECT tests.refused('UPDATE qutecart.products SET deleted_at = NULL WHERE shop_id = tests.shop()',
    'L05: a restore of many needs room for all of them');
SELECT lives_ok($$UPDATE qutecart.products SET deleted_at = NULL WHERE shop_id = tests.shop() AND id IN
    (SELECT id FROM qutecart.products WHERE shop_id = tests.shop() AND deleted_at IS NOT NULL LIMIT 2)$$,
    'L05: a restore of as many as there is room for is allowed');
SELECT lives_ok('UPDATE qutecart.products SET price = price + 1 WHERE shop_id = tests.shop()',
    'L12: a full shop goes on editing');

-- ON CONFLICT, MERGE
SELECT lives_ok($$INSERT INTO qutecart.products (shop_id, name, handle, price)
    SELECT shop_id, name, handle, 2 FROM qutecart.products WHERE shop_id = tests.shop() AND deleted_at IS NULL
    ON CONFLICT DO NOTHING$$, 'L06: ON CONFLICT DO NOTHING takes nothing for rows that are there');
SELECT lives_ok($$INSERT INTO qutecart.products (shop_id, name, handle, price)
    SELECT shop_id, name, handle, 2 FROM qutecart.products WHERE shop_id = tests.shop() AND deleted_at IS NULL
    ON CONFLICT (shop_id, handle) WHERE deleted_at IS NULL DO UPDATE SET price = excluded.price$$,
    'L06: nor does ON CONFLICT DO UPDATE');
SELECT lives_ok($$MERGE INTO qutecart.products p USING (SELECT tests.shop() AS shop) s
    ON p.shop_id = s.shop WHEN MATCHED THEN UPDATE SET price = 3$$, 'L06: nor MERGE that updates');
SELECT tests.refused($$MERGE INTO qutecart.products p USING (SELECT 'new' AS handle) s
    ON p.shop_id = tests.shop() AND p.handle = s.handle
    WHEN NOT MATCHED THEN INSERT (shop_id, name, handle, price) VALUES (tests.shop(), 'new', s.handle, 1)$$,
    'L06: MERGE that inserts needs a unit');
SELECT tests.refused($$WITH gone AS (SELECT 1) INSERT INTO qutecart.products (shop_id, name, handle, price)
    SELECT tests.shop(), 'x', 'x', 1 FROM gone$$, 'INSERT … SELECT needs one too');
SET LOCAL session_replication_role = replica;
SELECT tests.refused('SELECT tests.add(1)', 'L08: session_replication_role does not switch counting off');
RESET session_replication_role;

-- Moving, truncating, cascading
INSERT INTO qutecart.shops (name) VALUES ('Other shop');
SELECT throws_ok($$UPDATE qutecart.products SET shop_id = (SELECT id FROM qutecart.shops WHERE name = 'Other shop')
    WHERE shop_id = tests.shop()$$, '42501', 'a row cannot move to another shop', 'L04: a product stays with its shop');
SAVEPOINT d;
TRUNCATE qutecart.products CASCADE;
SELECT lives_ok('SELECT tests.add(25)', 'L07: after TRUNCATE the shop is empty');
SELECT tests.refused('SELECT tests.add(1)', 'L07: with a limit as before');
ROLLBACK TO d;
SELECT tests.refused('SELECT tests.add(1)', 'L07: a TRUNCATE that is rolled back frees nothing');
SAVEPOINT e;
DELETE FROM qutecart.shops WHERE id = tests.shop();
SELECT is((SELECT count(*) FROM qutecart.products WHERE shop_id = tests.shop()), 0::bigint, 'L07: a shop goes with its rows');
ROLLBACK TO e;
SELECT tests.refused('SELECT tests.add(1)', 'L07: and comes back with them');

-- Limits that change
SAVEPOINT f;
UPDATE qutecart.shops SET plan_id = 2, subscription_status = 'active' WHERE id = tests.shop();
SELECT lives_ok('SELECT tests.add(75)', 'L11: an upgrade holds from the next statement of the same transaction');
SELECT tests.refused('SELECT tests.add(1)', 'L11: up to the new limit');
UPDATE qutecart.shops SET subscription_status = 'canceled' WHERE id = tests.shop();
SELECT tests.refused('SELECT tests.add(1)', 'L12: over the limit after a move down, creating is refused');
DELETE FROM qutecart.products WHERE shop_id = tests.shop() AND id =
    (SELECT max(id) FROM qutecart.products WHERE shop_id = tests.shop());
SELECT tests.refused('SELECT tests.add(1)', 'L12: also in place of one that was deleted');
SELECT lives_ok('UPDATE qutecart.products SET name = name || ''!'' WHERE shop_id = tests.shop()', 'L12: editing goes on');
ROLLBACK TO f;
SELECT tests.refused('SELECT tests.add(1)', 'L11: an upgrade that is rolled back is none');
UPDATE qutecart.plans SET products_limit = 26 WHERE slug = 'free';
SELECT lives_ok('SELECT tests.add(1)', 'L16: a plan that is edited reaches its shops');
SELECT tests.limited('products', 27);
SELECT lives_ok('SELECT tests.add(1)', 'an override wins over the plan');
SELECT tests.refused('SELECT tests.add(1)', 'and is a limit too');
SELECT tests.limited('products', -1);
SELECT lives_ok('SELECT tests.add(500)', 'L13: -1 is unlimited');
SELECT tests.limited('products', 0);
SELECT tests.refused('SELECT tests.add(1)', 'L13: 0 is none');
SELECT qutecart.clear_limit_override(tests.shop(), 'products');
SELECT tests.refused('SELECT tests.add(1)', 'L13: without the override the plan''s limit counts the rows that came in meanwhile');

-- Grace
CREATE FUNCTION tests.effective(status text, days integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE qutecart.shops SET plan_id = 3, subscription_status = status, grace_ends_at = now() + days * interval '1 day'
        WHERE id = tests.shop();
    RETURN (SELECT plan_slug || ' ' || products_limit || CASE WHEN valid_until IS NOT NULL THEN ' for now' ELSE '' END
        FROM qutecart.effective_limits WHERE shop_id = tests.shop());
END $$;
SELECT is(tests.effective(s.status, s.days), s.wanted, 'effective plan: ' || s.why) FROM (VALUES
    ('past due within its grace', 'past_due', 3, 'growth 1000 for now'),
    ('past due after it', 'past_due', -3, 'free 26'),
    ('past due without one', 'past_due', NULL, 'free 26'),
    ('active', 'active', NULL, 'growth 1000'),
    ('on trial', 'trialing', NULL, 'growth 1000'),
    ('unpaid', 'unpaid', NULL, 'free 26'),
    ('canceled', 'canceled', 3, 'free 26'),
    ('paused', 'paused', 3, 'free 26'),
    ('incomplete', 'incomplete', NULL, 'free 26'),
    ('never paid', 'incomplete_expired', NULL, 'free 26')) s (why, status, days, wanted);
SELECT is(tests.effective('free', NULL), 'free 26', 'effective plan: free');

-- Restoring
SET LOCAL qutecart.restoring = on;
SELECT lives_ok('SELECT tests.add(10)', 'L08: while a dump is restored nothing is refused');
RESET qutecart.restoring;
SELECT tests.refused('SELECT tests.add(1)', 'L08: afterwards the rows that came in count');

-- Orders
CREATE FUNCTION tests.orders(n integer, at timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO qutecart.orders (shop_id, order_code, prefix, total_amount, payable_amount, created_at)
    SELECT tests.shop(), gen_random_uuid(), 'RC', 1, 1, at FROM generate_series(1, n) $$;
SET LOCAL timezone = 'Asia/Tokyo';
SELECT lives_ok($$SELECT tests.orders(100, '2026-01-31 23:59:59+00')$$, 'L10: a hundred orders in January, UTC');
SELECT is((tests.refusal($$SELECT tests.orders(1, '2026-01-01 00:00:00+00')$$))[1:2], ARRAY['monthly order limit reached',
    'The plan "Free" allows 100 orders per month; 100 are in use.'], 'L10: the one after is refused');
SELECT lives_ok($$SELECT tests.orders(1, '2026-02-01 00:00:00+00')$$, 'L10: a second later is February, whatever the session''s time zone');
UPDATE qutecart.orders SET order_status = 'Cancelled', cancelled_at = now() WHERE shop_id = tests.shop();
SELECT tests.refused($$SELECT tests.orders(1, '2026-01-15 00:00:00+00')$$, 'L10: cancelling gives nothing back');
SELECT tests.refused($$UPDATE qutecart.orders SET created_at = '2026-01-02' WHERE shop_id = tests.shop()
    AND created_at >= '2026-02-01 00:00+00'$$, 'L10: an order cannot be moved into a full month');
DELETE FROM qutecart.orders WHERE shop_id = tests.shop() AND id = (SELECT min(id) FROM qutecart.orders WHERE shop_id = tests.shop());
SELECT lives_ok($$SELECT tests.orders(1, '2026-01-15 00:00:00+00')$$, 'L10: a row that is gone is no order');

-- Storage
CREATE FUNCTION tests.media(bytes bigint) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO qutecart.media (shop_id, bytes, object_key, mime_type, original_name, expires_at)
    VALUES (tests.shop(), bytes, gen_random_uuid(), 'image/png', 'x.png', now() + interval '1 hour') RETURNING id $$;
SELECT lives_ok('SELECT tests.media(524287900)', 'L09: a reservation takes its declared size');
SELECT is((tests.refusal('SELECT tests.media(1048576)'))[1:2], ARRAY['storage limit exceeded',
    'The plan "Free" allows 500 MB; 500.00 MB are in use, 1.00 MB are asked for.'], 'L09: beyond the limit it is refused');
SELECT lives_ok('SELECT tests.media(100)', 'L09: bytes count, not begun megabytes');
SELECT tests.refused('SELECT tests.media(1)', 'L09: to the last byte');
SELECT lives_ok('UPDATE qutecart.media SET bytes = 1 WHERE shop_id = tests.shop() AND bytes > 100', 'L09: settling with less gives back');
SELECT lives_ok('SELECT tests.media(524287899)', 'L09: just that');
SELECT tests.refused('UPDATE qutecart.media SET bytes = bytes + 1 WHERE shop_id = tests.shop() AND bytes > 100', 'L09: settling with more needs room');

-- Staff
INSERT INTO qutecart.users (name, email) SELECT 'U' || i, 'u' || i || '@quota.example' FROM generate_series(1, 5) i;
CREATE FUNCTION tests.staff(n integer, role text DEFAULT 'staff') RETURNS void LANGUAGE sql AS $$
    INSERT INTO qutecart.shop_members (shop_id, user_id, role)
    SELECT tests.shop(), id, role FROM qutecart.users WHERE name = 'U' || n AND email LIKE '%@quota.example' $$;
SELECT lives_ok('SELECT tests.staff(1, ''owner'')', 'an owner takes no staff account');
SELECT is((tests.refusal('SELECT tests.staff(2)'))[1:2], ARRAY['staff limit reached',
    'The plan "Free" allows 0 staff accounts; 0 are in use.'], 'a limit of 0 allows none');
SELECT tests.limited('staff', 1);
SELECT lives_ok('SELECT tests.staff(2)', 'one is allowed');
SELECT tests.refused('SELECT tests.staff(3)', 'two are not');
SELECT tests.refused('UPDATE qutecart.shop_members SET role = ''staff'' WHERE shop_id = tests.shop()', 'nor a role that becomes staff');

SELECT is_empty('SELECT * FROM qutecart.usage_audit()', 'L15: the counters agree with the rows');
SELECT throws_ok('SELECT qutecart.set_limit_override(tests.shop(), ''products'', -2, ''x'')', '22023', NULL, 'a limit below -1 is refused');
SELECT throws_ok('SELECT qutecart.set_limit_override(tests.shop(), ''views'', 1, ''x'')', '22023', NULL, 'so is a metric that does not exist');
SELECT throws_ok('SELECT qutecart.set_limit_override(0, ''products'', 1, ''x'')', 'QC404', NULL, 'and a shop that does not exist');
SELECT throws_ok('SELECT qutecart.clear_limit_override(tests.shop(), ''orders'')', 'QC404', NULL, 'an override that is not there cannot be cleared');
SELECT is((SELECT count(*) FROM qutecart.audit_log WHERE shop_id = tests.shop() AND action LIKE 'limit_override.%'), 5::bigint,
    'every override is in the audit log');
SELECT * FROM finish();
ROLLBACK;
