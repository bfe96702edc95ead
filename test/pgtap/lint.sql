-- test/pgtap/lint.sql
-- Every rule of qutecart.lint() finds what breaks it, and nothing else then breaks.
--
-- Each row of the table breaks one rule inside a subtransaction that is rolled back.  A
-- rule without a row here fails by name; the rules that need a server of their own are
-- broken in test/t/lint.t.
CREATE TEMP TABLE breaks (rule text, broken_by text);
INSERT INTO breaks VALUES
('table_word', $$COMMENT ON TABLE qutecart.products IS 'what a shop sells'$$),
('table_owner', $$ALTER TABLE qutecart.plans OWNER TO CURRENT_USER$$),
('tenant_column', $$SELECT pg_temp.make_table('shop_id bigint, id bigint NOT NULL', '')$$),
('rls_enabled', $$ALTER TABLE qutecart.products DISABLE ROW LEVEL SECURITY$$),
('rls_forced', $$ALTER TABLE qutecart.users NO FORCE ROW LEVEL SECURITY$$),
('child_elsewhere', $$CREATE TABLE public.lint_child () INHERITS (qutecart.usage_history)$$),
('child_grant', $$CREATE TABLE qutecart.lint_child () INHERITS (qutecart.usage_history);
    ALTER TABLE qutecart.lint_child OWNER TO qutecart_owner;
    COMMENT ON TABLE qutecart.lint_child IS 'global: a child';
    GRANT SELECT ON qutecart.lint_child TO qutecart_api$$),
('table_per_shop', $$SELECT pg_temp.make_table('shop_id bigint NOT NULL, id bigint, PRIMARY KEY (shop_id, id)',
    'PARTITION BY LIST (shop_id)')$$),
('table_rule', $$CREATE RULE lint AS ON INSERT TO qutecart.countries DO ALSO NOTHING$$),
('view_invoker', $$CREATE VIEW public.lint_view AS SELECT * FROM qutecart.products$$),
('matview_grant', $$CREATE MATERIALIZED VIEW public.lint_view AS SELECT * FROM qutecart.products;
    GRANT SELECT ON public.lint_view TO qutecart_api$$),
('view_comment', $$COMMENT ON VIEW qutecart.granted_permissions IS NULL$$),
('table_grantee', $$GRANT SELECT ON qutecart.countries TO PUBLIC$$),
('table_privilege', $$GRANT TRUNCATE ON qutecart.products TO qutecart_api$$),
('sequence_grant', $$GRANT USAGE ON SEQUENCE qutecart.products_id_seq TO qutecart_api$$),
('platform_grant', $$GRANT SELECT (id) ON qutecart.users TO qutecart_api$$),
('read_only_grant', $$GRANT INSERT ON qutecart.products TO qutecart_bi$$),
('shop_id_update', $$GRANT UPDATE (shop_id) ON qutecart.products TO qutecart_api$$),
('tenant_policy', $$DROP POLICY products_of_shop ON qutecart.products$$),
('tenant_policy_shape', $$ALTER POLICY products_of_shop ON qutecart.products WITH CHECK (true)$$),
('policy_role', $$CREATE POLICY lint ON qutecart.products FOR SELECT USING (true)$$),
('policy_write_true', $$CREATE POLICY lint ON qutecart.products FOR UPDATE TO qutecart_api USING (true)$$),
('policy_subselect', $$CREATE POLICY lint ON qutecart.products FOR SELECT TO qutecart_api
    USING (shop_id IN (SELECT m.shop_id FROM qutecart.shop_members m))$$),
('policy_function', $$CREATE POLICY lint ON qutecart.products FOR SELECT TO qutecart_api
    USING (shop_id = current_setting('app.shop')::bigint)$$),
('platform_policy', $$CREATE POLICY lint ON qutecart.users FOR SELECT TO qutecart_api
    USING (id = qutecart.current_user_id())$$),
('key_of_shop', $$CREATE UNIQUE INDEX lint ON qutecart.products (code)$$),
('reference_of_shop', $$ALTER TABLE qutecart.tenants ADD copy_of bigint REFERENCES qutecart.shops;
    CREATE INDEX lint ON qutecart.tenants (copy_of)$$),
('reference_index', $$DROP INDEX qutecart.products_media$$),
('trigger_function', $$CREATE TRIGGER lint BEFORE UPDATE ON qutecart.countries
    FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()$$),
