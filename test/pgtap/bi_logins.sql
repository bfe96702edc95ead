-- test/pgtap/bi_logins.sql
-- An analyst's login reads one shop's rows, through its index, and nothing else.
\ir world/people.sql
SELECT no_plan();

SELECT tests.seller('ann') IS NOT NULL AND tests.seller('bob') IS NOT NULL AS made \gset
SELECT tests.shop_id('ann') AS ann_shop, tests.shop_id('bob') AS bob_shop, tests.user_id('ann') AS ann_id \gset
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) SELECT s, 'orders', -1 FROM unnest(ARRAY[:ann_shop, :bob_shop]) s;
INSERT INTO qutecart.orders (shop_id, order_code, prefix, total_amount, payable_amount)
SELECT CASE WHEN i % 2 = 0 THEN :ann_shop ELSE :bob_shop END, i, 'RC', 1, 1 FROM generate_series(1, 600) i;
-- So many other shops that an index is worth it.
WITH others AS (INSERT INTO qutecart.shops (name) SELECT 'shop ' || i FROM generate_series(1, 60) i RETURNING id)
INSERT INTO qutecart.orders (shop_id, order_code, prefix, total_amount, payable_amount)
SELECT o.id, i, 'RC', 1, 1 FROM others o, generate_series(1, 90) i;
INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (:ann_shop, 'lamp', 'lamp', 1), (:bob_shop, 'rake', 'rake', 1);

CALL qutecart.create_bi_login(:ann_shop, 'Ann''s "Sales"; DROP TABLE 2026') \gset ann_
CALL qutecart.create_bi_login(:bob_shop, 'Ann''s "Sales"; DROP TABLE 2026') \gset bob_
SELECT matches(:'ann_role_name'::text, '^bi_ann_s__sales___drop_table_2026_[a-z0-9]{6}$', 'a login is named after its purpose and by chance');
SELECT isnt(:'ann_role_name'::text, :'bob_role_name'::text, 'so that two of one name are two');
SELECT matches(:'ann_password'::text, '^[A-Za-z0-9]{32}$', 'its password is told once');
SELECT is(row(r.rolcanlogin, r.rolinherit, r.rolconnlimit, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls)::text,
    '(t,t,3,f,f,f,f,f)', 'it logs in three times at once and may nothing else') FROM pg_roles r WHERE r.rolname = :'ann_role_name';
SELECT is(array_agg(g.rolname::text), ARRAY['qutecart_bi'], 'it is in the group of BI logins alone') FROM pg_auth_members m
JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = :'ann_role_name'::regrole;
SELECT is(s.setconfig, '{default_transaction_read_only=on,idle_in_transaction_session_timeout=60s,statement_timeout=30s}',
    'it reads, for 30 seconds at most') FROM pg_db_role_setting s WHERE s.setrole = :'ann_role_name'::regrole;
SELECT matches(a.rolpassword, '^SCRAM-SHA-256\$', 'the server keeps the password hashed') FROM pg_authid a WHERE a.rolname = :'ann_role_name';
SELECT is(row(b.shop_id, b.name)::text, format('(%s,"Ann''s ""Sales""; DROP TABLE 2026")', :ann_shop), 'a table says which shop it is bound to')
FROM qutecart.bi_logins b WHERE b.role_name = :'ann_role_name';
SELECT is(a.actor, current_user::text, 'the audit log says who made it') FROM qutecart.audit_log a WHERE a.action = 'bi_login.create' AND a.object = :'ann_role_name';

