-- test/pgtap/plans_file.sql
-- Plans as a file: written, compared, applied; all of it or nothing, and once is enough.
\ir world/people.sql
\ir world/http.sql
\ir world/operators.sql
SELECT no_plan();
CREATE FUNCTION tests.diff(toml text, retire boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', d.plan, d.field, coalesce(d.before, '-'), coalesce(d.after, '-'), '(' || d.effect || ')'), E'\n'), 'nothing')
    FROM qutecart.plans_diff(toml, retire) d $$;
CREATE FUNCTION tests.apply(toml text, confirm boolean DEFAULT true, retire boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', d.plan, d.field, coalesce(d.before, '-'), coalesce(d.after, '-')), E'\n'), 'nothing')
    FROM qutecart.plans_apply(toml, confirm, retire) d $$;
CREATE FUNCTION tests.fingerprint() RETURNS text LANGUAGE sql AS $$
    SELECT md5((SELECT string_agg(p::text, ';' ORDER BY p.id) FROM qutecart.plans p) || (SELECT count(*) FROM qutecart.audit_log) || (SELECT count(*) FROM qutecart.plan_prices)) $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO PUBLIC;

-- Who may
SELECT is(tests.asks(who, sql), 'refused QC403 forbidden: permission "' || permission || '" is missing', what)
FROM (VALUES
    ('nobody reads the file without a token', NULL, 'SELECT qutecart.plans_export()', 'admin.subscription-plan.index'),
    ('nor does a vendor', :'ann', 'SELECT qutecart.plans_export()', 'admin.subscription-plan.index'),
    ('an admin without permission compares none', :'ida', 'SELECT * FROM qutecart.plans_diff('''')', 'admin.subscription-plan.index'),
    ('nor applies one', :'ida', 'SELECT * FROM qutecart.plans_apply('''', true)', 'admin.subscription-plan.create'),
    ('nor over HTTP''s functions', :'ida', 'SELECT qutecart.apply_plans_file('''', true)', 'admin.subscription-plan.create'),
    ('nor compares there', :'ida', 'SELECT qutecart.compare_plans_file('''')', 'admin.subscription-plan.index')
) t (what, who, sql, permission);
SELECT tests.grant('admin.subscription-plan.create', 'admin.subscription-plan.index') AS ok \gset
SELECT is(tests.asks(:'olga', 'SELECT qutecart.apply_plans_file('''', true)'), 'refused QC403 forbidden: permission "admin.subscription-plan.edit" is missing', 'who may only create applies no file');
SELECT tests.grant('admin.subscription-plan.create', 'admin.subscription-plan.edit') AS ok \gset
SELECT is(tests.asks(:'olga', 'SELECT qutecart.apply_plans_file('''', true)'), 'refused QC403 forbidden: permission "admin.subscription-plan.toggle" is missing', 'nor who may not retire');
SELECT tests.grant('admin.subscription-plan.create', 'admin.subscription-plan.edit', 'admin.subscription-plan.toggle', 'admin.subscription-plan.index') AS ok \gset

-- Writing
UPDATE qutecart.plans SET description = E'Say "hi" \\ to\n\x01 é' WHERE slug = 'starter';
SELECT qutecart.plans_export() AS file \gset
SELECT ok(:'file' ~ E'\n\\[\\[plan\\]\\]\nslug = "starter"\nname = "Starter"\ndescription = "Say \\\\"hi\\\\" \\\\\\\\ to\\\\u000A\\\\u0001 é"\nprice = 29.00\nyearly_price = 278.40\ncurrency = "USD"\nproducts_limit = 100\n',
    'the file has every plan, with texts escaped');
SELECT ok(:'file' ~ E'\nfeatures = \\["marketplace_presence", "premium_subdomain"\\]\nis_featured = false\nsort_order = 2\nis_active = true\n', 'and features as a list');
SELECT is(tests.diff(:'file'), 'nothing', 'what was written changes nothing');
SELECT is(tests.diff(:'file', true), 'nothing', 'also when it is taken as all there is');
SELECT tests.fingerprint() AS before \gset
SELECT is(tests.apply(:'file', true, true), 'nothing', 'nor when it is applied');
SELECT is(tests.fingerprint(), :'before', 'to the last row');

-- Comparing
SELECT qutecart.set_subscription(:ann_shop, 'starter') AS ok \gset
SELECT qutecart.set_subscription(:bob_shop, 'starter') AS ok \gset
SELECT tests.seller('zoe') IS NOT NULL AS made \gset
SELECT qutecart.set_subscription(tests.shop_id('zoe'), 'starter') AS ok \gset
SELECT qutecart.set_limit_override(tests.shop_id('zoe'), 'products', 7, 'agreed') \g /dev/null
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT :ann_shop, 'p', 'p' || i, 1 FROM generate_series(1, 4) i;
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT tests.shop_id('zoe'), 'p', 'p' || i, 1 FROM generate_series(1, 5) i;
INSERT INTO qutecart.media (shop_id, bytes, object_key, mime_type, original_name, expires_at) VALUES (:bob_shop, 3 * 1048576, 'k', 'image/png', 'a.png', now() + interval '1 day');
SELECT $$# what we plan
[[plan]]
slug = "starter"
price = 39
products_limit = 3
orders_per_month = -1
storage_mb = 2
staff_accounts = 0
trial_days = 30
features = ["api_access", "marketplace_presence"]
description = ''
[[plan]]
slug = "huge"      # new
name = "Huge"
price = 1000.5
products_limit = -1
orders_per_month = -1
storage_mb = -1
staff_accounts = -1
$$ AS file \gset
SELECT tests.fingerprint() AS before \gset
SELECT is(tests.diff(:'file'), concat_ws(E'\n',
    E'starter description Say "hi" \\ to\n\x01 é - (is shown)',
    'starter price 29.00 39.00 (new subscribers pay it; 3 shops with a contract keep the old price)',
    'starter yearly_price 278.40 374.40 (new subscribers pay it; 3 shops with a contract keep the old price)',
    'starter products_limit 100 3 (2 shops get a lower limit; 1 shop will be over its limit)',
    'starter orders_per_month 500 -1 (3 shops get a higher limit)',
    'starter storage_mb 2048 2 (3 shops get a lower limit; 1 shop will be over its limit)',
    'starter staff_accounts 2 0 (3 shops get a lower limit)',
    'starter trial_days 14 30 (trials that begin from now on)',
    'starter features marketplace_presence,premium_subdomain api_access,marketplace_presence (3 shops get api_access; 3 shops lose premium_subdomain)',
    'huge name - Huge (new plan)', 'huge price - 1000.50 (new plan)', 'huge yearly_price - 9604.80 (new plan)', 'huge currency - USD (new plan)',
    'huge products_limit - -1 (new plan)', 'huge orders_per_month - -1 (new plan)', 'huge storage_mb - -1 (new plan)', 'huge staff_accounts - -1 (new plan)',
    'huge trial_days - 0 (new plan)', 'huge features -  (new plan)', 'huge is_featured - false (new plan)', 'huge sort_order - 0 (new plan)', 'huge is_active - true (new plan)'),
    'each change is told with what it does; an override is not the plan''s to change');
SELECT is(tests.fingerprint(), :'before', 'and nothing is written');

-- Applying
SELECT throws_ok(format('SELECT * FROM qutecart.plans_apply(%L, %s)', :'file', c), 'QC422', 'Look at the changes first, then confirm them.', 'not confirmed: ' || c)
FROM (VALUES ('false'), ('NULL')) v (c);
SELECT is(tests.fingerprint(), :'before', 'nothing is written then');
SELECT is(tests.does(:'olga', format('SELECT count(*) FROM qutecart.plans_apply(%L, true)', :'file')), '22', 'confirmed, all of it is');
SELECT is(row(price, yearly_price, products_limit, orders_per_month, storage_mb, staff_accounts, trial_days, description, needs_sync)::text, '(39.00,374.40,3,-1,2,0,30,,t)', 'as it was told')
FROM qutecart.plans WHERE slug = 'starter';
SELECT is(features, '{"api_access": true, "custom_branding": false, "marketplace_presence": true, "premium_subdomain": false, "priority_support": false, "advanced_analytics": false,
    "multi_location": false, "remove_branding": false, "dedicated_support": false, "custom_integrations": false}', 'features that are not named are off') FROM qutecart.plans WHERE slug = 'starter';
SELECT is(tests.does(:'ann', $$SELECT qutecart.create_product('p5', 1)$$), 'refused QC403 plan_limit_reached: product limit reached', 'in every shop on the plan');
SELECT is(amount, 29.00, 'who subscribed before pays what he paid') FROM qutecart.subscriptions WHERE shop_id = :ann_shop;
SELECT is(tests.logged('plan.create') LIKE 'olga huge {"name": [null, "Huge"]%', true, 'a line in the audit log for the new plan');
SELECT is((SELECT count(*) FROM qutecart.audit_log WHERE action = 'plan.change' AND object = 'starter'), 1::bigint, 'and one for the changed one');
SELECT tests.fingerprint() AS before \gset
SELECT is(tests.apply(:'file'), 'nothing', 'a second time nothing is left to do');
SELECT is(tests.fingerprint(), :'before', 'and nothing is written');

-- Plans that the file does not name
SELECT is(tests.apply(E'[[plan]]\nslug="huge"\n'), 'nothing', 'a plan that is left out stays');
SELECT is(tests.diff(E'[[plan]]\nslug="free"\n[[plan]]\nslug="starter"\n[[plan]]\nslug = "growth"', true), concat_ws(E'\n',
    'huge is_active true false (no shop can choose it; 0 shops stay on it)', 'enterprise is_active true false (no shop can choose it; 0 shops stay on it)'), 'unless the file is all there is');
SELECT is(tests.apply(E'[[plan]]\nslug="free"\n[[plan]]\nslug="starter"\n[[plan]]\nslug = "growth"', true, true), E'huge is_active true false\nenterprise is_active true false', 'then it is retired');
SELECT is(tests.apply(E'[[plan]]\nslug="free"\n[[plan]]\nslug="starter"\n[[plan]]\nslug = "growth"', true, true), 'nothing', 'once');
SELECT is(tests.apply(E'[[plan]]\nslug="huge"\nis_active = true'), 'huge is_active false true', 'a file restores one as well');
SELECT is(tests.logged('plan.restore'), 'postgres huge {"is_active": ["false", "true"]}', 'and the log says so');
SELECT throws_ok($$SELECT * FROM qutecart.plans_apply('', true, true)$$, 'QC422', 'Line 1, column 1: The plan Free cannot be retired: shops without another are on it.', 'Free is never retired');

-- All or nothing
SELECT tests.fingerprint() AS before \gset
SELECT throws_ok(format('SELECT * FROM qutecart.plans_apply(%L, true)', file), 'QC422', 'Line ' || said, what)
FROM (VALUES
    ('a syntax error', E'[[plan]]\nslug = "growth"\nprice = 98\n[[plan]]\nslug = "starter"\nprice = 1.2.3', '6, column 9: "1.2.3" is no number.'),
    ('a dotted key', E'[[plan]]\nslug = "growth"\nfeatures.x = true', '3, column 9: dotted names are not supported.'),
    ('a key that no plan has', E'[[plan]]\nslug = "growth"\nprise = 98', '3, column 1: a plan has no field "prise".'),
    ('a key twice', E'[[plan]]\nslug = "growth"\nprice = 98\nprice = 97', '4, column 7: "price" is set a second time.'),
    ('a text for an amount', E'[[plan]]\nslug = "growth"\nprice = "98"', '3, column 1: price must be an amount.'),
    ('a fraction for a limit', E'[[plan]]\nslug = "growth"\nproducts_limit = 1.0', '3, column 1: products_limit must be a whole number.'),
    ('a number for a flag', E'[[plan]]\nslug = "growth"\nis_featured = 1', '3, column 1: is_featured must be true or false.'),
    ('a number for a text', E'[[plan]]\nslug = "growth"\nname = 1', '3, column 1: name must be a text in quotes.'),
    ('one feature that is no list', E'[[plan]]\nslug = "growth"\nfeatures = "a"', '3, column 1: features must be a list of names.'),
    ('a list where one value belongs', E'[[plan]]\nslug = "growth"\nprice = [1]', '3, column 1: price must be an amount.'),
    ('a feature that is no text', E'[[plan]]\nslug = "growth"\nfeatures = ["a", true]', '3, column 18: features are names in quotes.'),
    ('two features in one', E'[[plan]]\nslug = "growth"\nfeatures = ["a,b"]', '3, column 13: features are names in quotes.'),
    ('a feature without a good name', E'[[plan]]\nslug = "growth"\nfeatures = ["A"]', '3, column 1: features has "A", which is no name of a feature.'),
    ('a third decimal', E'[[plan]]\nslug = "growth"\nprice = 1.005', '3, column 1: price must have at most 2 decimals.'),
    ('an exponent', E'[[plan]]\nslug = "growth"\nprice = 1e2', '3, column 1: price must be a number.'),
    ('a price below nothing', E'[[plan]]\nslug = "growth"\nprice = -1', '3, column 1: price must be at least 0.'),
    ('a limit below unlimited', E'[[plan]]\nslug = "growth"\nstaff_accounts = -2', '3, column 1: staff_accounts must be between -1 and 1000000000000. -1 is unlimited, 0 is none.'),
    ('a plan twice', E'[[plan]]\nslug = "growth"\n[[plan]]\nslug = "growth"', '4, column 1: plan "growth" is there twice.'),
    ('a plan without a slug', E'[[plan]]\nname = "X"', '1, column 1: a plan begins with its slug.'),
    ('nothing in a plan', E'[[plan]]', '1, column 1: a plan begins with its slug.'),
    ('a slug that is none', E'[[plan]]\nslug = "No"', '2, column 1: slug must be of small letters, digits and hyphens, in quotes.'),
    ('another table', E'[plans]\nx = 1', '1, column 1: only tables [[plan]] are known.'),
    ('a value before any plan', E'x = 1', '1, column 1: only tables [[plan]] are known.'),
    ('a new plan without what it needs', E'[[plan]]\nslug = "growth"\nprice = 98\n\n[[plan]]\nslug = "new"\nname = "New"', '5, column 1: The price field is required.'),
    ('a price for Free', E'[[plan]]\nslug = "free"\nprice = 1', '1, column 1: The plan Free costs nothing.')
) t (what, file, said);
SELECT throws_ok($$SELECT * FROM qutecart.plans_apply(E'[[plan]]\nslug = "growth"\nprice = 98\n[[plan]]\nslug = "starter"\ncurrency = "XQX"', true)$$, 'QC422', 'The selected currency is invalid.',
    'a failure at the last plan');
SELECT is(tests.fingerprint(), :'before', 'leaves every plan as it was');
SELECT throws_ok('SELECT * FROM qutecart.plans_diff(NULL)', 'QC422', 'The toml field is required.', 'no file is no empty file');

-- Over HTTP
SELECT is(tests.tries('GET', '/api/admin/plans-file', tests.bearer(:'olga')) ->> 'body', qutecart.plans_export(), 'the file is there over HTTP');
SELECT is((tests.tries('GET', '/api/admin/plans-file', tests.bearer(t.token)) ->> 'status')::int, t.status, t.what)
FROM (VALUES ('not without a token', NULL, 401), ('nor for a vendor', :'ann', 403), ('nor for an admin without permission', :'ida', 403)) t (what, token, status);
SELECT is(tests.tries('POST', '/api/admin/plans-file/compare', tests.bearer(:'olga', 'content-type: application/toml'), E'[[plan]]\nslug = "growth"\nproducts_limit = 2000') #> '{body,data,changes}',
    '[{"plan": "growth", "field": "products_limit", "before": "1000", "after": "2000", "effect": "0 shops get a higher limit"}]', 'a file is compared');
SELECT is((r ->> 'status') || ' ' || (r #>> '{body,errors}'), '422 {"confirm": ["Look at the changes first, then confirm them."]}', 'it is not applied unconfirmed')
FROM tests.tries('POST', '/api/admin/plans-file/apply', tests.bearer(:'olga', 'content-type: application/toml'), E'[[plan]]\nslug = "growth"\nproducts_limit = 2000') r;
SELECT is((r ->> 'status') || ' ' || (r #>> '{body,errors}'), '422 {"toml": ["Line 1, column 3: \"=\" is missing after the key."]}', 'an error names its line')
FROM tests.tries('POST', '/api/admin/plans-file/compare', tests.bearer(:'olga', 'content-type: application/toml'), 'a b') r;
SELECT is(tests.sends('POST', '/api/admin/plans-file/apply?confirm=1', tests.bearer(:'olga', 'content-type: application/toml'), E'[[plan]]\nslug = "growth"\nproducts_limit = 2000') #>> '{body,data,changes,0,after}', '2000', 'confirmed it is');
SELECT is(products_limit, 2000::bigint, 'for good') FROM qutecart.plans WHERE slug = 'growth';
SELECT * FROM finish();
