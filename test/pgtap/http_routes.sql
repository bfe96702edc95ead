-- test/pgtap/http_routes.sql
-- An operator publishes functions of his own; requests find them, and nothing else.
\ir world/people.sql
\ir world/http.sql
SELECT no_plan();

SELECT tests.seller('ann') #>> '{access,token}' AS ann, tests.seller('bob') #>> '{access,token}' AS bob,
    tests.customer('carl') #>> '{access,token}' AS carl, tests.customer('rita') #>> '{access,token}' AS rita \gset
SELECT tests.shop_id('ann') AS ann_shop \gset
INSERT INTO qutecart.user_roles (user_id, role_id) SELECT tests.user_id('rita'), id FROM qutecart.roles WHERE name = 'root';
CREATE FUNCTION tests.answer(status integer, answer jsonb) RETURNS text LANGUAGE sql AS $$SELECT status || ' ' || coalesce(answer #>> '{}', '')$$;
CREATE FUNCTION tests.gets(method text, target text, headers text DEFAULT '', body text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT (r ->> 'status') || ' ' || coalesce(CASE jsonb_typeof(r -> 'body') WHEN 'object' THEN coalesce(r #>> '{body,message}', r ->> 'body')
        ELSE r ->> 'body' END, '') FROM tests.tries(method, target, headers, body) r $$;

-- Publishing
CREATE FUNCTION tests.hello(name text DEFAULT 'you') RETURNS json LANGUAGE sql AS $$SELECT to_json('hello ' || name)$$;
CREATE FUNCTION tests.welcome() RETURNS json LANGUAGE sql AS $$SELECT to_json('welcome'::text)$$;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
SELECT is(tests.gets('GET', '/api/t/hello'), '404 The route api/t/hello could not be found.', 'what is not published is not found');
SELECT qutecart.route('GET /api/t/hello', 'tests.hello') \g /dev/null
SELECT is(tests.gets('GET', '/api/t/hello?name=ann'), '200 hello ann', 'a published function answers at once');
SELECT qutecart.route('GET /api/t/hello', 'tests.welcome', status => 203) \g /dev/null
SELECT is(tests.gets('GET', '/api/t/hello'), '203 welcome', 'published again, the endpoint has another function');
UPDATE qutecart.routes SET handler = 'tests.hello' WHERE path = '/api/t/hello';
SELECT is(tests.gets('GET', '/api/t/hello'), '203 hello you', 'a change made in the table itself counts as well');
CREATE OR REPLACE FUNCTION tests.hello(name text DEFAULT 'you') RETURNS json LANGUAGE sql AS $$SELECT to_json('bye ' || name)$$;
SELECT is(tests.gets('GET', '/api/t/hello'), '203 bye you', 'a replaced function answers with its new body');
DROP FUNCTION tests.hello(text);
CREATE FUNCTION tests.hello(whom text DEFAULT 'all') RETURNS text LANGUAGE sql AS $$SELECT 'hi ' || whom$$;
SELECT is(tests.gets('GET', '/api/t/hello?whom=x'), '403 This action is unauthorized.', 'a function created anew is not for clients until it is granted');
GRANT EXECUTE ON FUNCTION tests.hello TO qutecart_api;
SELECT is(tests.gets('GET', '/api/t/hello?whom=x'), '203 hi x', 'then it answers with its new arguments and result');
BEGIN;
DELETE FROM qutecart.routes WHERE path = '/api/t/hello';
SELECT is(tests.gets('GET', '/api/t/hello'), '404 The route api/t/hello could not be found.', 'a deleted route is gone');
ROLLBACK;
SELECT is(tests.gets('GET', '/api/t/hello'), '203 hi all', 'and back when that is undone');
DROP FUNCTION tests.hello;
SELECT is(tests.gets('GET', '/api/t/hello'), '500 Server Error', 'a route whose function is gone fails alone');
SELECT is(tests.gets('GET', '/api/t/nope'), '404 The route api/t/nope could not be found.', 'and harms no other path');
CREATE FUNCTION tests.hello(name text DEFAULT 'you') RETURNS json LANGUAGE sql AS $$SELECT to_json('hello ' || name)$$;
GRANT EXECUTE ON FUNCTION tests.hello TO qutecart_api;

-- What route() refuses, and says why
CREATE FUNCTION tests.twins(a text) RETURNS json LANGUAGE sql AS $$SELECT to_json(a)$$;
CREATE FUNCTION tests.twins(a integer) RETURNS json LANGUAGE sql AS $$SELECT to_json(a)$$;
CREATE FUNCTION tests.nameless(text) RETURNS json LANGUAGE sql AS $$SELECT to_json($1)$$;
CREATE FUNCTION tests.rows() RETURNS SETOF json LANGUAGE sql AS $$SELECT to_json(1)$$;
CREATE FUNCTION tests.number() RETURNS integer LANGUAGE sql AS $$SELECT 1$$;
CREATE FUNCTION tests.outs(OUT a json, INOUT b json) LANGUAGE sql AS $$SELECT b, b$$;
CREATE FUNCTION tests.anything(a anyelement) RETURNS json LANGUAGE sql AS $$SELECT to_json(a)$$;
CREATE PROCEDURE tests.procedure() LANGUAGE sql AS $$SELECT 1$$;
SELECT throws_ok(format('SELECT qutecart.route(%L, %L, bind => %L)', t.endpoint, t.handler, t.bind), t.state, t.message, t.what)
FROM (VALUES
    ('a method must be known', 'FETCH /x', 'tests.hello', '{}', '22023', 'endpoint "FETCH /x" is not of the form "METHOD /path"'),
    ('HEAD comes with GET', 'HEAD /x', 'tests.hello', '{}', '22023', 'endpoint "HEAD /x" is not of the form "METHOD /path"'),
    ('there must be a path', 'GET', 'tests.hello', '{}', '22023', 'endpoint "GET" is not of the form "METHOD /path"'),
    ('a path has no query', 'GET /x?a', 'tests.hello', '{}', '22023', 'endpoint "GET /x?a" is not of the form "METHOD /path"'),
    ('a path parameter needs an argument', 'GET /x/{id}', 'tests.hello', '{}', '42P13', 'the handler has no argument for path parameter "id"'),
    ('a handler has a schema', 'GET /x', 'hello', '{}', '42602', 'handler "hello" is not of the form "schema.function"'),
    ('a handler exists', 'GET /x', 'tests.nope', '{}', '42883', 'handler "tests.nope" does not exist'),
    ('a handler is not overloaded', 'GET /x', 'tests.twins', '{}', '42725', 'handler "tests.twins" is not unique'),
    ('arguments have names', 'GET /x', 'tests.nameless', '{}', '42P13', 'argument 1 of handler "tests.nameless" has no name'),
    ('a handler returns one value', 'GET /x', 'tests.rows', '{}', '42P13', 'handler "tests.rows" must be a function that returns json, jsonb, text or void'),
    ('of a kind that can be sent', 'GET /x', 'tests.number', '{}', '42P13', 'handler "tests.number" must be a function that returns json, jsonb, text or void'),
    ('and is no procedure', 'GET /x', 'tests.procedure', '{}', '42P13', 'handler "tests.procedure" must be a function that returns json, jsonb, text or void'),
    ('arguments have types', 'GET /x', 'tests.anything', '{}', '42P13', 'argument "a" of handler "tests.anything" has no type of its own'),
    ('bind names arguments', 'GET /x', 'tests.hello', '{"nope": "peer"}', '22023', 'bind names argument "nope", which the handler does not have'),
    ('bind names sources', 'GET /x', 'tests.hello', '{"name": "cookie:x"}', '22023', 'argument "name" cannot be bound to "cookie:x"'),
    ('sources are words', 'GET /x', 'tests.hello', '{"name": 1}', '22023', 'argument "name" cannot be bound to ""'),
    ('a source fits the type', 'GET /x', 'tests.hello', '{"name": "context"}', '42P13', 'argument "name" has a type that "context" does not fit')
) t (what, endpoint, handler, bind, state, message);
SELECT throws_ok('SELECT qutecart.route(''GET /x'', ''tests.outs'')', '42P13', NULL, 'arguments are plain');
SELECT throws_ok('SELECT qutecart.route(''GET /x'', ''tests.hello'', actor => ''king'')', '22023', 'unrecognized actor: "king"', 'an actor is known');
SELECT throws_ok('SELECT qutecart.route(''GET /x'', ''tests.hello'', lane => ''left'')', '22023', 'unrecognized lane: "left"', 'a lane is known');
SELECT throws_ok('SELECT qutecart.route(''GET /x'', ''tests.hello'', status => 404)', '22023', 'status 404 is not one of success', 'a route succeeds');
SELECT throws_ok('SELECT qutecart.route(''GET /x'', ''tests.hello'', max_body => -1)', '22023', 'max_body must not be negative', 'a body has a size');
SELECT throws_ok('SELECT qutecart.route(''POST /api/auth/login'', ''tests.hello'')', '42710', 'endpoint "POST /api/auth/login" is taken already',
    'a route of the extension cannot be replaced');
CREATE FUNCTION tests.by_id(id text) RETURNS json LANGUAGE sql AS $$SELECT to_json('id ' || id)$$;
CREATE FUNCTION tests.by_key(key text) RETURNS json LANGUAGE sql AS $$SELECT to_json('key ' || key)$$;
SELECT qutecart.route('GET /api/t/things/{id}', 'tests.by_id') \g /dev/null
SELECT throws_ok('SELECT qutecart.route(''GET /api/t/things/{key}'', ''tests.by_key'')', '42710',
    'endpoint "GET /api/t/things/{key}" is the same as "GET /api/t/things/{id}"', 'two routes do not differ by the name of a parameter alone');
SET ROLE qutecart_client;
SELECT throws_ok('SELECT qutecart.route(''GET /x'', ''qutecart.whoami'')', '42501', NULL, 'a client cannot publish');
RESET ROLE;

-- Finding
SELECT qutecart.route('GET /api/t/things/all', 'tests.welcome') \g /dev/null
SELECT qutecart.route('POST /api/t/things/{key}/x', 'tests.by_key') \g /dev/null
SELECT qutecart.route('GET /api/t/things/all/y', 'tests.welcome') \g /dev/null
SELECT is(tests.gets(t.method, t.path), t.wanted, t.what)
FROM (VALUES
    ('a literal is preferred to a parameter', 'GET', '/api/t/things/all', '200 welcome'),
    ('a parameter takes the rest', 'GET', '/api/t/things/al', '200 id al'),
    ('a literal that leads nowhere leads back to the parameter', 'POST', '/api/t/things/all/x', '200 key all'),
    ('a path is matched as decoded', 'GET', '/api/t/thing%73/all', '200 welcome'),
    ('its case counts', 'GET', '/api/t/Things/all', '404 The route api/t/Things/all could not be found.'),
    ('a last slash counts', 'GET', '/api/t/things/all/', '404 The route api/t/things/all/ could not be found.'),
    ('a doubled slash counts', 'GET', '/api//t/things/all', '404 The route api//t/things/all could not be found.'),
    ('a path with more segments than any route is not found', 'GET', repeat('/a', 40), '404 The route ' || substr(repeat('/a', 40), 2) || ' could not be found.'),
    ('the root is not found', 'GET', '/', '404 The route  could not be found.'),
    ('a method that a path does not have is told', 'PUT', '/api/t/things/1',
        '405 The PUT method is not supported for route api/t/things/1. Supported methods: GET, HEAD.'),
    ('so is one that nobody has', 'BREW', '/api/t/things/1',
        '405 The BREW method is not supported for route api/t/things/1. Supported methods: GET, HEAD.'),
    ('methods have capitals', 'get', '/api/t/things/1',
        '405 The get method is not supported for route api/t/things/1. Supported methods: GET, HEAD.'),
    ('a target is a path', 'GET', 'http://evil.example/api/t/things/1', '400 The path could be read in more than one way'),
    ('a fragment is none', 'GET', '/api/t/things/1#x', '400 The target holds a fragment'),
    ('the asterisk is for OPTIONS', 'GET', '*', '404 The route * could not be found.')
) t (what, method, path, wanted);
SELECT is(tests.tries('PUT', '/api/t/things/1') #>> '{headers,allow}', 'GET, HEAD', 'a 405 says which methods there are');
SELECT is(r ->> 'status' || ' ' || (r #>> '{headers,allow}') || ' ' || (r ->> 'body'), '204 GET, HEAD, OPTIONS ', 'OPTIONS asks for them')
FROM tests.tries('OPTIONS', '/api/t/things/all') r;
SELECT is(tests.gets('OPTIONS', '/api/t/nope'), '404 The route api/t/nope could not be found.', 'OPTIONS of nothing is not found');
SELECT is(tests.gets('HEAD', '/api/t/things/all'), '200 welcome', 'HEAD is answered as GET, the gateway leaves the body out');
SELECT is((r #>> '{body,default_max_body}') || ' ' || (SELECT e::text FROM jsonb_array_elements(r #> '{body,routes}') e WHERE e ->> 'path' = '/api/t/things/{id}'),
    '1048576 {"lane": "fast", "path": "/api/t/things/{id}", "method": "GET", "max_body": 1048576, "durability": "commit"}', 'the gateway can ask for all routes')
FROM tests.tries('OPTIONS', '*') r;
SELECT is((SELECT count(*) FROM jsonb_array_elements(tests.tries('OPTIONS', '*') #> '{body,routes}')), (SELECT count(*) FROM qutecart.routes),
    'and gets every one');

-- As whom a handler runs
CREATE TABLE tests.notes (note text);
GRANT INSERT, SELECT ON tests.notes TO qutecart_api;
CREATE FUNCTION tests.who() RETURNS json LANGUAGE sql AS $$SELECT json_build_object('role', current_user, 'actor', qutecart.whoami() ->> 'actor')$$;
CREATE FUNCTION tests.secret() RETURNS json LANGUAGE sql AS $$SELECT to_json(count(*)) FROM qutecart.sessions$$;
CREATE FUNCTION tests.escape() RETURNS json LANGUAGE plpgsql AS $$BEGIN SET ROLE postgres; RETURN to_json(1); END$$;
CREATE FUNCTION tests.note(note text, then_fail boolean DEFAULT false) RETURNS json LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tests.notes VALUES (note);
    IF then_fail THEN RAISE EXCEPTION USING ERRCODE = 'QC409', MESSAGE = 'not now'; END IF;
    RETURN to_json('noted'::text);
END $$;
CREATE FUNCTION tests.nest() RETURNS json LANGUAGE sql AS $$SELECT to_json(status) FROM qutecart.http('GET', '/api/t/things/all')$$;
SELECT qutecart.route(r.endpoint, r.handler, actor => r.actor)
FROM (VALUES ('GET /api/t/who', 'tests.who', 'anyone'), ('GET /api/t/secret', 'tests.secret', 'anyone'), ('GET /api/t/escape', 'tests.escape', 'anyone'),
    ('GET /api/t/note', 'tests.note', 'anyone'), ('POST /api/t/note', 'tests.note', 'anyone'), ('POST /api/t/nest', 'tests.nest', 'anyone'),
    ('GET /api/t/user', 'tests.who', 'user'), ('GET /api/t/customer', 'tests.who', 'customer'), ('GET /api/t/member', 'tests.who', 'member'),
    ('GET /api/t/admin', 'tests.who', 'admin')) r (endpoint, handler, actor) \g /dev/null
SELECT is(tests.tries('GET', '/api/t/who') #>> '{body,role}', 'qutecart_api', 'a handler runs as qutecart_api, whoever asks');
SELECT is((SELECT body::json ->> 'role' FROM qutecart.http('GET', '/api/t/who')), 'qutecart_api', 'also when a superuser asks');
SELECT is(tests.gets('GET', '/api/t/secret'), '403 This action is unauthorized.', 'and has no right to what that role may not read');
SELECT is(tests.gets('GET', '/api/t/escape'), '403 This action is unauthorized.', 'and cannot become somebody else');
REVOKE EXECUTE ON FUNCTION tests.who FROM qutecart_api;
SELECT is(tests.gets('GET', '/api/t/who'), '403 This action is unauthorized.', 'a handler taken from qutecart_api is not run');
GRANT EXECUTE ON FUNCTION tests.who TO qutecart_api;
SELECT is(tests.gets('GET', '/api/t/note?note=a'), '500 Server Error', 'what a GET runs cannot write');
SELECT is(tests.sends('POST', '/api/t/note?note=b') ->> 'status', '200', 'what a POST runs can');
SELECT is(tests.sends('POST', '/api/t/note?note=c&then_fail=1') ->> 'status', '409', 'a failure is answered');
SELECT is(array_agg(note), '{b}', 'and leaves nothing behind') FROM tests.notes;
SELECT is(tests.gets('POST', '/api/t/nest'), '500 Server Error', 'a request does not make requests');
SELECT is(tests.gets('GET', '/api/t/things/all'), '200 welcome', 'and the next request is none the worse');

-- The gateway
SET ROLE qutecart_gateway;
SELECT throws_ok('SELECT * FROM qutecart.routes', '42501', NULL, 'the gateway reads no table');
SELECT throws_ok('SELECT qutecart.login(''a'', ''b'')', '42501', NULL, 'and calls no other function');
SELECT is((SELECT status FROM qutecart.http('GET', '/api/t/things/all')), 200, 'but qutecart.http()');
RESET ROLE;

-- Who may ask
SELECT is(tests.gets('GET', '/api/t/' || t.route, tests.bearer(t.token)), t.wanted, t.what)
FROM (VALUES
    ('anybody may ask what is for anyone', 'who', NULL, '200 {"role": "qutecart_api", "actor": "nobody"}'),
    ('a token says who he is there', 'who', :'carl', '200 {"role": "qutecart_api", "actor": "customer"}'),
    ('a token that is not valid is no token there', 'who', 'forged', '200 {"role": "qutecart_api", "actor": "nobody"}'),
    ('what is for users takes a token', 'user', NULL, '401 Unauthenticated.'),
    ('a valid one', 'user', 'forged', '401 Unauthenticated.'),
    ('a customer is a user', 'user', :'carl', '200 {"role": "qutecart_api", "actor": "customer"}'),
    ('an owner is a user', 'user', :'ann', '200 {"role": "qutecart_api", "actor": "owner"}'),
    ('a customer buys', 'customer', :'carl', '200 {"role": "qutecart_api", "actor": "customer"}'),
    ('an owner buys as a customer', 'customer', :'ann', '200 {"role": "qutecart_api", "actor": "customer"}'),
    ('an owner is a member', 'member', :'ann', '200 {"role": "qutecart_api", "actor": "owner"}'),
    ('a customer is none', 'member', :'carl', '404 No shop associated with this user'),
    ('root is an admin', 'admin', :'rita', '200 {"role": "qutecart_api", "actor": "root"}'),
    ('an owner is none', 'admin', :'ann', '403 This account does not run the platform')
) t (what, route, token, wanted);
SELECT is(tests.tries('GET', '/api/t/user') #>> '{headers,www-authenticate}', 'Bearer', 'a 401 says what is missing');
SELECT is(tests.gets('GET', '/api/t/user', 'authorization: Basic ' || :'carl'), '401 Unauthenticated.', 'another scheme carries no token');
SELECT is(tests.gets('GET', '/api/t/user', 'authorization: bearer  ' || :'carl'), '200 {"role": "qutecart_api", "actor": "customer"}',
    'the case of the scheme does not count');
SELECT is(tests.gets('GET', '/api/t/user', tests.bearer(:'carl', tests.bearer(:'ann'))), '400 Header "authorization" is given twice', 'two tokens are refused');
SELECT is(tests.gets('GET', '/api/t/user?token=' || :'carl'), '401 Unauthenticated.', 'a token in a query is none');

-- One transaction, one person
BEGIN;
SELECT is(body::json ->> 'actor', 'customer', 'the first request of a transaction says who acts') FROM qutecart.http('GET', '/api/t/user', tests.bearer(:'carl'));
SELECT is(body::json ->> 'actor', 'customer', 'the same person may ask again') FROM qutecart.http('GET', '/api/t/user', tests.bearer(:'carl'));
SELECT is(body::json ->> 'code', 'context_already_set', 'another one may not') FROM qutecart.http('GET', '/api/t/user', tests.bearer(:'ann'));
SELECT is(body::json ->> 'code', 'context_already_set', 'nor nobody, who would act as the first') FROM qutecart.http('GET', '/api/t/who');
SELECT is(body::json ->> 'actor', 'customer', 'a refusal does not end who acts') FROM qutecart.http('GET', '/api/t/user', tests.bearer(:'carl'));
COMMIT;
BEGIN;
SELECT is(body::json ->> 'code', 'forbidden', 'a request that is refused') FROM qutecart.http('GET', '/api/t/admin', tests.bearer(:'ann'));
SELECT is(body::json ->> 'actor', 'nobody', 'leaves nobody acting') FROM qutecart.http('GET', '/api/t/who');
COMMIT;
SELECT is(body::json ->> 'actor', 'nobody', 'who acted is forgotten with the transaction') FROM qutecart.http('GET', '/api/t/who');

-- What a handler may say of its reply
CREATE FUNCTION tests.reply(status integer DEFAULT NULL, name text DEFAULT NULL, value text DEFAULT NULL) RETURNS json LANGUAGE sql AS
    $$SELECT json_build_object('agent', qutecart.request_header('User-Agent')) FROM (SELECT qutecart.reply_status(status), qutecart.reply_header(name, value)) x$$;
CREATE FUNCTION tests.nothing() RETURNS json LANGUAGE sql AS $$SELECT NULL::json$$;
CREATE FUNCTION tests.emptiness() RETURNS void LANGUAGE sql AS $$SELECT$$;
CREATE FUNCTION tests.words() RETURNS text LANGUAGE sql AS $$SELECT 'plain'::text$$;
CREATE FUNCTION tests.binary() RETURNS jsonb LANGUAGE sql AS $$SELECT '{"b":1,"a":2}'::jsonb$$;
CREATE FUNCTION tests.strict(a text DEFAULT NULL) RETURNS text LANGUAGE sql STRICT AS $$SELECT 'called'::text$$;
SELECT qutecart.route('GET /api/t/' || f, 'tests.' || f) FROM unnest('{reply,nothing,emptiness,words,binary,strict}'::text[]) f \g /dev/null
SELECT is(tests.tries('GET', '/api/t/reply?status=202') ->> 'status', '202', 'a handler may choose the status');
SELECT is(tests.tries('GET', '/api/t/reply?name=X-Page&value=3') #>> '{headers,x-page}', '3', 'and set a header');
SELECT is(tests.tries('GET', '/api/t/reply', 'user-agent: curl') #>> '{body,agent}', 'curl', 'and read one');
SELECT is(tests.gets('GET', '/api/t/reply?name=X-Page&value=3%0ASet-Cookie:x'), '500 Server Error', 'H26 a line break in a header fails the request');
SELECT is(tests.gets('GET', '/api/t/reply?name=X%20Page&value=3'), '500 Server Error', 'H26 so does a blank in its name');
SELECT is(tests.gets('GET', '/api/t/reply?status=99'), '500 Server Error', 'so does a status that is none');
SELECT is(tests.tries('GET', '/api/t/reply') #>> '{headers,x-page}', NULL, 'the next reply has nothing of it');
SELECT is(qutecart.request_header('User-Agent'), NULL, 'outside of HTTP there is no request');
SELECT lives_ok($$SELECT qutecart.reply_header('X', 'y'), qutecart.reply_status(201)$$, 'and no reply to change');
SELECT is(tests.gets('GET', '/api/t/nothing'), '204 ', 'NULL is no content');
SELECT is(tests.gets('GET', '/api/t/emptiness'), '204 ', 'nor is void');
SELECT is(tests.gets('GET', '/api/t/strict'), '204 ', 'a strict function is not called with NULL');
SELECT is(tests.gets('GET', '/api/t/strict?a=1'), '200 called', 'but else');
SELECT is(tests.tries('GET', '/api/t/words') #>> '{headers,content-type}', 'text/plain; charset=utf-8', 'text is text');
SELECT is((r #>> '{headers,content-type}') || ' ' || (r ->> 'body'), 'application/json {"a": 2, "b": 1}', 'jsonb is JSON') FROM tests.tries('GET', '/api/t/binary') r;

-- Entity tags
SELECT tests.tries('GET', '/api/t/words') #>> '{headers,etag}' AS etag \gset
SELECT matches(:'etag'::text, '^"[0-9]+-[0-9a-f]+"$', 'a reply has a strong ETag');
SELECT is(tests.tries('GET', '/api/t/words') #>> '{headers,etag}', :'etag', 'the same reply has the same');
SELECT isnt(tests.tries('GET', '/api/t/binary') #>> '{headers,etag}', :'etag', 'another one has another');
SELECT is(tests.gets('GET', '/api/t/words', 'if-none-match: ' || t.sent), t.wanted, t.what)
FROM (VALUES ('a client that has it is not sent it again', :'etag', '304 '), ('nor one that has several', '"1", ' || :'etag' || ', "2"', '304 '),
    ('nor one that knows it as weak', 'W/' || :'etag', '304 '), ('nor one that has anything', '*', '304 '),
    ('one that has another is', '"1"', '200 plain'), ('so is one that has a part of it', left(:'etag', -1), '200 plain')) t (what, sent, wanted);
SELECT is(tests.tries('GET', '/api/t/words', 'if-none-match: ' || :'etag') #>> '{headers,etag}', :'etag', 'a 304 tells the tag');
SELECT is(tests.tries('GET', '/api/t/words', 'if-none-match: ' || :'etag') #>> '{headers,vary}', 'Host, X-Shop-ID, Authorization', 'and Vary');
SELECT is(tests.tries('POST', '/api/t/note?note=x') #>> '{headers,etag}', NULL, 'a POST has no tag');
SELECT is(tests.tries('GET', '/api/t/nope') #>> '{headers,etag}', NULL, 'nor has a failure');
SELECT * FROM finish();
