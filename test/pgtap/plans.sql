-- test/pgtap/plans.sql
-- An operator's plans: made, changed, retired, restored; what shops feel of it and what not.
\ir world/people.sql
\ir world/http.sql
\ir world/operators.sql
SELECT no_plan();
CREATE FUNCTION tests.plan(slug text) RETURNS bigint LANGUAGE sql AS $$SELECT p.id FROM qutecart.plans p WHERE p.slug = $1$$;
CREATE FUNCTION tests.field(slug text, field text) RETURNS text LANGUAGE sql AS $$SELECT to_jsonb(p) ->> $2 FROM qutecart.plans p WHERE p.slug = $1$$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO PUBLIC;

-- Who may
SELECT is(tests.asks(who, sql), answer, what)
FROM (VALUES
    ('nobody lists plans without a token', NULL, 'SELECT qutecart.list_plans()', 'refused QC403 forbidden: permission "admin.subscription-plan.index" is missing'),
    ('nor does a vendor', :'ann', 'SELECT qutecart.list_plans()', 'refused QC403 forbidden: permission "admin.subscription-plan.index" is missing'),
    ('nor an admin without the permission', :'ida', 'SELECT qutecart.list_plans()', 'refused QC403 forbidden: permission "admin.subscription-plan.index" is missing'),
    ('who may not look sees no single plan', :'ida', 'SELECT qutecart.read_plan(2)', 'refused QC403 forbidden: permission "admin.subscription-plan.index" is missing'),
    ('who may not create creates none', :'ida', 'SELECT qutecart.create_plan(''x'', ''X'', 1, 1, 1, 1, 1)', 'refused QC403 forbidden: permission "admin.subscription-plan.create" is missing'),
    ('who may not edit changes none', :'ida', 'SELECT qutecart.update_plan(2, price => 1)', 'refused QC403 forbidden: permission "admin.subscription-plan.edit" is missing'),
    ('who may not toggle retires none', :'ida', 'SELECT qutecart.retire_plan(2)', 'refused QC403 forbidden: permission "admin.subscription-plan.toggle" is missing'),
    ('nor restores one', :'ida', 'SELECT qutecart.restore_plan(2)', 'refused QC403 forbidden: permission "admin.subscription-plan.toggle" is missing')
) t (what, who, sql, answer);
SELECT is(tests.grant('admin.subscription-plan.index', 'admin.subscription-plan.create', 'admin.subscription-plan.edit', 'admin.subscription-plan.toggle'), 4::bigint,
    'the seeded permissions fit');
SELECT is((tests.tries('GET', '/api/admin/plans', tests.bearer(t.token)) ->> 'status')::int, t.status, t.what)
FROM (VALUES ('a request without a token is refused', NULL, 401), ('a vendor''s too', :'ann', 403), ('an admin''s without the permission too', :'ida', 403),
    ('an admin with it is answered', :'olga', 200), ('root needs none', :'rita', 200)) t (what, token, status);

-- Making one
SELECT is(r ->> 'status', '201', 'an admin creates a plan') FROM tests.sends('POST', '/api/admin/plans', tests.bearer(:'olga', 'content-type: application/json'),
    '{"slug": "team", "name": "Team", "price": 49.5, "products_limit": 200, "orders_per_month": -1, "storage_mb": 4096, "staff_accounts": 0,
      "features": ["premium_subdomain", "api_access", "api_access"], "trial_days": 7, "is_featured": true, "sort_order": 3}') r;
SELECT is(row(price, yearly_price, currency, products_limit, orders_per_month, storage_mb, staff_accounts, trial_days, is_active, is_featured, sort_order, needs_sync)::text,
    '(49.50,475.20,USD,200,-1,4096,0,7,t,t,3,t)', 'it is as he said, a year is twelve months less 20 %, and Stripe has yet to hear of it') FROM qutecart.plans WHERE slug = 'team';