-- What it sees
CREATE TEMP TABLE seen (what text, value text);
GRANT INSERT ON seen TO PUBLIC;
CREATE FUNCTION tests.plan_of(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; lines text = '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || sql LOOP
        lines := lines || line || E'\n';
    END LOOP;
    RETURN lines;
END $$;
CREATE FUNCTION tests.tries(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
    EXECUTE sql INTO answer;
    RETURN answer;
EXCEPTION WHEN OTHERS THEN
    RETURN 'refused ' || SQLSTATE;
END $$;
ANALYZE qutecart.orders;
BEGIN;
SET LOCAL SESSION AUTHORIZATION :"ann_role_name";
INSERT INTO seen SELECT 'orders', count(*) || ' of ' || string_agg(DISTINCT shop_id::text, ',') FROM qutecart.orders;
INSERT INTO seen SELECT 'products', string_agg(name, ',') FROM qutecart.products;
INSERT INTO seen SELECT 'shops', string_agg(name, ',') FROM qutecart.shops;
INSERT INTO seen SELECT 'whoami', qutecart.whoami() ->> 'actor' || ' of ' || (qutecart.whoami() ->> 'shop_id');
INSERT INTO seen SELECT 'plan', tests.plan_of('SELECT * FROM qutecart.orders');
INSERT INTO seen SELECT 'users', tests.tries('SELECT count(*) FROM qutecart.users');
INSERT INTO seen SELECT 'logins', tests.tries('SELECT count(*) FROM qutecart.bi_logins');
INSERT INTO seen SELECT 'write', tests.tries('INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (1, ''x'', ''x'', 1)');
INSERT INTO seen SELECT 'delete', tests.tries('DELETE FROM qutecart.orders');
INSERT INTO seen SELECT 'login', tests.tries('SELECT qutecart.login(''ann@test.example'', ''correct horse'')');
INSERT INTO seen SELECT 'enter', tests.tries('SELECT qutecart.enter(''x'')');
INSERT INTO seen SELECT 'api', tests.tries('SET ROLE qutecart_api');
INSERT INTO seen SELECT 'make', tests.tries('CALL qutecart.create_bi_login(1, ''mine'')');
INSERT INTO seen SELECT 'table', tests.tries('CREATE TABLE public.mine (a int)');
COMMIT;
BEGIN;
SET LOCAL SESSION AUTHORIZATION :"bob_role_name";
INSERT INTO seen SELECT 'orders of bob', count(*) || ' of ' || string_agg(DISTINCT shop_id::text, ',') FROM qutecart.orders;
COMMIT;
SELECT is(s.value, t.wanted, t.promise)
FROM (VALUES ('orders', format('300 of %s', :ann_shop), 'it sees its shop''s orders'),
    ('orders of bob', format('300 of %s', :bob_shop), 'another sees another''s'),
    ('products', 'lamp', 'its products'), ('shops', 'shop of ann', 'its shop'),
    ('whoami', format('bi of %s', :ann_shop), 'and knows what it is'),
    ('users', 'refused 42501', 'it sees no account'), ('logins', 'refused 42501', 'nor who is bound where'),
    ('write', 'refused 42501', 'it writes nothing'), ('delete', 'refused 42501', 'it deletes nothing'),
    ('login', 'refused 42501', 'it tries no passwords'), ('enter', 'refused 42501', 'it acts with no token'),
    ('api', 'refused 42501', 'it becomes nobody else'), ('make', 'refused 42501', 'it makes no logins'),
    ('table', 'refused 42501', 'it makes no tables')) t (what, wanted, promise)
JOIN seen s USING (what);
SELECT matches(s.value, 'Index Cond: \(shop_id = qutecart\.current_shop_id\(\)\)', 'SELECT * FROM qutecart.orders uses the shop''s index') FROM seen s WHERE what = 'plan';
SELECT doesnt_match(s.value, 'Seq Scan', 'and never reads the whole table') FROM seen s WHERE what = 'plan';
SELECT is(tests.tries('CALL qutecart.create_bi_login(999999, ''x'')'), 'refused QC404', 'a shop that does not exist gets no login');
SELECT is(tests.tries(format('CALL qutecart.create_bi_login(%s, '''')', :ann_shop)), 'refused 22023', 'a login needs a name');
SELECT is(count(*), 2::bigint, 'and a refused one leaves no role') FROM pg_roles r WHERE r.rolname IN (SELECT role_name FROM qutecart.bi_logins);

-- A role that is not in the table, or a table row without the group, sees nothing
UPDATE qutecart.bi_logins SET role_name = role_name || '_gone' WHERE role_name = :'ann_role_name';
BEGIN;
SET LOCAL SESSION AUTHORIZATION :"ann_role_name";
INSERT INTO seen SELECT 'unbound', count(*) FROM qutecart.orders;
COMMIT;
UPDATE qutecart.bi_logins SET role_name = :'ann_role_name' WHERE role_name = :'ann_role_name' || '_gone';
SELECT is(value, '0', 'a login without its row sees nothing') FROM seen WHERE what = 'unbound';

-- Dropping
CALL qutecart.drop_bi_login(:'ann_role_name');
SELECT is(count(*), 0::bigint, 'a dropped login is gone') FROM pg_roles WHERE rolname = :'ann_role_name';
SELECT is(tests.tries(format('CALL qutecart.drop_bi_login(%L)', :'ann_role_name')), 'refused QC404', 'and cannot be dropped twice');
SELECT is(tests.tries('CALL qutecart.drop_bi_login(''qutecart_client'')'), 'refused QC404', 'no other role can be dropped this way');
CALL qutecart.drop_bi_login(:'bob_role_name');
SELECT * FROM finish();
