-- test/pgtap/seeds.sql
-- What every installation has, and the demo; seeding again changes nothing.
\ir world/people.sql
SELECT no_plan();

-- Essentials (the test's database has been seeded)
SELECT results_eq('SELECT id, slug, name, price, yearly_price, products_limit, orders_per_month, storage_mb, staff_accounts, trial_days
    FROM qutecart.plans ORDER BY id', $$VALUES
    (1::bigint, 'free', 'Free', 0.00, 0.00, 25::bigint, 100::bigint, 500::bigint, 0::bigint, 0),
    (2, 'starter', 'Starter', 29.00, 278.40, 100, 500, 2048, 2, 14),
    (3, 'growth', 'Growth', 99.00, 950.40, 1000, 5000, 10240, 10, 14),
    (4, 'enterprise', 'Enterprise', 299.00, 2870.40, -1, -1, -1, -1, 14)$$, 'there are four plans');
SELECT results_eq($$SELECT p.slug, string_agg(f.key, ' ' ORDER BY f.key) FROM qutecart.plans p, jsonb_each(p.features) f
    WHERE f.value = 'true' GROUP BY p.id ORDER BY p.id$$, $$VALUES ('free', 'marketplace_presence'),
    ('starter', 'marketplace_presence premium_subdomain'),
    ('growth', 'advanced_analytics api_access custom_branding marketplace_presence premium_subdomain priority_support remove_branding'),
    ('enterprise', 'advanced_analytics api_access custom_branding custom_integrations dedicated_support marketplace_presence multi_location premium_subdomain priority_support remove_branding')$$,
    'each with its features');
SELECT is((SELECT count(*) FROM qutecart.plans p, jsonb_each(p.features)), 40::bigint, 'every plan says yes or no to every feature');
SELECT results_eq('SELECT name FROM qutecart.roles ORDER BY id', $$VALUES ('root'), ('admin'), ('shop'), ('customer'), ('visitor'), ('driver')$$, 'there are six roles');
SELECT results_eq('SELECT panel, count(*) FROM qutecart.permissions GROUP BY panel ORDER BY panel COLLATE "C"', $$VALUES ('admin', 185::bigint),
    ('adminMultiShop', 26), ('shop', 45), ('shopMultiShop', 16)$$, 'there are 272 permissions in four panels');
SELECT is((SELECT count(*) FROM qutecart.permissions WHERE name <> CASE WHEN panel LIKE 'admin%' THEN 'admin.' ELSE 'shop.' END || module || '.' || action),
    0::bigint, 'each named after panel, module and action');
SELECT is((SELECT count(*) FROM qutecart.permissions WHERE name IN ('shop.product.create', 'shop.employee.permission.update', 'admin.order.payment.status.toggle',
    'admin.subscription-plan.subscription.list', 'shop.generate.AI.data', 'admin.blog.generate.AI.data', 'shop.subscription.cancel')), 6::bigint, 'some by name');
SELECT is((SELECT count(*) FROM qutecart.role_permissions), 0::bigint, 'no role grants anything before somebody grants it');
SELECT is((SELECT count(*) FROM qutecart.settings WHERE key LIKE '%approval' AND value <> 'false'), 0::bigint, 'approval is off');
SELECT is((SELECT value ? 'admin' AND jsonb_array_length(value) = 14 FROM qutecart.settings WHERE key = 'reserved_subdomains'), true, 'fourteen subdomains are reserved');
SELECT ok((SELECT count(*) FROM qutecart.countries) >= 249 AND (SELECT count(*) FROM qutecart.currencies) >= 170, 'all countries and currencies are there');

CREATE FUNCTION tests.fingerprint() RETURNS text LANGUAGE plpgsql AS $$
DECLARE t regclass; part text; parts text = ''; s record;
BEGIN
    FOR t IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'qutecart'::regnamespace AND c.relkind = 'r' ORDER BY c.relname LOOP
        EXECUTE format('SELECT count(*) || md5(coalesce(string_agg(x::text || x.xmin, '','' ORDER BY x::text), '''')) FROM %s x', t) INTO part;
        parts := parts || t || part;
    END LOOP;
    FOR s IN SELECT q.sequencename, q.last_value FROM pg_sequences q WHERE q.schemaname = 'qutecart' ORDER BY 1 LOOP
        parts := parts || s;
    END LOOP;
    RETURN md5(parts);
END $$;
SELECT tests.fingerprint() AS before \gset
CALL qutecart.seed('essential');
SELECT is(tests.fingerprint(), :'before', 'seeding the essentials again writes nothing at all');
UPDATE qutecart.plans SET price = 35, products_limit = 120 WHERE slug = 'starter';
UPDATE qutecart.settings SET value = 'true' WHERE key = 'seller_approval';
DELETE FROM qutecart.settings WHERE key = 'app_name';
CALL qutecart.seed('essential');
SELECT is((SELECT row(price, products_limit)::text FROM qutecart.plans WHERE slug = 'starter'), '(35.00,120)', 'what an operator changed stays as he has it');
SELECT is((SELECT value FROM qutecart.settings WHERE key = 'seller_approval'), 'true', 'settings too');
SELECT is((SELECT value FROM qutecart.settings WHERE key = 'app_name'), '"QuteCart"', 'what is missing comes back');
INSERT INTO qutecart.plans (slug, name, price, products_limit, orders_per_month, storage_mb, staff_accounts) VALUES ('own', 'Own', 1, 1, 1, 1, 1);
SELECT is((SELECT id FROM qutecart.plans WHERE slug = 'own'), 5::bigint, 'an operator''s own plan gets the next number');

-- The demo
CALL qutecart.seed('demo');
SELECT results_eq($$SELECT s.name, (SELECT count(*) FROM qutecart.products p WHERE p.shop_id = s.id), (SELECT count(*) FROM qutecart.product_variants v WHERE v.shop_id = s.id),
    (SELECT count(*) FROM qutecart.orders o WHERE o.shop_id = s.id), s.plan_id FROM qutecart.shops s ORDER BY s.id$$,
    $$VALUES ('Johns Shop', 18::bigint, 68::bigint, 2::bigint, 1::bigint), ('Northern Trails', 30, 63, 1, 1)$$, 'the demo has two shops with products and orders');
SELECT is(tests.does(NULL, $$SELECT qutecart.login_seller('john@demo.qutekart.example', 'qutecart-demo')::jsonb #>> '{data,user,shop,name}'$$), 'Johns Shop', 'its owners sign in');
SELECT is(tests.does(NULL, $$SELECT qutecart.login_customer('carol@demo.qutekart.example', 'qutecart-demo') ->> 'message'$$), 'Login successfully', 'its customer too');
SELECT is(tests.does(tests.token_of('root@demo.qutekart.example', 'qutecart-demo'), 'SELECT qutecart.whoami() ->> ''actor'''), 'root', 'and its root');
SELECT is((SELECT count(*) FROM qutecart.products p WHERE p.quantity <> (SELECT coalesce(sum(v.quantity), p.quantity) FROM qutecart.product_variants v
    WHERE v.shop_id = p.shop_id AND v.product_id = p.id)), 0::bigint, 'a product has as many pieces as its variants');