('trigger_elsewhere', $$CREATE TABLE public.lint_table (shop_id bigint);
    SELECT pg_temp.hang_trigger('public.lint_table', 'lint')$$),
('trigger_off', $$ALTER TABLE qutecart.products DISABLE TRIGGER ALL$$),
('trigger_always', $$SELECT pg_temp.hang_trigger('qutecart.countries', 't20_lint')$$),
('trigger_quota', $$DROP TRIGGER t22_quota ON qutecart.orders$$),
('trigger_shop', $$DROP TRIGGER t10_shop_is_fixed ON qutecart.products$$),
('routine_public', $$GRANT EXECUTE ON FUNCTION qutecart.lint_rules() TO PUBLIC$$),
('routine_grant', $$GRANT EXECUTE ON FUNCTION qutecart.lint_rules() TO qutecart_bi$$),
('routine_foreign', $$SELECT pg_temp.make_function('sql')$$),
('routine_definer', $$ALTER FUNCTION qutecart.lint_rules() SECURITY DEFINER SET search_path = qutecart, pg_temp$$),
('routine_language', $$SELECT pg_temp.make_function('plpgsql');
    ALTER EXTENSION qutecart ADD FUNCTION qutecart.lint_function()$$),
('routine_immutable', $$ALTER FUNCTION qutecart.has_permission(text) IMMUTABLE$$),
('routine_leakproof', $$ALTER FUNCTION qutecart.has_permission(text) LEAKPROOF$$),
('accessor_marking', $$ALTER FUNCTION qutecart.current_shop_id() PARALLEL RESTRICTED$$),
('routine_comment', $$COMMENT ON FUNCTION qutecart.lint_rules() IS NULL$$),
('routine_secret', $$COMMENT ON TABLE qutecart.plans IS 'global: paid with sk_live_0123456789'$$),
('route_handler', $$INSERT INTO qutecart.routes (method, path, handler, lane, max_body, is_builtin)
    VALUES ('GET', '/api/lint', 'qutecart.no_such_function', 'fast', 0, false)$$),
('route_grant', $$INSERT INTO qutecart.routes (method, path, handler, lane, max_body, is_builtin)
    VALUES ('GET', '/api/lint', 'qutecart.lint_rules', 'fast', 0, false)$$),
('role_missing', $$REVOKE ALL ON ALL FUNCTIONS IN SCHEMA qutecart FROM qutecart_client;
    ALTER ROLE qutecart_client RENAME TO lint_client$$),
('role_login', $$ALTER ROLE qutecart_gateway INHERIT$$),
('role_attribute', $$CREATE ROLE lint_role BYPASSRLS IN ROLE qutecart_api$$),
('role_owner_member', $$GRANT qutecart_owner TO qutecart_client$$),
('role_member_of', $$GRANT pg_read_all_settings TO qutecart_api$$),
('role_mixed', $$CREATE ROLE lint_role IN ROLE qutecart_api, qutecart_bi$$),
('bi_login', $$CREATE ROLE lint_role LOGIN IN ROLE qutecart_bi$$),
('parameter_grant', $$SET LOCAL allow_system_table_mods = on;
    INSERT INTO pg_catalog.pg_parameter_acl VALUES (9999, 'qutecart.context', '{=s/postgres}')$$),
('role_setting', $$ALTER ROLE qutecart_client SET session_replication_role = 'replica'$$),
('schema_create', $$GRANT CREATE ON SCHEMA public TO PUBLIC$$),
('schema_of_ours', $$GRANT CREATE ON SCHEMA qutecart TO qutecart_api$$),
('database_grant', format('GRANT TEMPORARY ON DATABASE %I TO qutecart_client', current_database())),
('advisory_lock', $$GRANT EXECUTE ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint) TO PUBLIC$$),
('large_object', $$GRANT EXECUTE ON FUNCTION pg_catalog.lo_creat(integer) TO PUBLIC$$),
('other_sessions', $$GRANT SELECT ON pg_catalog.pg_stat_activity TO PUBLIC$$),
('extension_loopback', $$CREATE EXTENSION dblink$$),
('cron_grant', $$GRANT INSERT ON cron.job TO qutecart_client$$),
('publication', $$CREATE PUBLICATION lint FOR TABLE qutecart.orders$$),
('plans_in_log', $$SET LOCAL auto_explain.log_min_duration = 0$$),
('statements_utility', $$SET LOCAL pg_stat_statements.track_utility = 'on'$$),
('server_version', NULL),
('host_trust', 'test/t/lint.t');