SELECT is(features, '{"api_access": true, "premium_subdomain": true}', 'with each feature once') FROM qutecart.plans WHERE slug = 'team';
SELECT is(tests.logged('plan.create') LIKE 'olga team {"name": [null, "Team"], "price": [null, "49.50"]%', true, 'the audit log says who made what');
SELECT is(tests.does(:'olga', $$SELECT qutecart.create_plan('team', 'Other', 1, 1, 1, 1, 1)$$), 'refused QC409 conflict: there is a plan "team" already', 'no two plans have one slug');
SELECT ok(jsonb_path_exists(tests.does(:'ann', 'SELECT qutecart.plans()')::jsonb, '$.plans[*] ? (@.slug == "team")'), 'vendors are offered it');

-- What is wrong is said per field
SELECT is(tests.tries('POST', '/api/admin/plans', tests.bearer(:'olga', 'content-type: application/json'), '{"slug": "No Good", "name": "", "price": 1.234, "products_limit": -2,
    "orders_per_month": 1, "storage_mb": 8796093022208, "staff_accounts": 1, "yearly_price": -1, "trial_days": 731, "currency": "US", "features": ["b", "A b"]}') -> 'body' -> 'errors',
    '{"name": ["The name field is required."]}', 'what is not there is refused by the route');
SELECT is(tests.tries('POST', '/api/admin/plans', tests.bearer(:'olga', 'content-type: application/json'), jsonb_build_object('slug', 'No Good', 'name', repeat('x', 101), 'price', 1.234, 'products_limit', -2,
    'orders_per_month', 1, 'storage_mb', 8796093022208, 'staff_accounts', 1, 'yearly_price', -1, 'trial_days', 731, 'currency', 'US', 'features', '["b", "A b"]'::jsonb, 'sort_order', 2000000,
    'description', repeat('y', 2001))::text) -> 'body' -> 'errors',
    '{"slug": ["The slug field must be of small letters, digits and hyphens."], "name": ["The name field must not be greater than 100 characters."],
      "price": ["The price field must have at most 2 decimals."], "products_limit": ["The products_limit field must be between -1 and 1000000000000. -1 is unlimited, 0 is none."],
      "storage_mb": ["The storage_mb field must be between -1 and 8796093022207. -1 is unlimited, 0 is none."], "description": ["The description field must not be greater than 2000 characters."],
      "yearly_price": ["The yearly_price field must be at least 0."], "currency": ["The currency field must have 3 characters."], "trial_days": ["The trial_days field must be between 0 and 730."],
      "features": ["The features field has \"A b\", which is no name of a feature."], "sort_order": ["The sort_order field must be between -1000000 and 1000000."]}',
    'each field that is wrong is named, all in one answer');
SELECT is(tests.asks(:'olga', sql), 'refused ' || answer, what)
FROM (VALUES
    ('a currency must exist', $$SELECT qutecart.create_plan('x', 'X', 1, 1, 1, 1, 1, currency => 'XQX')$$, 'QC422 validation_failed: The selected currency is invalid.'),
    ('a NULL is no feature', $$SELECT qutecart.create_plan('x', 'X', 1, 1, 1, 1, 1, features => '{a,NULL}')$$, 'QC422 validation_failed: The features field has "?", which is no name of a feature.'),
    ('a slug is no path', $$SELECT qutecart.create_plan('a/b', 'X', 1, 1, 1, 1, 1)$$, 'QC422 validation_failed: The slug field must be of small letters, digits and hyphens.'),
    ('nor ends with a hyphen', $$SELECT qutecart.create_plan('ab-', 'X', 1, 1, 1, 1, 1)$$, 'QC422 validation_failed: The slug field must be of small letters, digits and hyphens.'),
    ('a limit must be said', $$SELECT qutecart.create_plan('x', 'X', 1, NULL, 1, 1, 1)$$, 'QC422 validation_failed: The products_limit field is required.'),
    ('a plan that is not there cannot be changed', 'SELECT qutecart.update_plan(999, price => 1)', 'QC404 not_found: plan not found'),
    ('nor read', 'SELECT qutecart.read_plan(999)', 'QC404 not_found: plan not found'),
    ('nor retired', 'SELECT qutecart.retire_plan(999)', 'QC404 not_found: plan not found'),
    ('Free stays free', 'SELECT qutecart.update_plan(1, price => 1)', 'QC422 validation_failed: The plan Free costs nothing.'),
    ('and on offer', 'SELECT qutecart.retire_plan(1)', 'QC422 validation_failed: The plan Free cannot be retired: shops without another are on it.'),
    ('an infinite price is none', $$SELECT qutecart.update_plan(2, price => 'Infinity')$$, 'QC422 validation_failed: The price field must be a number.')
) t (what, sql, answer);
SELECT is(count(*), 0::bigint, 'nothing of that was written') FROM qutecart.plans WHERE slug IN ('x', 'a/b', 'ab-');

