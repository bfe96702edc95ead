-- test/pgtap/stripe_receive.sql
-- What is let in at POST /api/webhooks/stripe, and what is kept of it.
BEGIN;
\i test/pgtap/world/stripe.sql
\set thin `cat test/fixtures/stripe/thin.json`
\set customer `cat test/fixtures/stripe/customer.json`
\set invoice `cat test/fixtures/stripe/invoice.json`
\set old_invoice `cat test/fixtures/stripe/invoice_before_2025.json`
SELECT no_plan();

-- The whole way: status and body of the HTTP reply.
CREATE FUNCTION tests.post(body text, signature text) RETURNS text LANGUAGE sql AS $$
    SELECT h.status || ' ' || coalesce(h.body::jsonb ->> 'error', h.body)
    FROM qutecart.http('POST', '/api/webhooks/stripe', 'content-type: application/json' || coalesce(E'\nstripe-signature: '
        || signature, ''), convert_to($1, 'UTF8'), '127.0.0.1') h $$;
CREATE FUNCTION tests.kept() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM qutecart.stripe_events';
CREATE TEMPORARY TABLE body AS SELECT tests.subscription('evt_1', 0, '{"price": "price_starter"}')::text AS b;

SELECT is(tests.post(b, tests.sign(b)), '200 {"received":true}', 'S01: a signed event is received') FROM body;
SELECT is(convert_from(payload, 'UTF8'), b, 'its body is kept byte by byte') FROM qutecart.stripe_events, body;
SELECT is(row(status, type, object_id, is_live, attempts, api_version)::text,
    '(pending,customer.subscription.updated,sub_1Pgc6rB7WZ01zgkWNy0Cn5nw,f,0,2025-09-30.clover)',
    'with what it is about, to be applied later') FROM qutecart.stripe_events;
SELECT is(tests.post(b, tests.sign(b)), '200 {"received":true}', 'S06: the same event again is received') FROM body;
SELECT is(tests.kept(), 1::bigint, 'S07: and kept once');

DELETE FROM qutecart.stripe_events;
SELECT is(tests.post(b, NULL), '400 Invalid signature', 'S02: without a signature it is refused') FROM body;
SELECT is(tests.post(b, tests.sign(b, secret => 'whsec_other')), '400 Invalid signature',
    'S02: with another secret''s signature it is refused') FROM body;
SELECT is(tests.post(b || ' ', tests.sign(b)), '400 Invalid signature', 'S02: a changed body is refused') FROM body;
SELECT is(tests.post(b::jsonb::text || '', tests.sign(b::json::text || ' ')), '400 Invalid signature',
    'S02: the same JSON in other bytes is refused') FROM body;
SELECT is(tests.post(b, replace(tests.sign(b), 'v1=', 'v0=')), '400 Invalid signature', 'S02: scheme v0 alone is refused')
FROM body;
SELECT is(tests.post(b, tests.sign(b, clock_timestamp() - interval '10 minutes')), '400 Invalid signature',
    'S04: an old signature is refused') FROM body;
SELECT is(tests.post(b, tests.sign(b, clock_timestamp() + interval '10 minutes')), '400 Invalid signature',
    'S04: one from the future is refused') FROM body;
SELECT is(tests.post(b, tests.sign(b) || ',t=1'), '400 Invalid signature', 'S04: two times are refused') FROM body;
SELECT is(tests.kept(), 0::bigint, 'S02: nothing of a refused event is kept');
SELECT is(tests.post(b, 'v1=00,' || tests.sign(b)), '200 {"received":true}', 'S03: one of several signatures is enough')
FROM body;

SELECT is(tests.post(b, tests.sign(b)), '400 Invalid payload', 'a signed body that is ' || what || ' is refused')
FROM (VALUES ('', 'empty'), ('not json', 'no JSON'), ('[1]', 'no object'), ('{"id":"evt_x"', 'cut off'),
    ('{"type":"a.b"}', 'without an id'), ('{"id":"evt_x"}', 'without a type'), ('{"id":{},"type":"a"}', 'without a plain id'),
    ('{"id":"evt_\u0000","type":"a"}', 'with a NUL'), (repeat('[', 5000), 'a deep list'),
    ('{"id":"' || repeat('x', 300) || '","type":"a"}', 'with an endless id')) v (b, what);
SELECT is(tests.post(b, tests.sign(b)), '400 Wrong mode', 'S14: an event of live mode is refused where test mode is expected')
FROM (SELECT (tests.subscription('evt_live', 0, '{}') || '{"livemode": true}')::text AS b) v;
SELECT throws_ok(format('SELECT qutecart.receive_stripe_event(convert_to(%L, ''UTF8''), %L)', b, tests.sign(b)), 'QC413',
    'the event is larger than 262144 bytes', 'S17: an event over 256 KiB is refused')
