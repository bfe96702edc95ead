-- test/pgtap/outbox.sql
-- Messages are enqueued with their cause, and by the platform alone.
\i test/pgtap/world/people.sql
\i test/pgtap/world/outbox.sql
SELECT no_plan();
SELECT tests.customer('cora') ->> 'id' AS cora, tests.token_of('cora@test.example') AS token \gset
DELETE FROM qutecart.outbox;

-- In the caller's transaction
BEGIN;
SELECT qutecart.enqueue('mail.test', '{"n": 1}');
SELECT tests.waiting() AS seen \gset
ROLLBACK;
SELECT is(:'seen'::text, '1 ready', 'a message is there for who enqueued it');
SELECT is(tests.waiting(), '', 'O01: it goes when its cause is rolled back');
BEGIN;
SAVEPOINT s;
SELECT qutecart.enqueue('mail.test', '{"n": 2}');
ROLLBACK TO s;
SELECT qutecart.enqueue('mail.test', '{"n": 3}');
COMMIT;
SELECT is(tests.waiting(), '3 ready', 'O01: or a part of it');
SELECT is(row(relpersistence, relkind)::text, '(p,r)', 'O01: it outlives a crash: ' || relname) FROM pg_class WHERE relname IN ('outbox_0', 'outbox_1');

-- What a message is
SELECT is(row(kind, shop_id, endpoint_id, key, attempts, state, lease_token)::text, '(mail.test,0,0,"",0,ready,)', 'without more it is the platform''s, at once, in any order')
FROM qutecart.outbox;
SELECT isnt(public_id, NULL, 'and has a name that receivers know it by') FROM qutecart.outbox;
DELETE FROM qutecart.outbox;
SELECT qutecart.enqueue('sms.test', '{"n": 4}', 7, 'order:1', '2099-01-01');
SELECT is(row(kind, shop_id, key, state, due_at = '2099-01-01')::text, '(sms.test,7,order:1,waiting,t)', 'it may wait for its time') FROM qutecart.outbox;
DELETE FROM qutecart.outbox;
SELECT qutecart.enqueue(k, '{}', s) FROM (VALUES ('mail.a', 1), ('mail.b', 1), ('mail.a', 2), ('stripe.a', 1), ('sms.a', 1), ('sms.a', 2)) v (k, s);
SELECT is(count(DISTINCT lane), 5::bigint, 'shops and channels have lanes of their own') FROM qutecart.outbox;
SELECT throws_ok($$SELECT qutecart.enqueue('Mail')$$, 'QC422', 'The kind must look like mail.welcome.', 'a kind has a channel');
SELECT throws_ok(format('SELECT qutecart.enqueue(%L)', k), 'QC422', NULL, k || ' is no kind') FROM unnest(ARRAY['', '.a', 'mail.', 'mail.A', 'ma il.a', 'mail']) k;
SELECT throws_ok($$SELECT qutecart.enqueue('webhook.order.created', '{}', 1)$$, 'QC422', NULL, 'webhooks are made by events');
SELECT throws_ok($$SELECT qutecart.enqueue('mail.a', '[]')$$, 'QC422', NULL, 'a payload is an object');
SELECT throws_ok($$SELECT qutecart.enqueue('mail.a', NULL)$$, 'QC422', NULL, 'and there is one');
SELECT throws_ok($$SELECT qutecart.enqueue('mail.a', '{}', 1, '', 'infinity')$$, 'QC422', NULL, 'never is no time');

-- Who may
SELECT matches(tests.asks(:'token', $$SELECT qutecart.enqueue('mail.a')$$), '^refused 42501', 'a customer cannot send mails of his own');
SELECT matches(tests.asks(NULL, $$SELECT qutecart.enqueue('mail.a')$$), '^refused 42501', 'nor can a client');
GRANT EXECUTE ON FUNCTION qutecart.enqueue(text, jsonb, bigint, text, timestamptz) TO qutecart_api;
SELECT is(tests.asks(:'token', $$SELECT qutecart.enqueue('mail.a')$$), 'refused 42501 : only the platform may enqueue messages', 'not even by a grant that was given by mistake');
REVOKE EXECUTE ON FUNCTION qutecart.enqueue(text, jsonb, bigint, text, timestamptz) FROM qutecart_api;
SELECT matches(tests.asks(:'token', what), '^refused 42501', 'nor may he ' || what)
FROM unnest(ARRAY['SELECT qutecart.outbox_claim()', $$SELECT qutecart.outbox_settle(1, 1, 'delivered')$$, 'SELECT count(*) FROM qutecart.outbox_0',
    'INSERT INTO qutecart.outbox (kind, lane) VALUES (''mail.a'', 1)', 'SELECT count(*) FROM qutecart.outbox_circuits',
    'SELECT count(*) FROM qutecart.outbox_notes', 'SELECT payload FROM qutecart.outbox_log']) what;
BEGIN;
SET LOCAL ROLE qutecart_owner;
SELECT qutecart.enqueue('mail.a') > 0 AS done \gset
ROLLBACK;
SELECT is(:'done'::text, 't', 'the owner''s functions may');
SELECT * FROM finish();
