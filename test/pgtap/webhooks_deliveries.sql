-- test/pgtap/webhooks_deliveries.sql
-- The log of deliveries as the owner sees it, sending again, and what becomes of waiting
-- messages when a webhook is switched off.
\ir world/vendors.sql
SELECT no_plan();
UPDATE qutecart.plans SET features = features || '{"api_access": true}';
CREATE TEMP TABLE hook AS SELECT w.who, (pg_temp.call(w.who, 'POST /api/seller/webhooks', '{"url": "https://hooks.example/"}') #>> '{data,webhook,id}')::bigint AS id FROM (VALUES ('Vera')) w (who);
INSERT INTO hook SELECT 'Nora', (pg_temp.call('Nora', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/"}') #>> '{data,webhook,id}')::bigint;
CREATE FUNCTION pg_temp.hook(what text DEFAULT '', who text DEFAULT 'Vera') RETURNS text LANGUAGE sql AS $$SELECT '/api/seller/webhooks/' || id || what FROM hook WHERE hook.who = $2$$;
CREATE FUNCTION pg_temp.seen(query text DEFAULT '', who text DEFAULT 'Vera') RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(nullif(string_agg(concat_ws(' ', d ->> 'event_type', d ->> 'attempt', d ->> 'outcome', d ->> 'status'), ', ' ORDER BY n), ''), 'none') || ' of ' || (c #>> '{data,total}')
    FROM pg_temp.call(who, 'GET ' || pg_temp.hook('/deliveries' || query, who)) c LEFT JOIN LATERAL jsonb_array_elements(c #> '{data,deliveries}') WITH ORDINALITY d (d, n) ON true GROUP BY c $$;
-- Send what waits: claim it, and settle each as the kinds of answers say.
CREATE FUNCTION pg_temp.send(outcome text, status integer) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(qutecart.outbox_settle(m.id, m.lease_token, outcome, 'because', status, 'Bad "answer" ☂')) FROM (SELECT * FROM qutecart.outbox_claim(100, 100) OFFSET 0) m $$;
CREATE FUNCTION pg_temp.wait() RETURNS void LANGUAGE sql AS $$UPDATE qutecart.outbox SET state = 'ready', due_at = now() WHERE state = 'waiting'$$;

SELECT is(pg_temp.seen(), 'none of 0', 'at first there is nothing');
INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (pg_temp.id('Teas'), 'Jug', 'jug', 5), (pg_temp.id('Cups'), 'Cup', 'cup', 5);
SELECT is(pg_temp.send('retry', 503), 2::bigint, 'two messages are tried');
SELECT is(pg_temp.seen(), 'product.created 1 retry 503 of 1', 'a failed attempt is listed');
SELECT is(c #> '{data,deliveries,0}' #- '{id}' #- '{created_at}' #- '{message_id}' #- '{duration_ms}' #- '{payload,timestamp}' #- '{payload,data}',
    jsonb_build_object('webhook_id', h.id, 'event_type', 'product.created', 'attempt', 1, 'outcome', 'retry', 'status', 503, 'reason', 'because', 'response', 'Bad "answer" ☂',
    'replayed_at', NULL, 'payload', '{"type": "product.created"}'::jsonb), 'with its answer, and the payload that waits')
FROM hook h, pg_temp.call('Vera', 'GET ' || pg_temp.hook('/deliveries')) c WHERE h.who = 'Vera';
SELECT pg_temp.wait();
SELECT is(pg_temp.send('dead', 410), 2::bigint, 'they are given up');
SELECT is(pg_temp.seen(), 'product.created 2 dead 410, product.created 1 retry 503 of 2', 'newest first');
SELECT is(c #>> '{data,deliveries,1,payload,data,product,name}', 'Jug', 'the payload of an earlier attempt is the message''s') FROM pg_temp.call('Vera', 'GET ' || pg_temp.hook('/deliveries')) c;
UPDATE qutecart.products SET price = 6;
SELECT is(pg_temp.send('delivered', 200), 2::bigint, 'another is delivered');
SELECT is(pg_temp.seen(f.query), f.wanted, 'filter ' || f.query) FROM (VALUES ('?outcome=dead', 'product.created 2 dead 410 of 1'), ('?outcome=delivered', 'product.updated 1 delivered 200 of 1'),
    ('?event_type=product.created&per_page=1', 'product.created 2 dead 410 of 2'), ('?event_type=product.created&per_page=1&page=2', 'product.created 1 retry 503 of 2'),
    ('?event_type=order.paid', 'none of 0'), ('?message_id=msg_0', 'none of 0')) f (query, wanted);
SELECT is(pg_temp.call('Vera', 'GET ' || pg_temp.hook('/deliveries?message_id=' || (c #>> '{data,deliveries,1,message_id}'))) #> '{data,total}', '2', 'all attempts of a message')
FROM pg_temp.call('Vera', 'GET ' || pg_temp.hook('/deliveries')) c;
SELECT is(pg_temp.status('Vera', 'GET ' || pg_temp.hook('/deliveries?outcome=good')), 422, 'another word is refused');
SELECT is(pg_temp.call('Vera', 'GET /api/seller/webhooks/deliveries') #> '{data,total}', '3', 'all webhooks'' deliveries are listed together as well');

-- Somebody else.
SELECT is(pg_temp.status('Nora', 'GET ' || pg_temp.hook('/deliveries')), 404, 'T18: of another shop''s webhook nothing is listed');
SELECT is(pg_temp.status('Nora', 'POST ' || pg_temp.hook('/replay'), '{}'), 404, 'T18: nor replayed');
SELECT is(c #>> '{data,total}' || (c #>> '{data,deliveries,0,payload,data,product,name}'), '3Cup', 'T18: a shop lists its own') FROM pg_temp.call('Nora', 'GET /api/seller/webhooks/deliveries') c;
SELECT is(pg_temp.call('Sam', e.endpoint, e.body) ->> 'code', 'forbidden', 'staff may not ' || left(e.endpoint, 30)) FROM (VALUES ('GET /api/seller/webhooks/deliveries', NULL),
    ('GET ' || pg_temp.hook('/deliveries'), NULL), ('POST ' || pg_temp.hook('/replay'), '{}')) e (endpoint, body);
SELECT is(pg_temp.sql_as('Vera', 'SELECT count(*) FROM qutecart.webhook_deliveries'), '3', 'a SQL client sees them');
SELECT is(pg_temp.sql_as('Vera', 'SELECT payload FROM qutecart.outbox_log'), 'refused 42501', 'without payloads');

-- Again.
CREATE TEMP TABLE ended AS SELECT d FROM jsonb_array_elements(pg_temp.call('Vera', 'GET ' || pg_temp.hook('/deliveries?outcome=dead')) #> '{data,deliveries}') d;
SELECT is(c -> 'data', jsonb_build_object('count', 1, 'message_ids', jsonb_build_array(d -> 'message_id')), 'a dry run says what would be sent') FROM ended, pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), '{"dry_run": true}') c;
SELECT is((SELECT count(*) FROM qutecart.outbox), 0::bigint, 'and sends nothing');
SELECT is(pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), w.body) #> '{data,count}', '0', 'nothing is chosen by ' || w.body)
FROM (VALUES ('{"until": "2020-01-01T00:00:00Z"}'), ('{"since": "2100-01-01T00:00:00Z", "outcome": "all"}'), ('{"delivery_id": 99999999}'), ('{"delivery_id": 0}')) w (body);
SELECT is(pg_temp.status('Vera', 'POST ' || pg_temp.hook('/replay'), '{"message_id": "msg_none"}'), 404, 'a message that is none is not found');
CREATE TEMP TABLE theirs AS SELECT pg_temp.call('Nora', 'GET /api/seller/webhooks/deliveries?outcome=dead') #> '{data,deliveries,0}' AS d;
SELECT is(pg_temp.status('Vera', 'POST ' || pg_temp.hook('/replay'), format('{"message_id": "%s"}', d ->> 'message_id')), 404, 'T18: nor is another shop''s') FROM theirs;
SELECT is(pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), format('{"delivery_id": "%s"}', d ->> 'id')) #> '{data,count}', '0', 'T18: by no number either') FROM theirs;
SELECT is(pg_temp.status('Vera', 'POST ' || pg_temp.hook('/replay'), '{"outcome": "retry"}'), 422, 'what has not ended cannot be sent again');
SELECT is(c ->> 'http' || (c #>> '{data,count}'), '2021', 'a message is sent again') FROM ended, pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), format('{"message_id": "%s"}', d ->> 'message_id')) c;
SELECT is('msg_' || replace(o.public_id::text, '-', '') || (o.payload #>> '{data,product,name}'), d ->> 'message_id' || 'Jug', 'O11: under its id, with its payload') FROM qutecart.outbox o, ended;
SELECT is(pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), '{}') #> '{data,count}', '0', 'each end once');
SELECT is(pg_temp.send('delivered', 204), 1::bigint, 'it is delivered at last');
SELECT is(pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), format('{"delivery_id": %s, "outcome": "all"}', d ->> 'id')) #> '{data,count}', '1', 'what was delivered can be sent again, too')
FROM jsonb_array_elements(pg_temp.call('Vera', 'GET ' || pg_temp.hook('/deliveries?per_page=1')) #> '{data,deliveries}') d;

-- Switched off, deleted.
UPDATE qutecart.products SET price = 7;
SELECT is(pg_temp.status('Vera', 'PUT ' || pg_temp.hook(), '{"is_enabled": false}'), 200, 'switched off');
SELECT is((SELECT count(*) FROM qutecart.outbox WHERE shop_id = pg_temp.id('Teas')), 0::bigint, 'nothing waits for it any more');
SELECT is((SELECT count(*) FROM qutecart.outbox WHERE shop_id = pg_temp.id('Cups')), 1::bigint, 'others'' messages wait on');
SELECT is(pg_temp.seen('?per_page=2'), 'product.updated 0 dead, product.created 0 dead of 6', 'what waited is given up, untried');
SELECT is(pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), '{}') ->> 'code', 'conflict', 'to a disabled webhook nothing is sent again');
SELECT is(pg_temp.status('Vera', 'PUT ' || pg_temp.hook(), '{"is_enabled": true}'), 200, 'on again');
SELECT is(pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), '{}') #> '{data,count}', '2', 'it is sent what it missed');
UPDATE qutecart.plans SET features = features || '{"api_access": false}';
SELECT is(pg_temp.call('Vera', 'POST ' || pg_temp.hook('/replay'), '{}') ->> 'code', 'feature_not_in_plan', 'not without api_access');
SELECT is(pg_temp.status('Vera', 'DELETE ' || pg_temp.hook()), 200, 'deleted');
SELECT is((SELECT string_agg(DISTINCT reason, ',') FROM qutecart.outbox_log WHERE shop_id = pg_temp.id('Teas') AND attempt = 0), 'The endpoint is deleted.,The endpoint is disabled.', 'the log says why each was given up');
SELECT is(pg_temp.call('Vera', 'GET /api/seller/webhooks/deliveries') #> '{data,total}', '8', 'and outlives the webhook');
SELECT * FROM finish();