FROM (SELECT jsonb_build_object('id', 'evt_big', 'type', 'a.b', 'x', repeat('x', 262144))::text AS b) v;
SELECT matches(tests.post(b, tests.sign(b)), '^413 ', 'S17: over HTTP too')
FROM (SELECT jsonb_build_object('id', 'evt_big', 'type', 'a.b', 'x', repeat('x', 262144))::text AS b) v;

SELECT is(tests.post(:'customer', tests.sign(:'customer')), '200 {"received":true}', 'S11: a type that means nothing here is received');
SELECT is(status, 'ignored', 'S11: and kept as ignored') FROM qutecart.stripe_events WHERE type = 'customer.updated';
SELECT is(tests.post(:'thin', tests.sign(:'thin')), '200 {"received":true}', 'S13: a thin event is received');
SELECT qutecart.apply_stripe_events();
SELECT is(row(status, error)::text, '(parked,"the event names an object without carrying it")',
    'S13: and parked, with what is wrong with it') FROM qutecart.stripe_events WHERE id = 'evt_test_65R';

-- What is found in the text without reading it whole
CREATE FUNCTION tests.stored(body text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE e qutecart.stripe_events;
BEGIN
    PERFORM tests.post(body, tests.sign(body));
    DELETE FROM qutecart.stripe_events WHERE id = body::json ->> 'id' RETURNING * INTO e;
    RETURN concat_ws(' ', coalesce(e.object_id, '-'), coalesce(e.account, '-'), e.status);
END $$;
SELECT is(tests.stored(b), want, what)
FROM (VALUES (:'invoice', (:'invoice'::json #>> '{data,object,parent,subscription_details,subscription}') || ' - pending', 'an invoice is filed under its subscription'),
    (:'old_invoice', (:'old_invoice'::json #>> '{data,object,subscription}') || ' - pending', 'wherever that stands'),
    ((jsonb_set(:'old_invoice', '{data,object,subscription}', '{"id": "sub_whole", "object": "subscription"}'))::text, 'sub_whole - pending', 'or as a whole'),
    ((jsonb_set(:'old_invoice', '{data,object,subscription}', 'null'))::text, (:'old_invoice'::json #>> '{data,object,id}') || ' - ignored', 'one of no subscription is nothing to us'),
    ('{"id":"e1","type":"a.b","created":1,"data":{"object":{"id":"o1"}}}', 'o1 - ignored', 'an unknown type is filed under its object'),
    ('{"id":"e2","type":"a.b","created":1,"data":{"id":"x","object":{"list":[{"id":"y"}],"child":{"id":"z"}}}}', '- - ignored', 'not under another id'),
    ('{"id":"e3","type":"a.b","created":1,"data":{"object":{"id":{"id":"deep"}}}}', '- - ignored', 'nor under one that is none'),
    ('{"id":"e4","type":"a.b","account":{"id":"acct_1"},"data":{"object":["id","o"]}}', '- acct_1 ignored', 'an account may be a whole one'),
    ('{"id":"e5","type":"a.b","data":{"object":"o"}}', '- - pending', 'a name alone is thin'),
    ('{"id":"e6","type":"invoice.paid","created":1,"data":{"object":{"id":"in_1","parent":["subscription_details",{"subscription":"sub_1"}]}}}', 'in_1 - ignored', 'a list is no object'),
    ('{"id":"e7","type":"invoice.paid","data":{"object":{"id":"in_1","subscription":"sub_1"}}}', 'in_1 - pending', 'a bill without a time waits for somebody to look'),
    ('{"id":"x","id":"e8","type":"a.b","type":"c.d","data":{"object":{"id":"p","id":"q"}}}', 'q - ignored', 'of a key that is given twice the last one counts'))
    v (b, want, what);

SELECT is(status, 405, 'the address takes no GET') FROM qutecart.http('GET', '/api/webhooks/stripe', '', '', '127.0.0.1');
SELECT function_privs_are('qutecart', f, a, 'qutecart_client', '{}', 'a SQL client may not call ' || f)
FROM (VALUES ('apply_stripe_events', ARRAY['integer']), ('stripe_replay', ARRAY['text']), ('stripe_rebuild', ARRAY['bigint']),
    ('set_subscription', ARRAY['bigint', 'text', 'text'])) v (f, a);
SELECT * FROM finish();
ROLLBACK;
