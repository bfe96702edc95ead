-- test/pgtap/http_idempotency.sql
-- H36 A POST that is sent twice happens once.
\ir world/people.sql
\ir world/http.sql
SELECT no_plan();
SELECT tests.customer('carl') #>> '{access,token}' AS carl, tests.customer('dora') #>> '{access,token}' AS dora \gset

CREATE TABLE tests.notes (id serial, note text);
GRANT INSERT, SELECT ON tests.notes TO qutecart_api;
GRANT USAGE ON SEQUENCE tests.notes_id_seq TO qutecart_api;
CREATE FUNCTION tests.note(note text, status integer DEFAULT 201, fail text DEFAULT NULL) RETURNS json LANGUAGE plpgsql AS $$
DECLARE new_id integer;
BEGIN
    INSERT INTO tests.notes (note) VALUES (note.note) RETURNING id INTO new_id;
    PERFORM qutecart.reply_status(status), qutecart.reply_header('X-Note', new_id::text);
    IF fail IS NOT NULL THEN RAISE EXCEPTION USING ERRCODE = fail, MESSAGE = 'not now'; END IF;
    RETURN json_build_object('id', new_id);
END $$;
SELECT qutecart.route(m || ' /api/t/notes', 'tests.note') FROM unnest('{POST,PUT}'::text[]) m \g /dev/null

-- The reply in one line: status, body, what of it was kept.
CREATE FUNCTION tests.notes(headers text, body text, method text DEFAULT 'POST', target text DEFAULT '/api/t/notes', peer inet DEFAULT '192.0.2.1')
    RETURNS text LANGUAGE sql AS $$
    SELECT (r ->> 'status') || ' ' || coalesce(r #>> '{body,code}', r #>> '{body,id}', '')
        || coalesce(' note ' || (r #>> '{headers,x-note}'), '') || CASE WHEN r #>> '{headers,idempotent-replayed}' = 'true' THEN ' again' ELSE '' END
    FROM tests.sends(method, target, headers || E'\ncontent-type: application/json', body, peer) r $$;

SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k1'), '{"note": "a"}'), '201 1 note 1', 'a first request happens');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k1'), '{"note": "a"}'), '201 1 note 1 again', 'the same again is answered as the first was');
SELECT is(tests.notes(tests.bearer(:'carl', 'Idempotency-Key: k1'), '{"note": "a"}'), '201 1 note 1 again', 'as often as one likes');
SELECT is(count(*)::integer, 1, 'and happened once') FROM tests.notes;
SELECT is(tests.sends('POST', '/api/t/notes', tests.bearer(:'carl', E'idempotency-key: k1\ncontent-type: application/json'), '{"note": "a"}') #- '{headers,idempotent-replayed}',
    jsonb_build_object('status', 201, 'body', jsonb_build_object('id', 1), 'headers', jsonb_build_object('content-type', 'application/json',
        'x-note', '1', 'vary', 'Host, X-Shop-ID, Authorization', 'cache-control', 'private, no-store')), 'the kept reply has the headers of the first');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k1'), '{"note": "b"}'), '422 idempotency_mismatch', 'another body under the same key is a mistake');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k1'), '{"note": "a"}', 'POST', '/api/t/notes?status=200'), '422 idempotency_mismatch', 'so is another target');
SELECT is(tests.notes(tests.bearer(:'carl', E'idempotency-key: k1\nx-shop-id: 7'), '{"note": "a"}'), '422 idempotency_mismatch', 'so is another shop');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k2'), '{"note": "a"}'), '201 2 note 2', 'another key is another request');
SELECT is(tests.notes(tests.bearer(:'dora', 'idempotency-key: k1'), '{"note": "a"}'), '201 3 note 3', 'a key is its user''s own');
SELECT is(tests.notes('idempotency-key: k1', '{"note": "a"}'), '201 4 note 4', 'or that of an address');
SELECT is(tests.notes('idempotency-key: k1', '{"note": "a"}'), '201 4 note 4 again', 'which may repeat it');
SELECT is(tests.notes('idempotency-key: k1', '{"note": "a"}', 'POST', '/api/t/notes', '192.0.2.2'), '201 5 note 5', 'another address may not');
SELECT is(tests.notes(tests.bearer(:'carl'), '{"note": "a"}'), '201 6 note 6', 'without a key');
SELECT is(tests.notes(tests.bearer(:'carl'), '{"note": "a"}'), '201 7 note 7', 'each request happens');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k1'), '{"note": "a"}', 'PUT'), '201 8 note 8', 'a PUT needs no key, and has none');
SELECT is(tests.notes(tests.bearer('forged', 'idempotency-key: k1'), '{"note": "a"}'), '201 4 note 4 again', 'an invalid token is nobody, at that address');

-- What is kept
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k3'), '{"note": "a", "fail": "QC409"}'), '409 conflict', 'a refusal leaves nothing behind');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k3'), '{"note": "a", "fail": "QC409"}'), '409 conflict', 'so it is not kept, but tried again');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k3'), '{"note": "a"}'), '201 11 note 11', 'and the key is free for a better one');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k4'), '{"note": 1, "nope": 1}'), '422 validation_failed', 'a request that is no good is not kept');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k4'), '{"note": 1}'), '201 12 note 12', 'and may be mended');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k5'), '{"note": "a", "status": 402}'), '402 13 note 13', 'a refusal that is answered has an effect');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k5'), '{"note": "a", "status": 402}'), '402 13 note 13 again', 'so it is kept');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k6'), '{"note": "a", "status": 502}'), '502 14 note 14', 'a failure of the server');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k6'), '{"note": "a", "status": 502}'), '502 15 note 15', 'is not');
UPDATE qutecart.idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'k2';
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k2'), '{"note": "z"}'), '201 16 note 16', 'after a day a key may be used again');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: k2'), '{"note": "z"}'), '201 16 note 16 again', 'and is kept anew');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key:'), '{"note": "a"}'), '400 bad_request', 'an empty key is refused');
SELECT is(tests.notes(tests.bearer(:'carl', 'idempotency-key: ' || repeat('k', 256)), '{"note": "a"}'), '400 bad_request', 'so is an endless one');
SELECT is(tests.notes(tests.bearer(:'carl', E'idempotency-key: a\nidempotency-key: b'), '{"note": "a"}'), '400 bad_request', 'so are two');

-- Secrets
SELECT is(r ->> 'status', '200', 'a sign-in may carry a key')
FROM tests.sends('POST', '/api/auth/login', E'idempotency-key: s1\ncontent-type: application/json', '{"phone": "carl@test.example", "password": "correct horse"}') r;
SELECT is((SELECT count(*)::integer FROM qutecart.idempotency_keys WHERE key = 's1'), 0, 'but its token is not kept anywhere');
SELECT is((SELECT count(*)::integer FROM qutecart.idempotency_keys k, qutecart.sessions s
    WHERE EXISTS (SELECT FROM regexp_matches(k.body, '"token" ?: ?"([^"]+)"', 'g') m WHERE sha256(convert_to(m[1], 'UTF8')) = s.token_hash)), 0,
    'nor is any other');
SELECT * FROM finish();
