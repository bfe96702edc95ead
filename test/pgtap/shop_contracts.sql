-- test/pgtap/shop_contracts.sql
-- What an operator does to one shop's subscription: each with a reason, each in the log,
-- and nothing to a contract of Stripe's.
\ir world/people.sql
\ir world/http.sql
\ir world/operators.sql
SELECT no_plan();
CREATE FUNCTION tests.shows(shop bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', s.subscription_status, p.slug, '>' || n.slug, CASE WHEN s.cancel_at_period_end THEN 'cancels' END, '| ' || e.plan_slug,
        (SELECT 'subdomain ' || t.status FROM qutecart.tenants t WHERE t.shop_id = s.id))
    FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id JOIN qutecart.effective_limits e ON e.shop_id = s.id
    LEFT JOIN qutecart.plans n ON n.id = s.pending_plan_id WHERE s.id = shop $$;
CREATE FUNCTION tests.last_reason(what text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', split_part(u.email, '@', 1), a.shop_id, a.details ->> 'reason') FROM qutecart.audit_log a LEFT JOIN qutecart.users u ON u.id = a.user_id WHERE a.action = what ORDER BY a.id DESC LIMIT 1 $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO PUBLIC;
SELECT tests.grant('admin.subscription-plan.subscription.status') AS ok \gset

-- Who may
SELECT is(tests.asks(t.token, format(s.sql, :ann_shop)), 'refused QC403 forbidden: permission "admin.subscription-plan.subscription.status" is missing', t.who || ' may not: ' || s.what)
FROM (VALUES ('an admin without the permission', :'ida'), ('the shop''s own owner', :'ann'), ('nobody', NULL)) t (who, token),
    (VALUES ('cancel', 'SELECT qutecart.cancel_contract(%s, ''x'')'), ('change a plan', 'SELECT qutecart.change_contract_plan(%s, ''growth'', ''x'')'),
    ('extend a trial', 'SELECT qutecart.extend_trial(%s, 1, ''x'')'), ('give a plan', 'SELECT qutecart.comp_plan(%s, ''growth'', now() + interval ''1 day'', ''x'')'),
    ('end a given one', 'SELECT qutecart.end_comp(%s, ''x'')'), ('override a limit', 'SELECT qutecart.override_limit(%s, ''products'', 1, ''x'')'),
    ('end an override', 'SELECT qutecart.end_limit_override(%s, ''products'', ''x'')')) s (what, sql);
SELECT is((tests.tries(m, '/api/admin/subscriptions/' || :ann_shop || p, tests.bearer(token, 'content-type: application/json'), '{"reason": "x"}') ->> 'status')::int, status, m || ' …' || p || ' answers ' || status)
FROM (VALUES ('POST', '/cancel'), ('POST', '/comp'), ('DELETE', '/comp'), ('POST', '/trial'), ('POST', '/plan'), ('PUT', '/limits/products'), ('DELETE', '/limits/products')) r (m, p),
    (VALUES (NULL, 401), (:'ann', 403)) a (token, status);

-- Every action has a reason, every shop must exist
SELECT is(tests.asks(:'olga', format(sql, :ann_shop, r)), 'refused QC422 validation_failed: The reason field ' || said, what || ': ' || said)
FROM (VALUES ('cancel', 'SELECT qutecart.cancel_contract(%s, %L)'), ('change a plan', 'SELECT qutecart.change_contract_plan(%s, ''growth'', %L)'), ('extend a trial', 'SELECT qutecart.extend_trial(%s, 1, %L)'),
    ('give a plan', 'SELECT qutecart.comp_plan(%s, ''growth'', now() + interval ''1 day'', %L)'), ('end a given one', 'SELECT qutecart.end_comp(%s, %L)'),
    ('override a limit', 'SELECT qutecart.override_limit(%s, ''products'', 1, %L)'), ('end an override', 'SELECT qutecart.end_limit_override(%s, ''products'', %L)')) s (what, sql),
    (VALUES (NULL, 'is required.'), ('', 'is required.'), (repeat('x', 501), 'must not be greater than 500 characters.')) v (r, said);
SELECT is(tests.asks(:'olga', sql), 'refused QC404 not_found: shop not found', 'a shop that is not there: ' || what)
FROM (VALUES ('cancel', 'SELECT qutecart.cancel_contract(999999, ''x'')'), ('change', 'SELECT qutecart.change_contract_plan(999999, ''growth'', ''x'')'), ('extend', 'SELECT qutecart.extend_trial(999999, 1, ''x'')'),
    ('give', 'SELECT qutecart.comp_plan(999999, ''growth'', now() + interval ''1 day'', ''x'')'), ('end', 'SELECT qutecart.end_comp(999999, ''x'')'), ('override', 'SELECT qutecart.override_limit(999999, ''products'', 1, ''x'')')) s (what, sql);

-- A plan by hand
SELECT is(tests.asks(:'olga', sql), 'refused ' || said, what)
FROM (VALUES
    ('a shop on Free has nothing to cancel', format('SELECT qutecart.cancel_contract(%s, ''x'', true)', :ann_shop), 'QC409 state_change_refused: the shop has no live contract'),
    ('nor a trial', format('SELECT qutecart.extend_trial(%s, 5, ''x'')', :ann_shop), 'QC409 state_change_refused: the shop has no live contract'),
    ('a plan must exist', format('SELECT qutecart.change_contract_plan(%s, ''none'', ''x'')', :ann_shop), 'QC404 not_found: plan "none" not found'),
    ('Free is no plan to change to', format('SELECT qutecart.change_contract_plan(%s, ''free'', ''x'')', :ann_shop), 'QC422 validation_failed: Cancel the contract to put the shop on Free.'),
    ('a plan must be named', format('SELECT qutecart.change_contract_plan(%s, NULL, ''x'')', :ann_shop), 'QC422 validation_failed: The plan field is required.'),
    ('a new contract has no period', format('SELECT qutecart.change_contract_plan(%s, ''growth'', ''x'', true)', :ann_shop), 'QC409 state_change_refused: the shop''s contract has no period that could end'),
    ('a trial is not extended by nothing', format('SELECT qutecart.extend_trial(%s, 0, ''x'')', :ann_shop), 'QC422 validation_failed: The days field must be between 1 and 365.'),
    ('nor by years', format('SELECT qutecart.extend_trial(%s, 366, ''x'')', :ann_shop), 'QC422 validation_failed: The days field must be between 1 and 365.')
) t (what, sql, said);
SELECT is(r #>> '{body,data}', jsonb_build_object('shop_id', :ann_shop, 'status', 'active', 'plan', 'starter', 'pending_plan', NULL, 'cancel_at_period_end', false, 'trial_ends_at', NULL, 'current_period_end', NULL)::text, 'a shop is put on a plan')
FROM tests.sends('POST', format('/api/admin/subscriptions/%s/plan', :ann_shop), tests.bearer(:'olga', 'content-type: application/json'), '{"plan": "starter", "reason": "paid by bank"}') r;
SELECT is(tests.shows(:ann_shop), 'active starter | starter subdomain active', 'with all that follows');
SELECT is(tests.logged('subscription.change_plan'), 'olga {"plan": "starter", "reason": "paid by bank"}', 'the log says who and why');
SELECT is(cause, 'operator: paid by bank', 'the history too') FROM qutecart.subscription_changes WHERE shop_id = :ann_shop ORDER BY id DESC LIMIT 1;
SELECT is(tests.does(:'olga', format('SELECT qutecart.change_contract_plan(%s, ''starter'', ''x'')', :ann_shop)), 'refused QC409 state_change_refused: the shop is on plan "starter" already', 'it is not put there twice');
SELECT is(tests.does(:'olga', format('SELECT qutecart.change_contract_plan(%s, ''growth'', ''x'') ->> ''message''', :ann_shop)), 'Plan changed successfully', 'another plan');
SELECT is(row(c.amount, c.status, count(*) OVER ())::text, '(99.00,active,1)', 'is the same contract at another price') FROM qutecart.subscriptions c WHERE c.shop_id = :ann_shop;
SELECT is(tests.does(:'olga', format('SELECT qutecart.cancel_contract(%s, ''x'')', :ann_shop)), 'refused QC409 state_change_refused: the shop''s contract has no period that could end', 'without a period it ends at once or not');
SELECT is(tests.does(:'olga', format('SELECT qutecart.cancel_contract(%s, ''not paid'', true)::jsonb #>> ''{data,plan}''', :ann_shop)), 'free', 'it is cancelled');
SELECT is(tests.shows(:ann_shop), 'canceled free | free subdomain reserved', 'with all that follows');
SELECT is(tests.logged('subscription.cancel'), 'olga {"when": "now", "reason": "not paid"}', 'the log has it');

-- With a period
SELECT qutecart.set_subscription(:bob_shop, 'growth') AS ok \gset
UPDATE qutecart.subscriptions SET current_period_end = now() + interval '10 days' WHERE shop_id = :bob_shop;
SELECT is(tests.does(:'olga', format('SELECT qutecart.change_contract_plan(%s, ''starter'', ''smaller'', true)::jsonb #>> ''{data,pending_plan}''', :bob_shop)), 'starter', 'a plan can wait for the end of the period');
SELECT is(tests.shows(:bob_shop), 'active growth >starter | growth subdomain active', 'until then nothing changes');
SELECT is(tests.does(:'olga', format('SELECT qutecart.cancel_contract(%s, ''leaves'')::jsonb #>> ''{data,cancel_at_period_end}''', :bob_shop)), 'true', 'so can the end');
SELECT is(tests.shows(:bob_shop), 'active growth cancels | growth subdomain active', 'which takes the place of the plan');
SELECT is(tests.does(:'olga', format('SELECT qutecart.cancel_contract(%s, ''leaves'')', :bob_shop)), 'refused QC409 state_change_refused: the shop''s contract ends with its period already', 'once');
SELECT is(qutecart.job_subscription_changes(now() + interval '9 days'), 0::bigint, 'before its time nothing happens');
SELECT is(qutecart.job_subscription_changes(now() + interval '10 days'), 1::bigint, 'at its time');
SELECT is(tests.shows(:bob_shop), 'canceled free | free subdomain reserved', 'the contract ends');
SELECT is(cause || ' ' || mrr_from, 'period ended 99.00', 'the history tells what it brought') FROM qutecart.subscription_changes WHERE shop_id = :bob_shop ORDER BY id DESC LIMIT 1;
SELECT is(qutecart.job_subscription_changes(now() + interval '10 days'), 0::bigint, 'once');

-- Trials
SELECT tests.seller('tim') IS NOT NULL AS made, tests.seller('uma') IS NOT NULL AS made \gset
SELECT tests.shop_id('tim') AS tim_shop, tests.shop_id('uma') AS uma_shop \gset
SELECT qutecart.set_subscription(:tim_shop, 'starter', 'trialing') AS ok \gset
SELECT is(trial_ends_at - now() BETWEEN interval '13 days 23 hours' AND interval '14 days', true, 'a trial by hand lasts as long as the plan says') FROM qutecart.subscriptions WHERE shop_id = :tim_shop;
SELECT is(tests.does(:'olga', format('SELECT qutecart.extend_trial(%s, 7, ''asked nicely'') ->> ''message''', :tim_shop)), 'Trial extended successfully', 'it is extended');
SELECT is(trial_ends_at - now() BETWEEN interval '20 days 23 hours' AND interval '21 days', true, 'by as many days') FROM qutecart.subscriptions WHERE shop_id = :tim_shop;
SELECT is(tests.logged('subscription.extend_trial'), 'olga {"days": "7", "reason": "asked nicely"}', 'the log has it');
SELECT is(qutecart.job_subscription_changes(now() + interval '20 days'), 0::bigint, 'until then it runs');
SELECT is(qutecart.job_subscription_changes(now() + interval '21 days'), 1::bigint, 'then it ends');
SELECT is(tests.shows(:tim_shop), 'canceled free | free subdomain reserved', 'the shop is on Free');
SELECT qutecart.set_subscription(:uma_shop, 'starter', 'trialing') AS ok \gset
SELECT is(tests.does(:'olga', format('SELECT qutecart.cancel_contract(%s, ''x'')::jsonb #>> ''{data,status}''', :uma_shop)), 'trialing', 'a trial can be left to its end');
SELECT qutecart.set_subscription(:uma_shop, 'starter', 'active') AS ok \gset
SELECT is(tests.does(:'olga', format('SELECT qutecart.extend_trial(%s, 7, ''x'')', :uma_shop)), 'refused QC409 state_change_refused: the shop is on no trial that ends', 'who pays is on no trial');

-- A retired plan
UPDATE qutecart.plans SET is_active = false WHERE slug = 'enterprise';
SELECT is(tests.asks(:'olga', format(sql, :uma_shop)), 'refused QC422 validation_failed: The plan is retired and cannot be chosen.', 'a retired plan cannot be ' || what)
FROM (VALUES ('chosen', 'SELECT qutecart.change_contract_plan(%s, ''enterprise'', ''x'')'), ('given', 'SELECT qutecart.comp_plan(%s, ''enterprise'', now() + interval ''1 day'', ''x'')')) v (what, sql);
UPDATE qutecart.plans SET is_active = true WHERE slug = 'enterprise';

-- Given plans
SELECT tests.seller('val') IS NOT NULL AS made \gset
SELECT tests.shop_id('val') AS val_shop \gset
SELECT is(tests.asks(:'olga', format('SELECT qutecart.comp_plan(%s, %L, %L::timestamptz, ''x'')', :val_shop, plan, until)), 'refused ' || said, what)
FROM (VALUES ('a given plan must exist', 'none', now() + interval '1 day', 'QC404 not_found: plan "none" not found'), ('it ends in the future', 'growth', now() - interval '1 day', 'QC422 validation_failed: The until field must be a time in the next five years.'),
    ('some day', 'growth', 'infinity', 'QC422 validation_failed: The until field must be a time in the next five years.'), ('it ends at all', 'growth', NULL, 'QC422 validation_failed: The until field must be a time in the next five years.'),
    ('Free is no gift', 'free', now() + interval '1 day', 'QC422 validation_failed: The plan must be dearer than the one that the shop has.')) t (what, plan, until, said);
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT :val_shop, 'p', 'p' || i, 1 FROM generate_series(1, 25) i;
SELECT tests.token_of('val@test.example') AS val \gset
SELECT is(tests.asks(:'val', $$SELECT qutecart.create_product('more', 1)$$), 'refused QC403 plan_limit_reached: product limit reached', 'a shop on Free is full');
SELECT is(r #>> '{body,message}', 'Plan given successfully', 'it is given a plan') FROM tests.sends('POST', format('/api/admin/subscriptions/%s/comp', :val_shop), tests.bearer(:'olga', 'content-type: application/json'),
    jsonb_build_object('plan', 'growth', 'until', now() + interval '10 days', 'reason', 'our mistake')::text) r;
SELECT is(tests.shows(:val_shop), 'free free | growth subdomain active', 'which it has without a contract');
SELECT is(tests.asks(:'val', $$SELECT qutecart.create_product('more', 1) ->> 'message'$$), 'Product created successfully', 'its limits count at once');
SELECT is(valid_until, (SELECT ends_at FROM qutecart.comps WHERE shop_id = :val_shop), 'until then') FROM qutecart.effective_limits WHERE shop_id = :val_shop;
SELECT is(tests.asks(:'val', $$SELECT concat_ws(' ', c ->> 'status', c #>> '{plan,slug}', c ->> 'comp_plan', c ->> 'is_premium', c ->> 'has_subdomain') FROM qutecart.current_subscription() c$$), 'free free growth true true', 'the shop is shown it');
SELECT is(tests.asks(:'val', 'SELECT count(plan_id) FROM qutecart.comps'), '1', 'and may look it up');
SELECT is(tests.asks(:'val', 'SELECT reason FROM qutecart.comps'), 'refused 42501 : permission denied for table comps', 'but not why');
SELECT is(tests.asks(:'ann', 'SELECT count(plan_id) FROM qutecart.comps'), '0', 'other shops see nothing of it');
SELECT is(tests.logged('subscription.comp') LIKE 'olga comp-% {"plan": "growth", "until": "%", "reason": "our mistake"}', true, 'the log has it');
SELECT is((SELECT count(*) FROM qutecart.subscriptions WHERE shop_id = :val_shop), 0::bigint, 'no contract came of it');
SELECT is(tests.does(:'olga', format('SELECT qutecart.comp_plan(%s, ''enterprise'', now() + interval ''1 day'', ''x'')', :val_shop)), 'refused QC409 conflict: the shop has a plan for a time already', 'one at a time');
SELECT is(qutecart.job_subscription_changes(now() + interval '9 days'), 0::bigint, 'before its time nothing happens');
SELECT is(qutecart.job_subscription_changes(now() + interval '10 days 1 minute'), 1::bigint, 'at its time');
SELECT is(tests.shows(:val_shop), 'free free | free subdomain reserved', 'the shop is what it was');
SELECT is(tests.last_reason('subscription.comp_end'), :'val_shop' || ' its time is over', 'the log says that time ended it');
SELECT is(tests.does(:'val', $$SELECT qutecart.create_product('more', 1)$$), 'refused QC403 plan_limit_reached: product limit reached', 'with its own limits');
SELECT is(tests.does(:'val', 'SELECT count(*) FROM qutecart.products'), '25', 'and all it has');
SELECT is(qutecart.job_subscription_changes(now() + interval '10 days 1 minute'), 0::bigint, 'once');
-- a comp whose time is over counts no more, also when no job came by
INSERT INTO qutecart.comps (shop_id, plan_id, reason, started_at, ends_at) VALUES (:val_shop, 3, 'x', now() - interval '2 days', now() - interval '1 second');
SELECT is(tests.shows(:val_shop), 'free free | free subdomain reserved', 'a comp whose time is over gives nothing, whether a job came by or not');
SELECT is(tests.does(:'olga', format('SELECT qutecart.comp_plan(%s, ''starter'', now() + interval ''1 day'', ''again'') ->> ''message''', :val_shop)), 'Plan given successfully', 'and is in nobody''s way');
SELECT is(tests.does(:'olga', format('SELECT qutecart.end_comp(%s, ''enough'') ->> ''message''', :val_shop)), 'Given plan ended successfully', 'it can be ended');
SELECT is(tests.last_reason('subscription.comp_end'), 'olga ' || :'val_shop' || ' enough', 'with a reason');
SELECT is(tests.does(:'olga', format('SELECT qutecart.end_comp(%s, ''enough'')', :val_shop)), 'refused QC404 not_found: the shop has no plan for a time', 'once');

-- Stripe's contracts
INSERT INTO qutecart.shops (name) VALUES ('At Stripe') RETURNING id AS stripe_shop \gset
BEGIN;
SET LOCAL qutecart.restoring = on;
INSERT INTO qutecart.subscriptions (shop_id, plan_id, status, amount, stripe_subscription_id, trial_ends_at, current_period_end) VALUES (:stripe_shop, 2, 'trialing', 29, 'sub_1', now() + interval '5 days', now() + interval '5 days');
UPDATE qutecart.shops SET plan_id = 2, subscription_status = 'trialing', stripe_subscription_id = 'sub_1' WHERE id = :stripe_shop;
COMMIT;
SELECT is(tests.asks(:'olga', format(sql, :stripe_shop)), 'refused QC409 conflict: the shop''s contract is Stripe''s', 'a contract of Stripe''s is not to be ' || what)
FROM (VALUES ('cancelled', 'SELECT qutecart.cancel_contract(%s, ''x'', true)'), ('ended later', 'SELECT qutecart.cancel_contract(%s, ''x'')'), ('changed', 'SELECT qutecart.change_contract_plan(%s, ''growth'', ''x'')'),
    ('prolonged', 'SELECT qutecart.extend_trial(%s, 5, ''x'')')) v (what, sql);
SELECT is((r ->> 'status') || ' ' || (r #>> '{body,hint}'), '409 Change subscription "sub_1" in Stripe''s dashboard, or give the shop a plan for a time instead.', 'the hint says what to do')
FROM tests.tries('POST', format('/api/admin/subscriptions/%s/cancel', :stripe_shop), tests.bearer(:'olga', 'content-type: application/json'), '{"reason": "x"}') r;
SELECT is(tests.does(:'olga', format('SELECT qutecart.comp_plan(%s, ''growth'', now() + interval ''1 day'', ''x'') ->> ''message''', :stripe_shop)), 'Plan given successfully', 'a plan can be given on top of it');
SELECT is(tests.shows(:stripe_shop), 'trialing starter | growth subdomain active', 'which leaves it as it is');
SELECT is(tests.does(:'olga', format('SELECT qutecart.end_comp(%s, ''x'') ->> ''message''', :stripe_shop)), 'Given plan ended successfully', 'and when it ends');
SELECT is(tests.shows(:stripe_shop), 'trialing starter | starter subdomain active', 'the contract counts again');
SELECT is(tests.does(:'olga', format('SELECT qutecart.comp_plan(%s, ''starter'', now() + interval ''1 day'', ''x'')', :stripe_shop)), 'refused QC422 validation_failed: The plan must be dearer than the one that the shop has.', 'the plan it has already is no gift');

-- Limits
SELECT is(tests.asks(:'olga', format('SELECT qutecart.override_limit(%s, %L, %s, ''x'')', :val_shop, metric, v)), 'refused ' || said, what)
FROM (VALUES ('there is no such limit', 'shoes', '1', 'QC404 not_found: limit "shoes" not found'), ('a limit below unlimited', 'products', '-2', 'QC422 validation_failed: The limit value field must be -1 (unlimited), 0 (none) or more.'),
    ('no limit at all', 'products', 'NULL', 'QC422 validation_failed: The limit value field must be -1 (unlimited), 0 (none) or more.'), ('more MB than bytes can be counted', 'storage', '8796093022208', 'QC422 validation_failed: The limit value field must be -1 (unlimited), 0 (none) or more.')) t (what, metric, v, said);
SELECT is(r ->> 'status', '200', 'a limit is agreed on') FROM tests.sends('PUT', format('/api/admin/subscriptions/%s/limits/products', :val_shop), tests.bearer(:'olga', 'content-type: application/json'), '{"limit_value": 26, "reason": "one more"}') r;
SELECT is(tests.does(:'val', $$SELECT qutecart.create_product('more', 1) ->> 'message'$$), 'Product created successfully', 'it counts at once');
SELECT is(tests.logged('limit_override.set'), 'olga products {"limit": 26, "metric": "products", "reason": "one more"}', 'the log has it');
SELECT is(r ->> 'status', '200', 'and ended') FROM tests.sends('DELETE', format('/api/admin/subscriptions/%s/limits/products?reason=over', :val_shop), tests.bearer(:'olga')) r;
SELECT is(tests.logged('limit_override.clear'), 'olga products {"reason": "over"}', 'with a reason');
SELECT is(tests.does(:'olga', format('SELECT qutecart.end_limit_override(%s, ''products'', ''x'')', :val_shop)), 'refused QC404 not_found: override not found', 'once');

-- An action that fails leaves nothing
SELECT (SELECT count(*) FROM qutecart.audit_log) AS lines \gset
BEGIN;
SELECT qutecart.comp_plan(:val_shop, 'growth', now() + interval '1 day', 'x') ->> 'message' AS said \gset
ROLLBACK;
SELECT is((SELECT count(*) FROM qutecart.audit_log), :lines::bigint, 'what is rolled back is in no log');
SELECT is(tests.shows(:val_shop), 'free free | free subdomain reserved', 'and did nothing');
SELECT * FROM finish();
