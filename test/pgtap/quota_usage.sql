-- test/pgtap/quota_usage.sql
-- Warnings, and usage as it is shown.
BEGIN;
\ir world/two_shops.sql
SELECT no_plan();
CREATE FUNCTION tests.shop() RETURNS bigint LANGUAGE sql AS $$SELECT tests.id('shop of ann')$$;
CREATE FUNCTION tests.add(n integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO qutecart.products (shop_id, name, handle, price)
    SELECT tests.shop(), 'p', gen_random_uuid(), 1 FROM generate_series(1, n) i $$;
CREATE FUNCTION tests.warnings(what text DEFAULT 'products') RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(threshold || ':' || used || '/' || limit_value, ' ' ORDER BY threshold), 'none')
    FROM qutecart.usage_warnings WHERE shop_id = tests.shop() AND metric = what $$;
CREATE FUNCTION tests.mails(what text DEFAULT 'mail.limit_warning') RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM qutecart.outbox WHERE shop_id = tests.shop() AND kind = what $$;
CREATE FUNCTION tests.usage(VARIADIC path text[]) RETURNS text LANGUAGE sql AS
    $$SELECT qutecart.usage(tests.shop()) #>> path$$;

-- Warnings; the shop has 3 products, 25 are allowed.
SELECT tests.add(16);
SELECT is(tests.warnings(), 'none', 'L14: 19 of 25 are no reason to warn');
SAVEPOINT a;
SELECT tests.add(1);
SELECT is(tests.warnings(), '80:20/25', 'L14: 20 of 25 are 80 %');
ROLLBACK TO a;
SELECT is(tests.warnings(), 'none', 'L14: a warning is gone with the row that caused it');
SELECT tests.add(1);
SELECT is(tests.warnings(), '80:20/25', 'L14: and comes with the next one');
SELECT is(tests.mails(), 1::bigint, 'L14: with its mail');
SELECT is((SELECT payload FROM qutecart.outbox WHERE shop_id = tests.shop() AND kind = 'mail.limit_warning'),
    jsonb_build_object('shop_id', tests.shop(), 'shop_name', 'shop of ann', 'limit_type', 'products', 'plan_name', 'Free',
        'percent', 80, 'current', 20, 'limit', 25, 'is_reached', false, 'to', 'ann@test.example', 'to_name', 'Ann', 'locale', 'en',
        'resets_at', to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY-MM-DD')), 'L14: the mail says what is used, of what');
DELETE FROM qutecart.products WHERE shop_id = tests.shop() AND id IN
    (SELECT id FROM qutecart.products WHERE shop_id = tests.shop() ORDER BY id DESC LIMIT 2);
SELECT tests.add(2);
SELECT is(tests.mails(), 1::bigint, 'L14: crossing again in the same month warns no more');
SELECT tests.add(2);
SELECT is(tests.warnings(), '80:20/25', 'L14: 22 of 25 are below 90 %');
SELECT tests.add(3);
SELECT is(tests.warnings(), '80:20/25 90:23/25 100:25/25', 'L14: 90 % is 23, 100 % is 25');
SELECT is(tests.mails(), 3::bigint, 'L14: one mail for each');
SELECT is((SELECT DISTINCT period FROM qutecart.usage_warnings WHERE shop_id = tests.shop()),
    date_trunc('month', now() AT TIME ZONE 'UTC')::date, 'L14: products are warned of once a month');
SELECT qutecart.set_limit_override(tests.shop(), 'staff', -1, 'test');
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES (tests.shop(), tests.id('dora'), 'staff');
SELECT is(tests.warnings('staff'), 'none', 'L14: an unlimited metric is never warned of');

INSERT INTO qutecart.orders (shop_id, order_code, prefix, total_amount, payable_amount)
    SELECT tests.shop(), 'O' || i, 'RC', 1, 1 FROM generate_series(1, 98) i;
SELECT is(tests.warnings('orders'), '80:80/100 90:90/100', 'L14: orders too');
SELECT is(tests.mails('mail.order_limit_reached'), 0::bigint, 'the vendor''s orders are still taken');
INSERT INTO qutecart.orders (shop_id, order_code, prefix, total_amount, payable_amount) VALUES (tests.shop(), 'last', 'RC', 1, 1);
SELECT is(tests.mails('mail.order_limit_reached'), 1::bigint, 'with the last order of the month he is told that no more will be');

-- Usage as shown
SELECT is(tests.usage('products'), '{"current":25,"limit":25,"remaining":0,"percent":100,"status":"exceeded"}', 'usage: a full shop');
SELECT is(qutecart.usage(tests.shop())->'orders'->>'resets_at',
    to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY-MM-DD'), 'usage: orders begin anew on the first of the next month');
SELECT is(tests.usage('staff'), '{"current":1,"limit":-1,"remaining":-1,"percent":0,"status":"good"}', 'usage: unlimited is -1');
SELECT is(tests.usage('shop'), format('{"id":%s,"name":"shop of ann","plan":"Free","plan_slug":"free"}', tests.shop()), 'usage: the shop and its plan');
SELECT is(tests.usage('subscription'), '{"status":"free","trial_ends_at":null,"subscription_ends_at":null}', 'usage: the subscription');
UPDATE qutecart.shops SET trial_ends_at = '2026-03-01 23:30+00', subscription_ends_at = '2026-04-05 00:00+00' WHERE id = tests.shop();
SELECT is(tests.usage('subscription'), '{"status":"free","trial_ends_at":"2026-03-01","subscription_ends_at":"2026-04-05"}', 'usage: dates in UTC');
INSERT INTO qutecart.media (shop_id, bytes, object_key, mime_type, original_name, expires_at)
    VALUES (tests.shop(), 1572864, 'k', 'image/png', 'x', now() + interval '1 hour');
SELECT is(tests.usage('storage'), '{"current_mb":2,"limit_mb":500,"remaining_mb":498,"percent":0.3,"status":"good",'
    '"current_formatted":"1.5 MB","limit_formatted":"500 MB"}', 'usage: storage in begun MB, percent by bytes');
CREATE FUNCTION tests.shown(value bigint) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM qutecart.set_limit_override(tests.shop(), 'products', value, 'test');
    RETURN tests.usage('products', 'percent') || ' ' || tests.usage('products', 'status');
END $$;
SELECT is(tests.shown(o.value), o.wanted, 'usage: 25 of ' || o.value || ' is ' || o.wanted)
    FROM (VALUES (1000, '2.5 good'), (50, '50 moderate'), (33, '75.8 warning'), (27, '92.6 critical'), (20, '100 exceeded'),
        (0, '100 exceeded'), (-1, '0 good')) o (value, wanted);
SELECT is((SELECT array[s.current_products_count, s.products_limit, s.current_orders_count, s.orders_per_month_limit,
    s.storage_used_mb, s.storage_limit_mb, s.current_staff_count, s.staff_limit] FROM qutecart.shop_status s WHERE s.shop_id = tests.shop()),
    ARRAY[25, -1, 100, 100, 2, 500, 1, -1]::bigint[], 'the view shop_status says the same');

-- Who sees it
SELECT is(tests.probe('ann', NULL, $$SELECT qutecart.usage() #>> '{products,current}'$$), '25', 'a member sees his own shop''s usage');
SELECT is(tests.probe('bi_ann', NULL, $$SELECT qutecart.usage() #>> '{products,current}'$$), '25', 'so does its BI login');
SELECT is(tests.probe('bi_ann', NULL, $$SELECT string_agg(name || ' ' || current_products_count || ' ' || current_staff_count, ',')
    FROM qutecart.shop_status$$), 'shop of ann 25 1', 'whose view shows one shop');
SELECT is(tests.probe('bob', NULL, format('SELECT qutecart.usage(%s)', tests.shop())), 'refused QC404', 'another shop''s usage is not found');
SELECT is(tests.probe('bob', NULL, 'SELECT qutecart.usage(999999999)'), 'refused QC404', 'like that of a shop that does not exist');
SELECT is(tests.probe('dora', NULL, $$SELECT qutecart.usage() #>> '{products,current}'$$), '25', 'staff see it too');
SELECT is(tests.probe('carl', NULL, 'SELECT qutecart.usage()'), 'refused QC404', 'who has no shop has no usage');
SELECT is(tests.probe('nobody', NULL, 'SELECT qutecart.usage()'), 'refused QC401', 'nor has nobody');
SELECT is(tests.probe('ann', NULL, q.sql), 'refused QC403', 'operators only: ' || q.sql) FROM (VALUES
    ('SELECT count(*) FROM qutecart.recount()'), ('SELECT count(*) FROM qutecart.usage_audit()'),
    ('SELECT count(*) FROM qutecart.quota_entries()'),
    ('SELECT qutecart.set_limit_override(1, ''products'', -1, ''x'')'),
    ('SELECT qutecart.clear_limit_override(1, ''products'')')) q (sql);
SELECT is(tests.probe('ann', NULL, 'SELECT qutecart.write_usage_history(current_date)'), 'refused 42501', 'and the history');

-- Counting anew, and the history
SELECT is((SELECT string_agg(metric || ' ' || used, ', ' ORDER BY metric) FROM qutecart.recount(tests.shop())),
    'orders 100, products 25, staff 1, storage 1572864', 'recount says what the rows say');
SELECT is((SELECT count(*) FROM qutecart.quota_entries() WHERE shop_id = tests.shop() AND committed IS NOT NULL), 0::bigint,
    'and forgets what was counted before');
SELECT is(qutecart.write_usage_history(current_date), (SELECT 4 * count(*) FROM qutecart.shops), 'L10: the history gets a row per shop and metric');
SELECT is(qutecart.write_usage_history(date_trunc('month', current_date)::date), 0::bigint, 'and once a month only');
SELECT is((SELECT string_agg(metric || ' ' || used || '/' || limit_value, ', ' ORDER BY metric) FROM qutecart.usage_history
    WHERE shop_id = tests.shop() AND period = date_trunc('month', current_date)),
    'orders 100/100, products 25/-1, staff 1/-1, storage 1572864/524288000', 'with what was used of which limit');
SELECT is_empty('SELECT * FROM qutecart.usage_audit()', 'L15: the counters agree with the rows');
SELECT * FROM finish();
ROLLBACK;