SELECT is((SELECT count(*) FROM qutecart.orders o WHERE o.total_amount <> (SELECT sum(l.quantity * l.price) FROM qutecart.order_lines l
    WHERE l.shop_id = o.shop_id AND l.order_id = o.id)), 0::bigint, 'an order costs what its lines cost');
SELECT tests.fingerprint() AS before \gset
CALL qutecart.seed('demo');
SELECT is(tests.fingerprint(), :'before', 'seeding the demo again writes nothing at all');
UPDATE qutecart.users SET password_hash = 'changed' WHERE email = 'john@demo.qutekart.example';
UPDATE qutecart.products SET deleted_at = now() WHERE handle = 'tie-clip';
CALL qutecart.seed('demo');
SELECT is((SELECT password_hash FROM qutecart.users WHERE email = 'john@demo.qutekart.example'), 'changed', 'a password that was changed stays changed');
SELECT is((SELECT count(*) FROM qutecart.products WHERE handle = 'tie-clip' AND deleted_at IS NULL), 0::bigint, 'a product that was deleted stays deleted');

UPDATE qutecart.settings SET value = 'false' WHERE key = 'seller_approval';
SELECT tests.seller('ann') IS NOT NULL AS made \gset
SELECT throws_ok('CALL qutecart.seed(''demo'')', '55000', NULL, 'beside a real shop the demo is refused');
UPDATE qutecart.users SET email = NULL WHERE email = 'ann@test.example';
SELECT throws_ok('CALL qutecart.seed(''demo'')', '55000', NULL, 'an owner without an e-mail is real as well');
SELECT throws_ok('CALL qutecart.seed(''everything'')', '22023', NULL, 'there is no other seed');
SELECT * FROM finish();
