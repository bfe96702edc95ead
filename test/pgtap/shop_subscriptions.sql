-- test/pgtap/shop_subscriptions.sql
-- All shops' subscriptions as operators see them: filters, paging, and what they come to.
\ir world/people.sql
\ir world/http.sql
\ir world/operators.sql
SELECT no_plan();
SELECT tests.grant('admin.subscription-plan.subscription.list') AS ok \gset

-- Who may
SELECT is(tests.asks(t.token, s.sql), 'refused QC403 forbidden: permission "admin.subscription-plan.subscription.list" is missing', t.who || ' may not see ' || s.what)
FROM (VALUES ('an admin without the permission', :'ida'), ('a vendor', :'ann'), ('nobody', NULL)) t (who, token),
    (VALUES ('the list', 'SELECT qutecart.list_subscriptions()'), ('one of it', 'SELECT qutecart.read_subscription(1)'), ('the totals', 'SELECT qutecart.subscription_totals()')) s (what, sql);
SELECT is((tests.tries('GET', path, tests.bearer(token)) ->> 'status')::int, status, path || ' answers ' || status || ' to ' || who)
FROM (VALUES ('/api/admin/subscriptions'), ('/api/admin/subscriptions/1'), ('/api/admin/subscription-totals')) r (path), (VALUES ('nobody', NULL, 401), ('a vendor', :'ann', 403), ('who may', :'olga', 200)) a (who, token, status);

-- Twelve shops in all states; the dates are those of the tests' own history
CREATE FUNCTION tests.contract(name text, plan text, status text, began timestamptz, changes jsonb DEFAULT '{}') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE shop bigint; p qutecart.plans; begins timestamptz := began; c qutecart.subscriptions;
BEGIN
    SET LOCAL qutecart.restoring = on;
    SELECT * INTO p FROM qutecart.plans k WHERE k.slug = plan;
    INSERT INTO qutecart.shops (name, email, plan_id, subscription_status) VALUES (name, lower(name) || '@mail.example', CASE WHEN status IN ('canceled', 'incomplete_expired') THEN 1 ELSE p.id END, status)
        RETURNING id INTO shop;
    c := jsonb_populate_record(NULL::qutecart.subscriptions, jsonb_build_object('amount', p.price, 'currency', 'USD', 'billing_period', 'monthly', 'cancel_at_period_end', false) || changes);
    INSERT INTO qutecart.subscriptions (shop_id, plan_id, status, amount, currency, billing_period, cancel_at_period_end, trial_ends_at, ended_at, created_at, stripe_subscription_id)
        VALUES (shop, p.id, status, c.amount, c.currency, c.billing_period, c.cancel_at_period_end, c.trial_ends_at, c.ended_at, begins, 'sub_' || shop);
    UPDATE qutecart.shops s SET cancel_at_period_end = c.cancel_at_period_end, grace_ends_at = CASE WHEN status = 'past_due' THEN now() + interval '1 day' END WHERE s.id = shop;
    RETURN shop;
END $$;
SELECT tests.contract('Active', 'starter', 'active', '2026-01-10') AS active, tests.contract('Yearly', 'growth', 'active', '2026-01-10', '{"amount": 950.40, "billing_period": "yearly"}') AS yearly,
    tests.contract('Late', 'growth', 'past_due', '2026-01-10') AS late, tests.contract('Euro', 'starter', 'active', '2026-02-10', '{"amount": 27, "currency": "EUR"}') AS euro,
    tests.contract('Leaving', 'enterprise', 'active', '2026-02-10', '{"cancel_at_period_end": true}') AS leaving,
    tests.contract('Trying', 'starter', 'trialing', now() - interval '4 days', jsonb_build_object('trial_ends_at', now() + interval '3 days')) AS trying,
    tests.contract('Trier', 'growth', 'trialing', now() - interval '4 days', jsonb_build_object('trial_ends_at', now() + interval '10 days')) AS trier,
    tests.contract('Gone', 'growth', 'canceled', '2026-01-10', '{"ended_at": "2026-03-15"}') AS gone,
    tests.contract('Lost', 'starter', 'canceled', '2026-01-10', '{"ended_at": "2026-02-15", "trial_ends_at": "2026-01-24"}') AS lost,
    tests.contract('Paused', 'starter', 'paused', '2026-01-10') AS paused, tests.contract('Unpaid', 'starter', 'unpaid', '2026-01-10') AS unpaid,
    tests.contract('Never', 'starter', 'canceled', '2026-03-01', '{"ended_at": "2026-03-10", "trial_ends_at": "2026-03-15"}') AS never \gset
