-- test/pgtap/mail_events.sql
-- Each mail is caused by its event, once, in its transaction, in its reader's language.
BEGIN;
\i test/pgtap/world/stripe.sql
\ir world/people.sql
SELECT no_plan();
CREATE FUNCTION tests.mails(shop bigint) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(substr(kind, 6), ' ' ORDER BY id), 'none') FROM qutecart.outbox WHERE shop_id = shop AND kind LIKE 'mail.%' $$;
CREATE FUNCTION tests.mails_to(who text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(substr(kind, 6) || ' ' || (payload ->> 'locale'), ', ' ORDER BY id), 'none') FROM qutecart.outbox
    WHERE payload ->> 'to' = who AND kind LIKE 'mail.%' $$;
CREATE FUNCTION tests.mail(shop bigint, what text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT payload FROM qutecart.outbox WHERE shop_id = shop AND kind = 'mail.' || what ORDER BY id DESC LIMIT 1 $$;
-- The mail as its reader will see it, from what is in the outbox.
CREATE FUNCTION tests.read(shop bigint, what text) RETURNS text LANGUAGE sql AS
    $$SELECT qutecart.mail_preview(what, tests.mail(shop, what), tests.mail(shop, what) ->> 'locale', 'text')$$;
CREATE FUNCTION tests.forget() RETURNS void LANGUAGE sql AS 'DELETE FROM qutecart.outbox';

-- Sign-up
SELECT qutecart.register_customer('Carl', NULL, 'carl@test.example', 'correct horse', 'US', last_name => 'Lowe', locale => 'de')::jsonb #>> '{data,access,token}' AS carl \gset
SELECT is(tests.mails_to('carl@test.example'), 'welcome de', 'who registers is welcomed, in his language');
SELECT is(payload, '{"to": "carl@test.example", "to_name": "Carl Lowe", "locale": "de", "is_seller": false, "is_under_review": false, "shop_name": null}',
    'by his name') FROM qutecart.outbox WHERE kind = 'mail.welcome';
SELECT tests.forget();
UPDATE qutecart.settings SET value = 'false' WHERE key = 'email_required';
SELECT qutecart.register_customer('Phil', '15550100200', NULL, 'correct horse', 'US');
SELECT is((SELECT count(*) FROM qutecart.outbox), 0::bigint, 'without an e-mail nobody can be');
SELECT throws_ok(format($$SELECT qutecart.register_customer('X', NULL, 'x@test.example', 'correct horse', 'US', locale => %L)$$, tag), 'QC422', NULL, format('"%s" is no language', tag))
FROM (VALUES ('english'), ('e'), ('en_US'), ('en-'), ('EN'), ('en-x'), ('12'), (E'en\n')) t (tag);
SELECT lives_ok(format($$SELECT qutecart.register_customer('X', NULL, %L, 'correct horse', 'US', locale => %L)$$, tag || '@test.example', tag), format('"%s" is one', tag))
FROM (VALUES ('en'), ('zh-Hant-TW'), ('pt-BR'), ('kok')) t (tag);
SELECT is(tests.mails_to('pt-BR@test.example'), 'welcome en', 'one that mails are not written in reads the marketplace''s');
SELECT qutecart.register_seller('Ann', '+1555000100', 'ann@test.example', 'correct horse', 'correct horse', 'Ann''s Teas', locale => 'bn')::jsonb #>> '{data,access,token}' AS ann \gset
SELECT tests.shop_id('ann') AS shop \gset
SELECT is(tests.mails(:shop), 'welcome', 'a seller is welcomed with his shop');
SELECT ok(tests.read(:shop, 'welcome') ~ 'Ann''s Teas', 'by its name');
SELECT is(tests.does(:'ann', 'SELECT qutecart.update_seller_profile(locale => ''en'') ->> ''message'''), 'Profile is updated successfully', 'he may choose another language');
SELECT matches(tests.does(:'ann', 'SELECT qutecart.update_seller_profile(locale => ''nonsense!'')'), '^refused QC422', 'that is one');
UPDATE qutecart.settings SET value = 'true' WHERE key = 'seller_approval';
SELECT tests.seller('rita');
SELECT ok(tests.read(tests.shop_id('rita'), 'welcome') ~ 'before it opens', 'one who waits for approval is told so');

-- Codes
SELECT tests.forget();
SELECT qutecart.forgot_password('carl@test.example'), qutecart.send_code('carl@test.example');
SELECT is(tests.mails_to('carl@test.example'), 'password_reset de, verification_code de', 'codes come in his language');
SELECT ok(qutecart.mail_preview('password_reset', o.payload, 'de', 'text') ~ ('ein: ' || (o.payload ->> 'code')), 'with the code')
FROM qutecart.outbox o WHERE kind = 'mail.password_reset';

-- Staff
SELECT tests.forget();
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) VALUES (:shop, 'staff', 5);
SELECT tests.does(:'ann', $$SELECT qutecart.add_staff('carl@test.example')$$), tests.does(:'ann', $$SELECT qutecart.add_staff('new@test.example', 'Nina')$$);
SELECT is(tests.mails_to('carl@test.example') || ' | ' || tests.mails_to('new@test.example'), 'staff_invited de | staff_invited en', 'staff are invited, each in his language');
SELECT ok(qutecart.mail_preview('staff_invited', payload, 'en', 'text') ~ (CASE WHEN payload ->> 'to' ~ 'carl' THEN 'invites you' ELSE 'made a staff account' END),
    'and told what that means for ' || (payload ->> 'to')) FROM qutecart.outbox WHERE kind = 'mail.staff_invited';