-- A shop's table with all that the rules ask for, of the columns given.
CREATE FUNCTION pg_temp.make_table(columns text, suffix text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE qutecart.lint_table (%s) %s', columns, suffix);
    ALTER TABLE qutecart.lint_table OWNER TO qutecart_owner;
    COMMENT ON TABLE qutecart.lint_table IS 'shop: a test';
    CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.lint_table
        FOR EACH ROW EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
    ALTER TABLE qutecart.lint_table ENABLE ROW LEVEL SECURITY;
    ALTER TABLE qutecart.lint_table FORCE ROW LEVEL SECURITY;
    CREATE POLICY lint_table_of_shop ON qutecart.lint_table AS RESTRICTIVE
        USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
END $$;

CREATE FUNCTION pg_temp.make_function(language text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE FUNCTION qutecart.lint_function() RETURNS integer LANGUAGE %s STABLE AS %L',
                   language, CASE language WHEN 'sql' THEN 'SELECT 1' ELSE 'BEGIN RETURN 1; END' END);
    COMMENT ON FUNCTION qutecart.lint_function() IS 'A test.';
    REVOKE ALL ON FUNCTION qutecart.lint_function() FROM PUBLIC;
END $$;

-- A trigger that runs a trigger function of ours, whichever there is.
CREATE FUNCTION pg_temp.hang_trigger(on_table regclass, name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %s', name, on_table,
        (SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'qutecart'::regnamespace
         AND p.prorettype = 'trigger'::regtype ORDER BY p.proname LIMIT 1));
END $$;

CREATE FUNCTION pg_temp.found(server_version integer DEFAULT NULL) RETURNS text[] LANGUAGE sql AS
    $$SELECT coalesce(array_agg(DISTINCT l.rule || '|' || l.object), '{}') FROM qutecart.lint(server_version) l$$;

-- The rules that a statement breaks, which held before it.
CREATE FUNCTION pg_temp.broken_by(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE before text[] := pg_temp.found(); broken text;
BEGIN
    IF sql IS NOT NULL THEN
        EXECUTE sql;
    END IF;
    SELECT string_agg(DISTINCT split_part(f.line, '|', 1), ', ') INTO broken
    FROM unnest(pg_temp.found(CASE WHEN sql IS NULL THEN 150013 END)) f (line) WHERE f.line <> ALL (before);
    RAISE EXCEPTION USING ERRCODE = 'QCT01', MESSAGE = coalesce(broken, 'nothing');
EXCEPTION
    WHEN SQLSTATE 'QCT01' THEN RETURN SQLERRM;
    WHEN OTHERS THEN RETURN 'error: ' || SQLERRM;
END $$;

SELECT plan((SELECT count(*)::integer FROM qutecart.lint_rules()) + 4);

SELECT is(pg_temp.broken_by(b.broken_by), r.rule, r.rule || ': ' || r.promise)
FROM qutecart.lint_rules() r LEFT JOIN breaks b USING (rule)
WHERE b.broken_by IS DISTINCT FROM 'test/t/lint.t'
UNION ALL
SELECT pass(r.rule || ': is broken in ' || b.broken_by)
FROM qutecart.lint_rules() r JOIN breaks b USING (rule) WHERE b.broken_by = 'test/t/lint.t';

SELECT is((SELECT string_agg(b.rule, ', ') FROM breaks b WHERE b.rule NOT IN (SELECT r.rule FROM qutecart.lint_rules() r)),
    NULL, 'every rule that is broken here exists');
SELECT is((SELECT count(DISTINCT rule) FROM qutecart.lint_rules()), (SELECT count(*) FROM qutecart.lint_rules()),
    'no two rules have one name');
SELECT is(pg_temp.broken_by($$SELECT pg_temp.make_table('shop_id bigint NOT NULL, id bigint, PRIMARY KEY (shop_id, id)', '')$$),
    'nothing', 'a new table that follows the rules breaks none');
SET ROLE qutecart_owner;
SELECT throws_ok('SELECT * FROM qutecart.lint()', '42501', 'only a superuser may check the database',
    'only a superuser sees what is broken');
RESET ROLE;
SELECT * FROM finish();
