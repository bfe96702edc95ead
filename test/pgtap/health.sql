-- test/pgtap/health.sql
-- What health tells, and to whom.
BEGIN;
SELECT no_plan();
CREATE FUNCTION pg_temp.ask(token text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text; BEGIN
    SELECT h.status || ' ' || (SELECT string_agg(k, ',') FROM json_object_keys(h.body::json) k) INTO r
    FROM qutecart.http('GET', '/api/health', coalesce('authorization: Bearer ' || token, ''), '', '127.0.0.1') h;
    RAISE EXCEPTION USING ERRCODE = 'QC999', MESSAGE = r; -- whoever acted, acts no more
EXCEPTION WHEN SQLSTATE 'QC999' THEN RETURN SQLERRM; END $$;
INSERT INTO qutecart.users (name, email) VALUES ('Cora', 'cora@x.example'), ('Root', 'root@x.example');
INSERT INTO qutecart.user_roles (user_id, role_id) SELECT u.id, r.id FROM qutecart.users u, qutecart.roles r WHERE u.name = 'Root' AND r.name = 'root';
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
    SELECT id, sha256(convert_to('token of ' || name, 'UTF8')), now() + interval '1 day' FROM qutecart.users WHERE email LIKE '%@x.example';

SELECT is(pg_temp.ask(), '200 status,service', 'anybody is told whether all is well, and no more');
SELECT is(pg_temp.ask('token of Cora'), '200 status,service', 'so is a customer');
SELECT is(pg_temp.ask('token of Root'), '200 status,service,problems,database,version,extension_version,is_home,worker,pg_cron,stripe_events,outbox',
    'an admin is told everything');
SELECT is(h ->> 'version', (SELECT default_version FROM pg_available_extensions WHERE name = 'qutecart'), 'the library''s version is the control file''s')
FROM (SELECT qutecart.health() AS h) v;
SELECT is(h ->> 'extension_version', h ->> 'version', 'and the extension''s') FROM (SELECT qutecart.health() AS h) v;
SELECT is(h ->> 'is_home', 'false', 'a copy of a database knows that it is one') FROM (SELECT qutecart.health() AS h) v;
SELECT ok(jsonb_path_exists(h -> 'problems', '$[*] ? (@ starts with "This database is a copy")'), 'and says so') FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT ok(jsonb_path_exists(h -> 'problems', '$[*] ? (@ starts with "The background worker serves another")'), 'as it does of a worker that serves another one')
FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT is(h #>> '{worker,mode}', NULL, 'of which it shows nothing') FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT function_privs_are('qutecart', 'health', '{}', 'qutecart_client', '{}', 'SQL clients may not ask for everything');

-- The outbox
\i test/pgtap/world/outbox.sql
DELETE FROM qutecart.outbox;
SELECT is(h #>> '{outbox,dead_24h}' || (h #>> '{outbox,oldest_due_at}'), NULL, 'an empty outbox has no oldest message') FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT is(jsonb_path_exists(h -> 'problems', '$[*] ? (@ like_regex "given up in the last")'), false, 'nor a problem') FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT tests.put('1', 1, 'a'), tests.put('2', 1, 'a'), tests.put('3', 2), tests.put('4', 3), tests.put('5', 4);
SELECT tests.claim(3, 2);
SELECT tests.settle('3', 'retry'), tests.settle('4', 'dead');
INSERT INTO qutecart.outbox_circuits VALUES (999, 7, now(), now() + interval '1 hour') ON CONFLICT DO NOTHING;
SELECT is((h -> 'outbox') - '{bytes,oldest_due_at}'::text[], '{"waiting": 4, "leased": 1, "retrying": 1, "parked": 1, "dead_24h": 1, "closed_circuits": 1}', 'health counts what waits, is in flight, is tried again, is parked and was given up')
FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT cmp_ok((h #>> '{outbox,bytes}')::bigint, '>', 8192::bigint, 'and how large the outbox is') FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT is((h #>> '{outbox,oldest_due_at}')::timestamptz, now(), 'and since when the oldest waits') FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT ok(jsonb_path_exists(h -> 'problems', '$[*] ? (@ starts with "Messages were given up in the last 24 hours, 1 of them")'), 'what was given up is a problem') FROM (SELECT qutecart.health()::jsonb AS h) v;
SELECT count(*) FROM qutecart.outbox_replay();
SELECT is(h #>> '{outbox,dead_24h}', '0', 'until it is replayed') FROM (SELECT qutecart.health()::jsonb AS h) v;

-- Another version in the catalogue than in the library.
UPDATE pg_extension SET extversion = '0.0.1' WHERE extname = 'qutecart';
SELECT is(pg_temp.ask(), '503 status,service', 'a library that does not fit the database makes it fail');
SELECT is(h ->> 'status', 'failing', 'and is called so') FROM (SELECT qutecart.health() AS h) v;
SELECT * FROM finish();
ROLLBACK;