-- Limits reach every shop on the plan
SELECT qutecart.set_subscription(:ann_shop, 'starter') AS ok \gset
SELECT qutecart.set_subscription(:bob_shop, 'starter') AS ok \gset
SELECT is(r #>> '{body,data,plan,shops}' || ' ' || (r #>> '{body,data,plan,shops_in_force}'), '2 2', 'a plan counts its shops') FROM tests.tries('GET', '/api/admin/plans/2', tests.bearer(:'olga')) r;
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT :ann_shop, 'p', 'p' || i, 1 FROM generate_series(1, 3) i;
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, products_limit => 3) ->> ''message'''), 'Plan updated successfully', 'a lower limit');
SELECT is(tests.does(:'ann', $$SELECT qutecart.create_product('p4', 1)$$), 'refused QC403 plan_limit_reached: product limit reached', 'counts at once in a shop on the plan');
SELECT is(tests.does(:'ann', 'SELECT count(*) FROM qutecart.products'), '3', 'which keeps all it has');
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, products_limit => 0) ->> ''message'''), 'Plan updated successfully', 'no product at all');
SELECT is(tests.does(:'bob', $$SELECT qutecart.create_product('q', 1)$$), 'refused QC403 plan_limit_reached: product limit reached', 'counts in every other');
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, products_limit => -1) ->> ''message'''), 'Plan updated successfully', 'unlimited');
SELECT is(tests.does(:'ann', $$SELECT qutecart.create_product('p4', 1) ->> 'message'$$), 'Product created successfully', 'counts at once as well');
SELECT is(tests.logged('plan.change'), 'olga starter {"products_limit": ["0", "-1"]}', 'the audit log has what changed, from what to what');
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, products_limit => -1) ->> ''message'''), 'Plan updated successfully', 'saying the same again');
SELECT is((SELECT count(*) FROM qutecart.audit_log WHERE action = 'plan.change'), 3::bigint, 'is no change');
BEGIN;
SELECT qutecart.update_plan(2, products_limit => 0) ->> 'message' AS said \gset
ROLLBACK;
SELECT is(tests.does(:'bob', $$SELECT qutecart.create_product('q', 1) ->> 'message'$$), 'Product created successfully', 'a change that is rolled back reached nobody');

-- Features
SELECT is(status, 'active', 'a plan with a subdomain gives one') FROM qutecart.tenants WHERE shop_id = :ann_shop;
SELECT is(tests.does(:'olga', $$SELECT qutecart.update_plan(2, features => '{marketplace_presence}') ->> 'message'$$), 'Plan updated successfully', 'a plan loses it');
SELECT is(string_agg(status, ' '), 'reserved reserved', 'with all its shops') FROM qutecart.tenants WHERE shop_id IN (:ann_shop, :bob_shop);
SELECT is(features -> 'premium_subdomain', 'false', 'what was known is off') FROM qutecart.plans WHERE slug = 'starter';
SELECT is(tests.does(:'olga', $$SELECT qutecart.update_plan(2, features => '{marketplace_presence,premium_subdomain}') ->> 'message'$$), 'Plan updated successfully', 'and gets it back');
SELECT is(string_agg(status, ' '), 'active active', 'with the same shops') FROM qutecart.tenants WHERE shop_id IN (:ann_shop, :bob_shop);