SELECT qutecart.comp_plan(:paused, 'enterprise', now() + interval '5 days', 'x') ->> 'message' AS said \gset
CREATE FUNCTION tests.listed(target text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(s ->> 'shop_name', ' ' ORDER BY n), 'none') FROM jsonb_array_elements(tests.tries('GET', '/api/admin/subscriptions' || target, current_setting('tests.bearer')) #> '{body,data,subscriptions}') WITH ORDINALITY x (s, n) $$;
SELECT set_config('tests.bearer', tests.bearer(:'olga'), false) AS ok \gset

-- The list
SELECT is(tests.listed(''), 'shop of ann shop of bob Active Yearly Late Euro Leaving Trying Trier Gone Lost Paused Unpaid Never', 'every shop is listed');
SELECT is(tests.listed(target), names, what)
FROM (VALUES ('by status', '?status=active', 'Active Yearly Euro Leaving'), ('free ones too', '?status=free', 'shop of ann shop of bob'), ('by plan', '?plan=growth', 'Yearly Late Trier'),
    ('by both', '?plan=starter&status=active', 'Active Euro'), ('by a part of the name', '?search=EAV', 'Leaving'), ('by e-mail', '?search=euro@mail', 'Euro'), ('by the owner''s e-mail', '?search=ann@test', 'shop of ann'),
    ('a percent sign is a percent sign', '?search=%25', 'none'), ('trials that end soon', '?trial_ends_in=3', 'Trying'), ('or later', '?trial_ends_in=30', 'Trying Trier'), ('or today', '?trial_ends_in=0', 'none'),
    ('past due', '?past_due=1', 'Late'), ('all others', '?past_due=0&status=past_due', 'none'), ('about to leave', '?cancel_pending=true', 'Leaving'), ('with a given plan', '?comped=true', 'Paused'),
    ('no such plan', '?plan=none', 'none')) t (what, target, names);
SELECT is((tests.tries('GET', '/api/admin/subscriptions?status=nonsense&trial_ends_in=-1', tests.bearer(:'olga')) #> '{body,errors}'),
    '{"status": ["The selected status is invalid."], "trial_ends_in": ["The trial ends in field must be between 0 and 730."]}', 'filters that are none are refused');
SELECT is((SELECT s - 'created_at' - 'grace_ends_at' - 'comp_ends_at' FROM jsonb_array_elements(tests.tries('GET', '/api/admin/subscriptions?search=Yearly', tests.bearer(:'olga')) #> '{body,data,subscriptions}') s),
    jsonb_build_object('shop_id', :yearly, 'shop_name', 'Yearly', 'owner_email', NULL, 'status', 'active', 'plan', 'growth', 'plan_in_force', 'growth', 'pending_plan', NULL, 'mrr', '79.20', 'currency', 'USD',
        'billing_period', 'yearly', 'is_at_stripe', true, 'cancel_at_period_end', false, 'trial_ends_at', NULL, 'current_period_end', NULL, 'comp_plan', NULL), 'each with what matters');
SELECT is((SELECT concat_ws(' ', s ->> 'plan', s ->> 'plan_in_force', s ->> 'comp_plan', s ->> 'mrr') FROM jsonb_array_elements(tests.tries('GET', '/api/admin/subscriptions?comped=true', tests.bearer(:'olga')) #> '{body,data,subscriptions}') s),
    'starter enterprise enterprise 0.00', 'a given plan is in force and brings nothing');

-- Paging
CREATE FUNCTION tests.walk(size int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE page jsonb; after text := ''; names text := ''; pages int := 0;
BEGIN
    LOOP
        page := tests.tries('GET', '/api/admin/subscriptions?per_page=' || size || after, current_setting('tests.bearer')) #> '{body,data}';
        pages := pages + 1;
        names := names || (SELECT count(*) FROM jsonb_array_elements(page -> 'subscriptions')) || ' ';
        EXIT WHEN page ->> 'next_after' IS NULL OR pages > 20;
        after := '&after=' || (page ->> 'next_after');
    END LOOP;
    RETURN names;
END $$;
SELECT is(tests.walk(5), '5 5 4 ', 'pages follow each other to the last');
SELECT is(tests.walk(7), '7 7 ', 'a last page that is full is the last');
SELECT is(tests.walk(100), '14 ', 'one page may hold all');
SELECT is(tests.walk(1000), '14 ', 'and no more than a hundred');
SELECT is(tests.listed('?per_page=2&status=active&after=' || :yearly), 'Euro Leaving', 'filters hold on every page');

-- One in full
SELECT is((SELECT ARRAY(SELECT jsonb_object_keys(r #> '{body,data}') ORDER BY 1)::text FROM tests.tries('GET', '/api/admin/subscriptions/' || :active, tests.bearer(:'olga')) r), '{changes,comps,contracts,limits,overrides,subscription}',
    'one shop has contracts, comps, overrides, limits and changes');
SELECT is(r #>> '{body,data,contracts,0,amount}', '29.00', 'with amounts as decimals') FROM tests.tries('GET', '/api/admin/subscriptions/' || :active, tests.bearer(:'olga')) r;
SELECT is((tests.tries('GET', '/api/admin/subscriptions/999999', tests.bearer(:'olga')) ->> 'status'), '404', 'a shop that is not there is not found');

-- Totals
SELECT (tests.tries('GET', '/api/admin/subscription-totals?month=2026-03-20', tests.bearer(:'olga')) #> '{body,data}') AS totals \gset
SELECT is(:'totals'::jsonb -> 'revenue', '[{"currency": "EUR", "mrr": "27.00", "arr": "324.00", "contracts": 1}, {"currency": "USD", "mrr": "506.20", "arr": "6074.40", "contracts": 4}]',
    'MRR is what is active or past due, a twelfth of yearly amounts, per currency: 29 + 79.20 + 99 + 299');
SELECT is((SELECT string_agg(concat_ws(' ', p ->> 'plan', p ->> 'shops', p ->> 'contracts', p ->> 'trialing', p ->> 'past_due', p ->> 'canceling'), ', ') FROM jsonb_array_elements(:'totals'::jsonb -> 'plans') p),
    'free 5 0 0 0 0, starter 5 5 1 0 0, growth 3 3 1 1 0, enterprise 1 1 0 0 1', 'shops and contracts are counted by plan');
SELECT is(:'totals'::jsonb -> 'churn', '{"paying_at_begin": 8, "ended": 1, "rate": 0.1250}', 'churn of March: of eight who paid at its begin one went; who had gone before, began later or only tried does not count');
SELECT is((tests.tries('GET', '/api/admin/subscription-totals?month=2026-02-01', tests.bearer(:'olga')) #> '{body,data,churn}'), '{"paying_at_begin": 7, "ended": 1, "rate": 0.1429}', 'of February: one of seven');
SELECT is((tests.tries('GET', '/api/admin/subscription-totals?month=2025-12-31', tests.bearer(:'olga')) #> '{body,data,churn}'), '{"paying_at_begin": 0, "ended": 0, "rate": null}', 'of none there is no rate');
INSERT INTO qutecart.subscription_changes (at, shop_id, contract_id, cause, status_from, status_to, plan_from, plan_to, currency, mrr_from, mrr_to) SELECT v.at::timestamptz, v.shop, (SELECT c.id FROM qutecart.subscriptions c WHERE c.shop_id = v.shop), 'test', v.a, v.b, 1, 1, v.c, v.f, v.t
FROM (VALUES ('2026-01-24', :lost, 'trialing', 'active', 'USD', 0, 29.00), ('2026-02-15', :lost, 'active', 'canceled', 'USD', 29, 0), ('2026-03-02', :yearly, 'active', 'active', 'USD', 29, 79.20), ('2026-03-03', :late, 'active', 'active', 'USD', 299, 99),
    ('2026-03-31 23:59:59.999+00', :euro, 'free', 'active', 'EUR', 0, 27), ('2026-04-01', :active, 'free', 'active', 'USD', 0, 29), ('2025-03-31 23:00+00', :active, 'free', 'active', 'USD', 0, 1), ('2026-03-05', :active, 'active', 'past_due', 'USD', 29, 29)) v (at, shop, a, b, c, f, t);
SELECT is(r #> '{body,data,history}', '[{"month": "2026-01-01", "currency": "USD", "new": "29.00", "expansion": "0.00", "contraction": "0.00", "lost": "0.00", "net": "29.00"},
    {"month": "2026-02-01", "currency": "USD", "new": "0.00", "expansion": "0.00", "contraction": "0.00", "lost": "29.00", "net": "-29.00"},
    {"month": "2026-03-01", "currency": "EUR", "new": "27.00", "expansion": "0.00", "contraction": "0.00", "lost": "0.00", "net": "27.00"},
    {"month": "2026-03-01", "currency": "USD", "new": "0.00", "expansion": "50.20", "contraction": "200.00", "lost": "0.00", "net": "-149.80"}]', 'new and lost revenue of twelve months, UTC')
FROM tests.tries('GET', '/api/admin/subscription-totals?month=2026-03-20', tests.bearer(:'olga')) r;
SET timezone = 'Pacific/Auckland';
SELECT is(r #>> '{body,data,history,2,month}', '2026-03-01', 'wherever the session is') FROM tests.tries('GET', '/api/admin/subscription-totals?month=2026-03-20', tests.bearer(:'olga')) r;
SET timezone = 'UTC';
SELECT is(r #> '{body,data,trials}', '{"running": 2, "ended": 1, "converted": 1, "conversion": 1.0000}', 'of January''s trials one became a subscriber') FROM tests.tries('GET', '/api/admin/subscription-totals?month=2026-01-01', tests.bearer(:'olga')) r;
SELECT is(r #> '{body,data,trials}', '{"running": 2, "ended": 1, "converted": 0, "conversion": 0.0000}', 'of March''s none: that one was cancelled') FROM tests.tries('GET', '/api/admin/subscription-totals?month=2026-03-01', tests.bearer(:'olga')) r;
SELECT is((tests.tries('GET', '/api/admin/subscription-totals?month=soon', tests.bearer(:'olga')) ->> 'status'), '422', 'a month is a date');

-- The history is written by what changes a subscription, and by nothing else
SELECT (SELECT count(*) FROM qutecart.subscription_changes) AS n \gset
SELECT qutecart.set_subscription(:ann_shop, 'starter', 'trialing') AS ok \gset
SELECT qutecart.set_subscription(:ann_shop, 'starter', 'active') AS ok \gset
SELECT qutecart.set_subscription(:ann_shop, 'starter', 'active') AS ok \gset
SELECT qutecart.set_subscription(:ann_shop, 'growth', 'active') AS ok \gset
SELECT qutecart.set_subscription(:ann_shop, 'growth', 'past_due') AS ok \gset
SELECT qutecart.set_subscription(:ann_shop, 'growth', 'unpaid') AS ok \gset
SELECT qutecart.set_subscription(:ann_shop, 'free') AS ok \gset
SELECT is((SELECT string_agg(concat_ws(' ', status_from, status_to, mrr_from, mrr_to), ', ' ORDER BY id) FROM qutecart.subscription_changes WHERE shop_id = :ann_shop),
    'free trialing 0.00 0.00, trialing active 0.00 29.00, active active 29.00 99.00, active past_due 99.00 99.00, past_due unpaid 99.00 0.00, unpaid canceled 0.00 0.00', 'a trial brings nothing, what is past due still counts, what is unpaid no more');
DELETE FROM qutecart.shops WHERE id = :ann_shop;
SELECT is(count(*), 6::bigint, 'the history outlives the shop') FROM qutecart.subscription_changes WHERE shop_id = :ann_shop;
SELECT is(tests.does(:'ann', 'SELECT count(*) FROM qutecart.subscription_changes'), 'refused 42501 : permission denied for table subscription_changes', 'and is the operator''s alone');
SELECT * FROM finish();
