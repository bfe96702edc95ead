-- test/pgtap/threats_server.sql
-- Threats around the rows: settings, roles, functions, other sessions, shared objects.
-- See test/THREATS.md for the list.
BEGIN;
\ir world/two_shops.sql
SELECT no_plan();

-- T01 forging the context
SELECT is(tests.probe(w.who, s.sql, 'SELECT count(*) FROM qutecart.products'), 'refused 42501',
    'T01: ' || w.who || ' cannot forge a context with ' || split_part(s.sql, ' ', 1) || ' ' || split_part(s.sql, ' ', 2))
FROM (VALUES ('nobody'), ('ann'), ('bi_ann')) w (who),
    (VALUES ('SET qutecart.context = ''o:1:1:0'''), ('SET LOCAL qutecart.context = ''o:1:1:0'''),
        ('SELECT set_config(''qutecart.context'', ''o:1:1:0'', true)'), ('RESET qutecart.context')) s (sql);
SELECT is(tests.probe('superuser', 'SET qutecart.context = ''o:1:1:0''', 'SELECT 1'), 'refused 42501',
    'T01: nor can a superuser by mistake');
SELECT is(tests.probe('nobody', 'SET qutecart.shop_id = 1', 'SELECT 1'), 'refused 42602', 'T01: no other setting of our name can be made up');
SELECT is(tests.probe('ann', 'RESET ALL', 'SELECT count(*) FROM qutecart.products'), '3', 'T01: RESET ALL leaves the context alone');
SELECT isnt(tests.probe('nobody', format('SET app.shop = %L', tests.id('shop of bob')), 'SELECT count(*) FROM qutecart.products',
    'ALTER POLICY products_of_shop ON qutecart.products USING (shop_id = current_setting(''app.shop'')::bigint)'), '0',
    'T01 goes red after: a policy that reads a setting of anybody');
CREATE FUNCTION public.forge() RETURNS bigint LANGUAGE sql SET work_mem = '1MB' AS 'SELECT count(*) FROM qutecart.products';
SELECT is(tests.probe('superuser', 'ALTER FUNCTION public.forge() SET qutecart.context = ''o:1:1:0''', 'SELECT 1'), 'refused 42501',
    'T01: no function can carry a context');
SELECT is(tests.probe('superuser', 'ALTER ROLE qutecart_client SET qutecart.context = ''o:1:1:0''', 'SELECT 1'), 'refused 42501',
    'T01: nor can a role');

-- T02 granting the setting
SELECT is(tests.probe('superuser', 'GRANT ' || g.what || ' ON PARAMETER ' || g.name || ' TO qutecart_client', 'SELECT 1'), 'refused QC403',
    'T02: nobody is granted ' || g.what || ' on ' || g.name)
FROM (VALUES ('SET', 'qutecart.context'), ('ALL', '"QuteCart.Context"'), ('ALTER SYSTEM', 'work_mem, qutecart.restoring')) g (what, name);
SELECT is(tests.probe('superuser', 'GRANT SET ON PARAMETER work_mem TO qutecart_client', 'SELECT 1'), '1', 'T02: other settings are granted as ever');