-- Prices
UPDATE qutecart.plans SET stripe_product_id = 'prod_1', stripe_price_id = 'price_old', stripe_yearly_price_id = 'price_old_year', needs_sync = false WHERE slug = 'starter';
SELECT is(row(amount, currency)::text, '(29.00,USD)', 'a shop pays what the plan cost when it began') FROM qutecart.subscriptions WHERE shop_id = :ann_shop;
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, name => ''Start'') ->> ''message'''), 'Plan updated successfully', 'a new name');
SELECT is(row(needs_sync, stripe_price_id)::text, '(t,price_old)', 'is for Stripe to hear, and leaves the price') FROM qutecart.plans WHERE slug = 'starter';
UPDATE qutecart.plans SET needs_sync = false WHERE slug = 'starter';
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, products_limit => 100, trial_days => 10) ->> ''message'''), 'Plan updated successfully', 'limits and trials');
SELECT is(needs_sync, false, 'are nothing of Stripe''s') FROM qutecart.plans WHERE slug = 'starter';
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, price => 35) ->> ''message'''), 'Plan updated successfully', 'a new price');
SELECT is(row(price, yearly_price, stripe_price_id, stripe_yearly_price_id, needs_sync, stripe_product_id)::text, '(35.00,336.00,,,t,prod_1)',
    'leaves the plan without a price at Stripe until it is made there, the year''s too') FROM qutecart.plans WHERE slug = 'starter';
SELECT results_eq('SELECT billing_period, amount, stripe_price_id FROM qutecart.plan_prices WHERE plan_id = 2 ORDER BY billing_period',
    $$VALUES ('monthly', 29.00, 'price_old'), ('yearly', 278.40, 'price_old_year')$$, 'the prices that were are kept');
SELECT is(amount, 29.00, 'who subscribed before pays what he paid') FROM qutecart.subscriptions WHERE shop_id = :ann_shop;
SELECT is(qutecart.set_subscription(:ann_shop, 'starter', 'past_due'), true, 'also when his contract changes otherwise');
SELECT is(amount, 29.00, 'it costs the same') FROM qutecart.subscriptions WHERE shop_id = :ann_shop;
SELECT qutecart.set_subscription(:bob_shop, 'free') AS ok \gset
SELECT qutecart.set_subscription(:bob_shop, 'starter') AS ok \gset
SELECT is(amount, 35.00, 'who subscribes anew pays the new one') FROM qutecart.subscriptions WHERE shop_id = :bob_shop AND ended_at IS NULL;
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, yearly_price => 300) ->> ''message'''), 'Plan updated successfully', 'a year of one''s own');
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, price => 40) ->> ''message'''), 'Plan updated successfully', 'and a price again');
SELECT is(row(price, yearly_price)::text, '(40.00,300.00)', 'a yearly price that was chosen stays') FROM qutecart.plans WHERE slug = 'starter';
SELECT is(tests.does(:'olga', 'SELECT qutecart.update_plan(2, price => 0.1 + 0.2) ->> ''message'''), 'Plan updated successfully', 'a price is a decimal');
SELECT is(tests.field('starter', 'price'), '0.30', 'to the cent');
SELECT is((SELECT (r #> '{body,data,plan,former_prices,0}') - 'replaced_at'::text FROM tests.tries('GET', '/api/admin/plans/2', tests.bearer(:'olga')) r),
    '{"amount": "29.00", "currency": "USD", "billing_period": "monthly", "stripe_price_id": "price_old"}', 'operators see what it cost');
SELECT is(tests.does(:'ann', 'SELECT qutecart.plans()::text ~ ''stripe|needs_sync|former'''), 'false', 'vendors see none of that');
SELECT is(tests.does(:'ann', 'SELECT count(*) FROM qutecart.plan_prices'), 'refused 42501 : permission denied for table plan_prices', 'nor the table');

-- However a price is changed
UPDATE qutecart.plans SET stripe_product_id = 'prod_3', stripe_price_id = 'price_3', stripe_yearly_price_id = 'price_3y', needs_sync = false WHERE slug = 'growth';
SELECT is(row(needs_sync, (SELECT count(*) FROM qutecart.plan_prices WHERE plan_id = 3))::text, '(f,0)', 'what Stripe was told is no change') FROM qutecart.plans WHERE slug = 'growth';
UPDATE qutecart.plans SET price = 109 WHERE slug = 'growth';
SELECT is(row(stripe_price_id, stripe_yearly_price_id, needs_sync)::text, '(,price_3y,t)', 'a price that is changed in the table has none at Stripe either; the year''s stays') FROM qutecart.plans WHERE slug = 'growth';
SELECT is((SELECT string_agg(concat_ws(' ', billing_period, amount, stripe_price_id), ', ') FROM qutecart.plan_prices WHERE plan_id = 3), 'monthly 99.00 price_3', 'the old one is kept');
UPDATE qutecart.plans SET price = 119, stripe_price_id = 'price_3b' WHERE slug = 'growth';
SELECT is(stripe_price_id, 'price_3b', 'who brings the new one along keeps it') FROM qutecart.plans WHERE slug = 'growth';
UPDATE qutecart.plans SET currency = 'EUR', needs_sync = false WHERE slug = 'growth';
SELECT is(row(stripe_price_id, stripe_yearly_price_id, needs_sync)::text, '(,,t)', 'another currency is another price, both times') FROM qutecart.plans WHERE slug = 'growth';

-- Retiring
SELECT is(tests.does(:'olga', 'SELECT qutecart.retire_plan(2)::jsonb #>> ''{data,plan,is_active}'''), 'false', 'a plan is retired');
SELECT is(tests.does(:'olga', 'SELECT qutecart.retire_plan(2) ->> ''message'''), 'Plan retired successfully', 'twice is as once');
SELECT is(tests.logged('plan.retire'), 'olga starter {"is_active": ["true", "false"]}', 'the audit log has it');
SELECT is((SELECT count(*) FROM qutecart.audit_log WHERE action = 'plan.retire'), 1::bigint, 'once');
SELECT is(tests.does(:'ann', $$SELECT jsonb_path_exists(qutecart.plans()::jsonb, '$.plans[*] ? (@.slug == "starter")')$$), 'false', 'vendors are offered it no more');
SELECT is(plan_slug, 'starter', 'a shop on it stays') FROM qutecart.effective_limits WHERE shop_id = :bob_shop;
SELECT is(qutecart.set_subscription(:bob_shop, 'starter', 'past_due'), true, 'and its contract goes on');
SELECT tests.seller('zoe') IS NOT NULL AS made \gset
SELECT throws_ok(format('SELECT qutecart.set_subscription(%s, ''starter'')', tests.shop_id('zoe')), 'QC422', 'The plan is retired and cannot be chosen.', 'no other shop can choose it');
SELECT is(tests.does(:'olga', 'SELECT qutecart.restore_plan(2)::jsonb #>> ''{data,plan,is_active}'''), 'true', 'it is restored');
SELECT is(qutecart.set_subscription(tests.shop_id('zoe'), 'starter'), true, 'and can be chosen again');
SELECT is(tests.logged('plan.restore'), 'olga starter {"is_active": ["false", "true"]}', 'the audit log has that too');
SELECT * FROM finish();
