-- test/pgtap/http_problem.sql
-- What a client reads when something fails: enough to go on, nothing of others.
\ir world/people.sql
\ir world/http.sql
SELECT no_plan();
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A handler that fails as told
CREATE FUNCTION tests.fail(state text, said text DEFAULT 'the secret is 42', detail text DEFAULT NULL, hint text DEFAULT NULL, slug text DEFAULT NULL)
    RETURNS json LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = state, MESSAGE = said, DETAIL = coalesce(detail, ''), HINT = coalesce(hint, ''), CONSTRAINT = coalesce(slug, '');
END $$;
SELECT qutecart.route('GET /api/t/fail', 'tests.fail') \g /dev/null
CREATE FUNCTION tests.failed(q text) RETURNS jsonb LANGUAGE sql AS $$SELECT tests.tries('GET', '/api/t/fail?' || q)$$;

SELECT is(tests.failed('state=QC404&said=no+such+thing&detail=There+is+none.&hint=Look+elsewhere.&slug=not_found') -> 'body',
    '{"type": "urn:qutecart:problem:not_found", "title": "Not found", "status": 404, "detail": "There is none.", "code": "not_found",
      "hint": "Look elsewhere.", "message": "No such thing"}', 'a failure of ours is told in full');
SELECT is(tests.failed('state=QC404') #>> '{headers,content-type}', 'application/problem+json', 'as a problem');
SELECT is((r ->> 'status') || ' ' || (r #>> '{body,code}') || ': ' || (r #>> '{body,message}'), t.wanted, t.what)
FROM (VALUES
    ('a failure without a word has the plainest one of its status', 'QC409', '409 conflict: The secret is 42'),
    ('one of an unknown status has none', 'QC418', '418 error: The secret is 42'),
    ('a value out of range is the client''s', '22003', '422 validation_failed: A value is not acceptable.'),
    ('a cast that fails too', '22P02', '422 validation_failed: A value is not acceptable.'),
    ('a broken rule too', '23514', '422 validation_failed: A value is not acceptable.'),
    ('a reference to nothing too', '23503', '422 validation_failed: A value is not acceptable.'),
    ('a taken value is a conflict', '23505', '409 conflict: The value has already been taken.'),
    ('a missing right is forbidden', '42501', '403 forbidden: This action is unauthorized.'),
    ('a missing table is ours', '42P01', '500 server_error: Server Error'),
    ('a division by nothing is the client''s value', '22012', '422 validation_failed: A value is not acceptable.'),
    ('an exception without a state is ours', 'P0001', '500 server_error: Server Error'),
    ('a lock that was not to be had is ours', '55P03', '500 server_error: Server Error'),
    ('a stack that overflows is ours', '54001', '500 server_error: Server Error'),
    ('an internal error is ours', 'XX000', '500 server_error: Server Error'),
    ('a state that only looks like ours is none', 'QCT01', '500 server_error: Server Error'),
    ('nor can it succeed', 'QC200', '500 server_error: Server Error')
) t (what, state, wanted) CROSS JOIN LATERAL tests.failed('state=' || t.state) r;
SELECT is((SELECT count(*)::integer FROM unnest('{22003,22P02,23514,23503,23505,42501,42P01,P0001,55P03,54001,XX000}'::text[]) state
        WHERE tests.failed('state=' || state || '&detail=the+secret+is+43&hint=the+secret+is+44')::text ~ 'secret'), 0,
    'T18 nothing that PostgreSQL says of its own failures goes out');
SELECT is(tests.failed('state=42P01') -> 'body', '{"type": "urn:qutecart:problem:server_error", "title": "Server Error", "status": 500,
    "code": "server_error", "message": "Server Error"}', 'a failure of ours says no more than that');
SELECT throws_ok(format('SELECT * FROM qutecart.http(%L, %L)', 'GET', '/api/t/fail?state=' || state), state, 'the secret is 42', what)
FROM (VALUES ('40001', 'what may be repeated as a whole is raised: a serialisation failure'), ('40P01', 'a deadlock'),
    ('53300', 'a lack of resources'), ('57P01', 'a shutdown')) t (state, what);
CREATE FUNCTION tests.cancelled() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT status FROM qutecart.http('GET', '/api/t/fail?state=57014'));
EXCEPTION WHEN query_canceled THEN
    RETURN 'raised';
END $$;
SELECT is(tests.cancelled(), 'raised', 'a cancel');
SELECT is(tests.failed('state=QC404') ->> 'status', '404', 'after which requests are answered as before');
SELECT is(tests.failed('state=QC422&said=%22Name%22+%3Cb%3E%0A%5C') #>> '{body,message}', E'"Name" <b>\n\\', 'words are escaped in JSON');
SELECT is(tests.tries('GET', '/api/t/<script>"%22') #>> '{body,message}', 'The route api/t/<script>"%22 could not be found.', 'so are paths');

-- Our own tables: constraints a client can meet have their own words
CREATE FUNCTION tests.person(email text DEFAULT NULL, phone text DEFAULT NULL, name text DEFAULT 'x', country text DEFAULT NULL, role text DEFAULT NULL)
    RETURNS json LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO qutecart.users (name, email, phone, country) VALUES (person.name, person.email, person.phone, person.country);
    IF person.role IS NOT NULL THEN INSERT INTO qutecart.user_roles (user_id, role_id) VALUES (1, -1); END IF;
    RETURN to_json(1);
END $$;
SELECT qutecart.route('POST /api/t/user', 'tests.person') \g /dev/null
SELECT tests.customer('carl') \g /dev/null
CREATE FUNCTION tests.registers(j text) RETURNS jsonb LANGUAGE sql AS $$SELECT tests.tries('POST', '/api/t/user', 'content-type: application/json', j)$$;
SELECT is((r ->> 'status') || ' ' || (r #>> '{body,message}') || ' ' || coalesce(r #>> '{body,errors}', ''), t.wanted, t.what)
FROM (VALUES
    ('a taken e-mail is said to be taken', '{"email": "Carl@test.example"}',
        '409 The email has already been taken. {"email": ["The email has already been taken."]}'),
    ('a missing contact is asked for', '{}', '422 The phone field is required. {"phone": ["The phone field is required."]}'),
    ('a rule without a name blames the field that was sent', '{"email": "no e-mail"}', '422 The email field is invalid. {"email": ["The email field is invalid."]}'),
    ('another one too', jsonb_build_object('email', 'd@test.example', 'country', repeat('x', 101))::text,
        '422 The country field is invalid. {"country": ["The country field is invalid."]}'),
    ('a column that was not sent is not named', '{"email": "d@test.example", "role": "1"}', '422 A value is not acceptable. ')
) t (what, j, wanted) CROSS JOIN LATERAL tests.registers(t.j) r;
SELECT ok(tests.registers('{"email": "Carl@test.example"}')::text !~* '(users|qutecart\.|_is_unique|carl)', 'T18 no table, constraint or value is named');
SELECT is((SELECT string_agg(name, ', ') FROM (
        SELECT conname::text AS name FROM pg_catalog.pg_constraint WHERE connamespace = 'qutecart'::regnamespace AND conname ~ '_is_unique$'
        UNION SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = 'qutecart'::regnamespace AND relkind = 'i' AND relname ~ '_is_unique$') c
    WHERE name !~ '^(country|currency|one_time_code|permission|session|plan_stripe|subscription_at)'
      AND tests.failed('state=23505&slug=' || name) #>> '{body,message}' = 'The value has already been taken.'), NULL,
    'every unique key that a client can meet has words of its own');

-- Members of a failure stay with it
SELECT is(tests.tries('GET', '/api/t/fail') #>> '{body,errors,state,0}', 'The state field is required.', 'a failure may have members');
SELECT is(tests.failed('state=QC422') #>> '{body,errors}', NULL, 'the next one does not have them');

-- Headers
SELECT is((tests.tries('GET', '/api/t/fail?state=QC404', t.headers) ->> 'status')::integer, t.wanted, t.what)
FROM (VALUES ('a header line without a colon is refused', 'nonsense', 400), ('so is a blank before the colon', 'host : x', 400),
    ('so are more headers than anyone sends', (SELECT string_agg('x-' || i || ': 1', E'\n') FROM generate_series(1, 200) i), 400),
    ('lines may end as HTTP has them', E'host: localhost\r\naccept: */*\r\n\r\n', 404)) t (what, headers, wanted);
SELECT throws_ok('SELECT * FROM qutecart.http(NULL, ''/'')', '22004', NULL, 'a request has a method');
SELECT throws_ok('SELECT * FROM qutecart.http(''GET'', NULL)', '22004', NULL, 'and a target');
SELECT * FROM finish();
