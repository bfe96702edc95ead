-- test/pgtap/commands.sql
-- Requests that wait for somebody outside: what a shop sees of them, and what the gateway.
\ir world/people.sql
\ir world/http.sql
SELECT no_plan();
SELECT tests.seller('ann') #>> '{access,token}' AS ann, tests.seller('bob') #>> '{access,token}' AS bob \gset
CREATE FUNCTION tests.ask(question text DEFAULT NULL) RETURNS json LANGUAGE sql AS $$ SELECT qutecart.begin_command('app.ask', 'Asked.') $$;
CREATE FUNCTION tests.lie(name text) RETURNS json LANGUAGE plpgsql AS $$
BEGIN PERFORM qutecart.reply_header(name, '1/a'); RETURN '{}'; END $$;
SELECT qutecart.route('POST /api/t/ask', 'tests.ask', actor => 'member') \g /dev/null
SELECT qutecart.route('POST /api/t/lie', 'tests.lie') \g /dev/null
CREATE FUNCTION tests.command(who text) RETURNS qutecart.commands LANGUAGE sql AS
    $$ SELECT c FROM qutecart.commands c WHERE c.shop_id = tests.shop_id(who) ORDER BY c.created_at DESC LIMIT 1 $$;

-- A handler begins one
SELECT tests.sends('POST', '/api/t/ask', tests.bearer(:'ann')) AS reply \gset
SELECT id AS id, shop_id || '/' || id AS ticket FROM tests.command('ann') \gset
SELECT is(:'reply'::jsonb -> 'body', jsonb_build_object('message', 'Asked.', 'data', jsonb_build_object('id', :'id', 'status', 'pending',
    'status_url', '/api/commands/' || :'id')), 'a pending answer says where to ask');
SELECT is((:'reply'::jsonb ->> 'status') || ' ' || (:'reply'::jsonb #>> '{headers,qutecart-await}'), '202 ' || :'ticket', 'and names its ticket to the gateway');
SELECT is(tests.does(:'ann', 'SELECT tests.ask() #>> ''{data,status}'''), 'pending', 'a SQL client gets the same answer');
SELECT matches(tests.does(NULL, 'SELECT tests.ask()'), 'unauthenticated|no_shop', 'who acts for no shop begins none');

-- Who sees it
SELECT is(tests.tries('GET', '/api/commands/' || :'id', tests.bearer(:'ann')) #>> '{body,status}', 'pending', 'its shop sees that it is pending');
SELECT is(tests.tries('GET', '/api/commands/' || :'id', tests.bearer(:'ann')) #>> '{headers,retry-after}', '1', 'and when to look again');
SELECT is(tests.tries('GET', '/api/commands/' || v.id, tests.bearer(:'bob')) #>> '{body,detail}', 'Command not found', v.what || ' has no command')
FROM (VALUES (:'id'::uuid, 'another shop''s id: this shop'), (gen_random_uuid(), 'nobody''s id: this shop')) v (id, what);
SELECT is(tests.tries('GET', '/api/commands/' || :'id') ->> 'status', '401', 'nobody is told nothing');
SELECT is(tests.does(:'bob', 'SELECT count(*) FROM qutecart.commands'), '0', 'another shop sees no row of it');
SELECT is(tests.does(:'ann', 'SELECT count(*) FROM qutecart.commands'), '2', 'its own does');
SELECT matches(tests.does(:'ann', 'UPDATE qutecart.commands SET reply_status = 200'), 'refused 42501', 'nobody gives himself a reply');
SELECT matches(tests.does(:'ann', 'SELECT qutecart.finish_command(1, gen_random_uuid(), 200, ''{}'')'), 'refused 42501', 'by no way');
SELECT matches(tests.does(:'ann', format('SELECT count(*) FROM qutecart.awaited(''{%s}'')', :'ticket')), 'refused 42501', 'a ticket is of use to the gateway alone');
SELECT matches(tests.does(:'ann', 'SELECT qutecart.flush()'), 'refused 42501', 'so is a flush');

-- The gateway asks
SELECT is((SELECT count(*) FROM qutecart.awaited(ARRAY[:'ticket'])), 0::bigint, 'what is pending is not there yet');
SELECT is(qutecart.finish_command(tests.shop_id('bob'), :'id', 200, '{}'), false, 'under another shop''s number nothing is finished');
SELECT is(qutecart.finish_command(tests.shop_id('ann'), :'id', 402, '{"code": "declined"}'), true, 'the first reply stays');
SELECT is(qutecart.finish_command(tests.shop_id('ann'), :'id', 200, '{}'), false, 'a second one does not replace it');
SELECT is((SELECT (a.ticket = :'ticket') || ' ' || a.status || ' ' || a.headers || a.body FROM qutecart.awaited(ARRAY[:'ticket']) a),
    E'true 402 Content-Type: application/problem+json\nCache-Control: private, no-store\n{"code": "declined"}', 'what is done is there, as the client gets it');
SELECT is((SELECT count(*) FROM qutecart.awaited(ARRAY[tests.shop_id('bob') || '/' || :'id'])), 0::bigint,
    'an id under another shop''s number finds nothing');
SELECT is((SELECT count(*) FROM qutecart.awaited(ARRAY[v.ticket, :'ticket'])), 1::bigint, format('a ticket like "%s" is passed over', v.ticket))
FROM (VALUES (''), ('1'), ('1/'), ('0/' || :'id'), ('x/' || :'id'), ('1/' || replace(:'id', '-', 'x')), ('99999999999999999999/' || :'id'), (NULL)) v (ticket);
SELECT is(tests.tries('GET', '/api/commands/' || :'id', tests.bearer(:'ann')) #> '{body,reply}', '{"status": 402, "body": {"code": "declined"}}', 'its shop sees the reply');

-- The same request again
SELECT tests.sends('POST', '/api/t/ask', tests.bearer(:'bob', 'idempotency-key: k')) #>> '{headers,qutecart-await}' AS first \gset
SELECT is(tests.sends('POST', '/api/t/ask', tests.bearer(:'bob', 'idempotency-key: k')) #>> '{headers,qutecart-await}', :'first', 'a repeated request waits for the same command');
SELECT qutecart.finish_command(shop_id, id, 201, '{"done": true}') FROM tests.command('bob') \g /dev/null
SELECT is(tests.sends('POST', '/api/t/ask', tests.bearer(:'bob', 'idempotency-key: k')), '{"status": 201, "body": {"done": true}, "headers":
    {"content-type": "application/json", "cache-control": "private, no-store", "idempotent-replayed": "true"}}', 'and gets the reply when that is there');
SELECT is(count(*), 1::bigint, 'it happened once') FROM qutecart.commands WHERE shop_id = tests.shop_id('bob');

-- What a handler may not say
SELECT is(tests.tries('POST', '/api/t/lie', 'content-type: application/json', format('{"name": "%s"}', v.name)) ->> 'status', v.status, format('a handler that sets %s: %s', v.name, v.status))
FROM (VALUES ('X-Mine', '200'), ('Qutecart-Await', '422'), ('qutecart-durability', '422')) v (name, status);

-- Retention
UPDATE qutecart.commands SET created_at = now() - interval '31 days' WHERE shop_id = tests.shop_id('bob');
SELECT is(qutecart.job_retention(), 1::bigint, 'after 30 days a command is forgotten');
SELECT * FROM finish();