-- T03 twice, and in a savepoint
CREATE FUNCTION tests.enter_and_roll_back(who text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM qutecart.enter('token of ' || who);
    RAISE EXCEPTION USING ERRCODE = 'QCT02';
EXCEPTION WHEN SQLSTATE 'QCT02' THEN
    RETURN coalesce(qutecart.current_shop_id()::text, 'none');
END $$;
SELECT is(tests.probe('ann', 'SELECT qutecart.enter(''token of bob'')', 'SELECT 1'), 'refused QC400', 'T03: a second context in a transaction is refused');
SELECT is(tests.probe('ann', 'SELECT qutecart.enter(''token of ann'')', 'SELECT count(*) FROM qutecart.products'), '3', 'T03: the same again is fine');
SELECT is(tests.probe('nobody', NULL, 'SELECT tests.enter_and_roll_back(''ann'')'), 'none', 'T03: a savepoint takes its context back');
SELECT is(tests.probe('nobody', 'SELECT tests.enter_and_roll_back(''ann''); SELECT qutecart.enter(''token of bob'')', 'SELECT count(*) FROM qutecart.products'), '2',
    'T03: after which another one may be set');

-- T08 names captured by a search_path
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE FUNCTION evil.always(bytea, bytea) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR evil.= (PROCEDURE = evil.always, LEFTARG = bytea, RIGHTARG = bytea);
CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''-infinity''::timestamptz';
SELECT is(tests.probe('nobody', 'SET LOCAL search_path = evil, pg_catalog; SELECT qutecart.enter(''no token'')', 'SELECT 1'), 'refused QC401',
    'T08: an operator of the client''s path does not slip under our statements');
SELECT is((SELECT count(*) FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'qutecart'::regnamespace), 0::bigint,
    'T08: no function of ours runs as its definer');

-- T12 attributes and memberships
SELECT tests.guarded('T12: request roles do not bypass row security', 'nobody', NULL, 'SELECT count(*) FROM qutecart.products', '0',
    'ALTER ROLE qutecart_client BYPASSRLS');
SELECT tests.guarded('T12: nor run programs of the server', 'nobody', 'CREATE TEMP TABLE t (x text); COPY t FROM PROGRAM ''true''', 'SELECT 1',
    'refused 42501', format('GRANT TEMP ON DATABASE %I TO qutecart_client; GRANT pg_execute_server_program TO qutecart_client', current_database()));

-- T21 estimates
SELECT is(tests.probe(w.who, s.sql, 'SELECT 1'), 'refused QC403', 'T21: ' || w.who || ' is not told estimates by ' || s.sql)
FROM (VALUES ('ann'), ('bi_ann')) w (who),
    (VALUES ('EXPLAIN SELECT 1'), ('EXPLAIN ANALYZE SELECT 1'), ('EXPLAIN (COSTS OFF, ANALYZE) SELECT 1'),
        ('EXPLAIN (COSTS OFF, COSTS) SELECT 1'), ('EXPLAIN (COSTS OFF, SUMMARY) SELECT 1'),
        ('DO $x$ BEGIN EXECUTE ''EXPLAIN SELECT 1''; END $x$'), ('SET debug_print_plan = on; SELECT 1')) s (sql);
SELECT is(tests.probe('ann', 'EXPLAIN (COSTS OFF, FORMAT JSON) SELECT 1', 'SELECT 1'), '1', 'T21: a plan without costs may be seen');
SELECT is(tests.probe('superuser', 'SET LOCAL ROLE qutecart_api; EXPLAIN ANALYZE SELECT 1', 'SELECT 1'), '1',
    'T21: an operator who takes a request''s role sees all');

-- T23 other sessions, T24 statement texts
SELECT tests.guarded('T23: nobody reads other sessions'' statements', 'ann', NULL, 'SELECT count(*) > 0 FROM pg_stat_activity', 'refused 42501',
    'GRANT SELECT ON pg_stat_activity TO PUBLIC; GRANT EXECUTE ON FUNCTION pg_stat_get_activity(integer) TO PUBLIC');
SELECT tests.guarded('T23: nor ends them', 'ann', NULL, 'SELECT pg_terminate_backend(-1)', 'refused 42501',
    'GRANT EXECUTE ON FUNCTION pg_terminate_backend(integer, bigint) TO PUBLIC');
SELECT is((SELECT count(*) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid()), 0::bigint,
    'T23: our code takes no advisory lock that others could read a shop from');
SELECT tests.guarded('T25: sequences, which count for all shops, are not readable', 'ann', NULL,
    'SELECT last_value FROM qutecart.products_id_seq', 'refused 42501', 'GRANT SELECT ON SEQUENCE qutecart.products_id_seq TO qutecart_api');
SELECT is(tests.probe('ann', NULL, 'SELECT nextval(''qutecart.products_id_seq'')'), 'refused 42501', 'T25: nor can they be advanced');

-- T26, T27, T28, T29 shared objects
SELECT tests.guarded('T26: advisory locks are not available', 'bi_ann', NULL, 'SELECT pg_try_advisory_lock(7001, 43)', 'refused 42501',
    'GRANT EXECUTE ON FUNCTION pg_try_advisory_lock(integer, integer) TO PUBLIC');
SELECT is(tests.probe('ann', s.sql, 'SELECT 1'), 'refused QC403', 'T26: a shared login cannot stop the others with ' || s.sql)
FROM (VALUES ('LOCK TABLE qutecart.products'), ('ALTER ROLE qutecart_client PASSWORD ''x'''), ('ALTER ROLE qutecart_client SET work_mem = ''64kB'''),
    ('DROP OWNED BY qutecart_api'), ('DROP OWNED BY CURRENT_USER'), ('REASSIGN OWNED BY qutecart_api TO qutecart_client')) s (sql);
SELECT is(tests.probe('ann', s.sql, 'SELECT 1'), s.wanted, 'T27: notifications are not available: ' || s.sql)
FROM (VALUES ('LISTEN x', 'refused QC403'), ('NOTIFY x', 'refused QC403'), ('SELECT pg_notify(''x'', '''')', 'refused 42501')) s (sql, wanted);
SELECT tests.guarded('T28: large objects are not available', 'ann', NULL, 'SELECT lo_creat(-1) > 0', 'refused 42501',
    'GRANT EXECUTE ON FUNCTION lo_creat(integer) TO PUBLIC');
SELECT tests.guarded('T29: temporary tables are not available', 'ann', 'CREATE TEMP TABLE t (x int)', 'SELECT 1', 'refused 42501',
    format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()));

-- T30 functions
SELECT tests.guarded('T30: a stranger may execute none of our functions', 'stranger', NULL,
    'SELECT count(*) FROM pg_proc p WHERE p.pronamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = ''qutecart'')
     AND has_function_privilege(p.oid, ''EXECUTE'')', '0', 'GRANT EXECUTE ON FUNCTION qutecart.lint_rules() TO PUBLIC');

-- T31 trigger functions on somebody else's table
CREATE TABLE public.threat_table (shop_id bigint, id bigint, product_id bigint, user_id bigint, role text, bytes bigint,
    status text, created_at timestamptz, deleted_at timestamptz);
CREATE FUNCTION tests.hijack(f regproc) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER hijack AFTER INSERT ON public.threat_table FOR EACH ROW EXECUTE FUNCTION %s (''products'')', f);
    INSERT INTO public.threat_table (shop_id) VALUES (1);
    RETURN 'ran';
EXCEPTION
    WHEN insufficient_privilege THEN RETURN 'refused';
    WHEN OTHERS THEN RETURN CASE WHEN SQLERRM ~ 'belongs to the table' THEN 'refused' ELSE SQLERRM END;
END $$;
SELECT is(tests.hijack(p.oid), 'refused', 'T31: ' || p.proname || ' works on no table but ours')
FROM pg_proc p WHERE p.pronamespace = 'qutecart'::regnamespace AND p.prorettype = 'trigger'::regtype ORDER BY p.proname;
SELECT is((SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'qutecart'::regnamespace AND p.prorettype = 'trigger'::regtype
    AND (has_function_privilege('qutecart_api', p.oid, 'EXECUTE') OR has_function_privilege('qutecart_client', p.oid, 'EXECUTE'))), 0::bigint,
    'T31: no client may hang a trigger function of ours on anything');

-- T40 cursors
SELECT is(tests.probe(w.who, 'DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'SELECT 1'), 'refused QC403', 'T40: ' || w.who || ' keeps no rows beyond the transaction')
FROM (VALUES ('ann'), ('bi_ann'), ('nobody')) w (who);
SELECT is(tests.probe('ann', 'DECLARE c CURSOR FOR SELECT 1', 'SELECT 1'), '1', 'T40: a cursor within it is fine');

-- T45 decoding
SELECT tests.guarded('T45: nobody decodes the log', 'ann', NULL,
    'SELECT 1 FROM pg_create_logical_replication_slot(''threat'', ''pgoutput'')', 'refused 42501', 'ALTER ROLE qutecart_client REPLICATION');

-- T48 event triggers
SELECT is((SELECT count(*) FROM pg_event_trigger e), 0::bigint, 'T48: we install no event trigger');

-- T49, T50 jobs
SELECT tests.guarded('T49: jobs are nobody else''s business', 'ann', NULL, 'SELECT count(*) FROM cron.job', 'refused 42501', 'GRANT USAGE ON SCHEMA cron TO PUBLIC');
SELECT is(tests.probe('ann', 'INSERT INTO cron.job (schedule, command, username) VALUES (''* * * * *'', ''SELECT 1'', ''postgres'')', 'SELECT 1',
    'GRANT USAGE ON SCHEMA cron TO PUBLIC'), 'refused 42501', 'T50: nobody writes a job for somebody else');
SELECT isnt(tests.probe('ann', 'INSERT INTO cron.job (schedule, command, nodename, nodeport, database, username) VALUES (''* * * * *'', ''SELECT 1'', '''', 1, ''x'', ''postgres'')', 'SELECT 1',
    'GRANT USAGE ON SCHEMA cron TO PUBLIC; GRANT INSERT ON cron.job TO PUBLIC; GRANT USAGE ON SEQUENCE cron.jobid_seq TO PUBLIC; ALTER TABLE cron.job DISABLE ROW LEVEL SECURITY;
     DROP TRIGGER cron_job_cache_invalidate ON cron.job'), 'refused 42501',
    'T50 goes red after: GRANT INSERT ON cron.job');

-- T52, T53, T55
SELECT tests.guarded('T52: nobody creates in public', 'ann', 'CREATE TABLE public.t (x int)', 'SELECT 1', 'refused 42501', 'GRANT CREATE ON SCHEMA public TO PUBLIC');
SELECT is((SELECT count(*) FROM pg_extension e WHERE e.extname IN ('dblink', 'postgres_fdw', 'plpython3u')), 0::bigint, 'T53: nothing here connects back as somebody else');
SELECT tests.guarded('T55: secrets in settings are not readable', 'ann', NULL, 'SHOW qutecart.stripe_webhook_secrets', 'refused 42501',
    'GRANT pg_read_all_settings TO qutecart_client');
SELECT is(tests.probe('ann', NULL, 'SELECT count(*) FROM pg_settings s WHERE s.name ~ ''secret''  AND s.name ~ ''^qutecart'''), '0', 'T55: nor do they show in pg_settings');
SELECT is((SELECT count(*) FROM qutecart.lint() l WHERE l.rule = 'routine_secret'), 0::bigint, 'T55: no secret stands in the catalogue');

-- T56 answers of one shape
SELECT is((SELECT count(DISTINCT a) FROM (VALUES
    (tests.probe('nobody', 'SELECT qutecart.login(''ann@test.example'', ''wrong'')', 'SELECT 1')),
    (tests.probe('nobody', 'SELECT qutecart.login(''unknown@test.example'', ''wrong'')', 'SELECT 1'))) x (a)), 1::bigint,
    'T56: a wrong password and an unknown person get one answer');

SELECT * FROM finish();
ROLLBACK;