-- A subscription's life
CREATE FUNCTION tests.days(int) RETURNS bigint LANGUAGE sql AS 'SELECT extract(epoch FROM now())::bigint - 1767225600 + $1 * 86400';
CREATE FUNCTION tests.day(int) RETURNS text LANGUAGE sql AS $$SELECT to_char((now() + $1 * interval '1 day') AT TIME ZONE 'UTC', 'FMMonth FMDD, YYYY')$$;
CREATE FUNCTION tests.sub(id text, happened numeric, plan text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT tests.subscription(id, happened, jsonb_build_object('shop', tests.shop_id('ann'), 'id', 'sub_a', 'customer', 'cus_a', 'price', 'price_' || plan,
        'period', jsonb_build_array(tests.days(-10), tests.days(20))) || more) $$;
CREATE FUNCTION tests.bill(id text, happened numeric, type text, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT tests.invoice(id, happened, '{"customer": "cus_a", "parent": {"subscription_details": {"subscription": "sub_a"}}}' || more, type) $$;
SELECT tests.forget();
SELECT tests.deliver(tests.sub('evt_1', tests.days(-10) + 0, 'starter'));
SELECT is(tests.mails(:shop), 'subscription_confirmation', 'a subscription is confirmed');
SELECT tests.deliver(tests.bill('evt_2', tests.days(-10) + 1, 'invoice.paid', '{"id": "in_1", "amount_paid": 2000, "hosted_invoice_url": "https://invoice.stripe.com/i/1"}'),
    tests.bill('evt_3', tests.days(-10) + 1, 'invoice.payment_succeeded', '{"id": "in_1", "amount_paid": 2000, "hosted_invoice_url": "https://invoice.stripe.com/i/1"}'));
SELECT is(tests.mails(:shop), 'subscription_confirmation payment_succeeded', 'a payment that arrives is told of once, however many events say so');
SELECT ok(t.mail ~ '\$20\.00 USD' AND t.mail ~ 'https://invoice.stripe.com/i/1', 'with amount and invoice') FROM tests.read(:shop, 'payment_succeeded') t (mail);
SELECT tests.deliver(tests.bill('evt_4', tests.days(-10) + 2, 'invoice.paid', '{"id": "in_0", "amount_paid": 0}'));
SELECT tests.deliver(tests.bill('evt_5', tests.days(-10) + 3, 'invoice.paid', '{"id": "in_2", "amount_paid": 500, "hosted_invoice_url": "javascript:alert(1)"}'));
SELECT is(tests.mails(:shop), 'subscription_confirmation payment_succeeded payment_succeeded', 'a bill about nothing is not');
SELECT is(tests.mail(:shop, 'payment_succeeded') -> 'invoice_url', 'null', 'a link that leads nowhere safe is left out');
SELECT tests.forget();
SELECT tests.deliver(tests.sub('evt_6', tests.days(-10) + 10, 'growth'), tests.sub('evt_7', tests.days(-10) + 11, 'growth'));
SELECT is(tests.mails(:shop), 'subscription_upgraded', 'an upgrade is told of once');
SELECT ok(t.mail ~ 'from the Starter plan to Growth' AND t.mail ~ 'Products: 1,000', 'with what it brings') FROM tests.read(:shop, 'subscription_upgraded') t (mail);
SELECT tests.forget();
SELECT tests.deliver(tests.sub('evt_8', tests.days(-10) + 20, 'starter'), tests.sub('evt_9', tests.days(-10) + 21, 'starter'));
SELECT is(tests.mails(:shop), 'downgrade_scheduled', 'a downgrade is told of when it is planned');
SELECT ok(t.mail ~ ('On ' || tests.day(20)) AND t.mail ~ 'from Growth to the Starter plan' AND t.mail ~ 'Products: 100', 'with its day and limits') FROM tests.read(:shop, 'downgrade_scheduled') t (mail);
SELECT tests.forget();
SELECT tests.deliver(tests.sub('evt_10', tests.days(-10) + 30, 'growth', '{"cancel_at_period_end": true, "canceled_at": 1767225630}'), tests.sub('evt_11', tests.days(-10) + 31, 'growth', '{"cancel_at_period_end": true, "canceled_at": 1767225630}'));
SELECT is(tests.mails(:shop), 'subscription_canceled', 'that it will end is told once');
SELECT ok(tests.read(:shop, 'subscription_canceled') ~ ('Growth subscription .* ends on ' || tests.day(20)), 'with the day');
SELECT tests.deliver(tests.sub('evt_12', tests.days(-10) + 32, 'growth')), tests.deliver(tests.sub('evt_13', tests.days(-10) + 33, 'growth', '{"cancel_at_period_end": true, "canceled_at": 1767225633}'));
SELECT is(tests.mails(:shop), 'subscription_canceled subscription_canceled', 'and again, when it was resumed and canceled anew');
SELECT tests.forget();
SELECT tests.deliver(tests.sub('evt_14', tests.days(-1), 'growth', '{"status": "canceled", "ended_at": 1790000000}'));
SELECT is(tests.mails(:shop), 'subscription_canceled', 'when it has ended, that is told');
SELECT ok(t.mail ~ 'Growth subscription .* has ended', 'of the plan it was') FROM tests.read(:shop, 'subscription_canceled') t (mail);
SELECT tests.forget();
SELECT qutecart.stripe_rebuild(:shop);
SELECT is(tests.mails(:shop), 'none', 'looking at the events again tells nobody anything');
UPDATE qutecart.users SET locale = 'ar' WHERE email = 'ann@test.example';
SELECT tests.deliver(tests.subscription('evt_20', tests.days(0) + 100, jsonb_build_object('shop', :shop, 'id', 'sub_b', 'customer', 'cus_a', 'price', 'price_growth', 'created', tests.at(tests.days(0) + 100))));
SELECT is(tests.mail(:shop, 'subscription_confirmation') ->> 'locale', 'ar', 'all in the owner''s language');
SELECT ok(tests.mail(:shop, 'subscription_confirmation') -> 'has_priority_support' = 'true', 'a plan with priority support says so');

-- In the transaction that causes it
SELECT tests.forget();
SAVEPOINT cause;
SELECT tests.deliver(tests.subscription('evt_21', tests.days(0) + 200, jsonb_build_object('shop', :shop, 'id', 'sub_b', 'customer', 'cus_a', 'price', 'price_enterprise', 'created', tests.at(tests.days(0) + 100))));
SELECT is(tests.mails(:shop), 'subscription_upgraded', 'a mail is there with its cause');
ROLLBACK TO cause;
SELECT is(tests.mails(:shop), 'none', 'and gone with it');
SAVEPOINT cause;
DELETE FROM qutecart.mail_templates WHERE name = 'subscription_upgraded';
SELECT is(tests.deliver(tests.subscription('evt_22', tests.days(0) + 200, jsonb_build_object('shop', :shop, 'id', 'sub_b', 'customer', 'cus_a', 'price', 'price_enterprise', 'created', tests.at(tests.days(0) + 100)))),
    '{"applied":0,"ignored":0,"parked":0,"failed":1,"dead":0}', 'what cannot be written is an error of its cause, which waits');
ROLLBACK TO cause;

-- Limits
SELECT tests.forget();
UPDATE qutecart.users SET locale = 'en' WHERE email = 'ann@test.example';
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) VALUES (:shop, 'orders', 10), (:shop, 'products', 10);
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT :shop, n, n, 1 FROM generate_series(1, 8) n;
SELECT ok(t.mail ~ '80%: 8 of 10 products', 'a warning says how much is used') FROM tests.read(:shop, 'limit_warning') t (mail);
INSERT INTO qutecart.orders (shop_id, customer_id, order_code, prefix, payable_amount, total_amount) SELECT :shop, tests.user_id('carl'), 'RC' || n, 'RC', 1, 1 FROM generate_series(1, 10) n;
SELECT is(tests.mails(:shop), 'limit_warning limit_warning limit_warning order_limit_reached', 'the last order of the month is told of by a mail of its own');
SELECT ok(tests.read(:shop, 'order_limit_reached') ~ ('refused until ' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'FMMonth FMDD, YYYY')), 'with the day that orders are taken again');
SELECT tests.forget();
SELECT qutecart.suppress('ann@test.example', 'unsubscribe');
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT :shop, n, n, 1 FROM generate_series(9, 10) n;
SELECT is(tests.mails(:shop), 'none', 'O34: who unsubscribed gets no warning');
SELECT is((SELECT count(*) FROM qutecart.usage_warnings WHERE shop_id = :shop AND metric = 'products'), 3::bigint, 'which counts as given');
SELECT qutecart.forgot_password('ann@test.example');
SELECT is(tests.mails_to('ann@test.example'), 'password_reset en', 'O34: but what he needs');

-- Nobody to write to
UPDATE qutecart.users SET email = NULL, phone = '15550000001' WHERE email = 'ann@test.example';
SELECT tests.forget();
SELECT is(tests.deliver(tests.subscription('evt_23', tests.days(0) + 300, jsonb_build_object('shop', :shop, 'id', 'sub_b', 'customer', 'cus_a', 'price', 'price_enterprise', 'created', tests.at(tests.days(0) + 100)))),
    '{"applied":1,"ignored":0,"parked":0,"failed":0,"dead":0}', 'an owner without an e-mail holds nothing up');
DELETE FROM qutecart.shop_members WHERE shop_id = :shop;
SELECT is(tests.deliver(tests.subscription('evt_24', tests.days(0) + 400, jsonb_build_object('shop', :shop, 'id', 'sub_b', 'customer', 'cus_a', 'price', 'price_enterprise', 'status', 'canceled', 'ended_at', tests.at(tests.days(0) + 400), 'created', tests.at(tests.days(0) + 100)))),
    '{"applied":1,"ignored":0,"parked":0,"failed":0,"dead":0}', 'nor does a shop without an owner');
SELECT is(tests.mails(:shop), 'none', 'nothing is written to nobody');
SELECT * FROM finish();
ROLLBACK;
