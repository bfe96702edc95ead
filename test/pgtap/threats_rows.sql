-- test/pgtap/threats_rows.sql
-- Threats to rows: what each person reads and writes, whatever he tries.  See
-- test/THREATS.md for the list.  Each prevention is taken away once, inside the test.
BEGIN;
\ir world/two_shops.sql
SELECT no_plan();

-- T06 no context
SELECT tests.guarded('T06: without a context a shop''s own table shows no row', 'nobody', NULL,
    'SELECT count(*) FROM qutecart.products', '0', 'DROP POLICY products_of_shop ON qutecart.products');
SELECT is(tests.probe('nobody', 'INSERT INTO qutecart.products (shop_id, name, handle, price)
    VALUES (tests.id(''shop of ann''), ''x'', ''x'', 1)', 'SELECT 1'), 'refused 42501', 'T06: and takes none');
SELECT is(tests.probe('nobody', NULL, 'SELECT count(*) FROM qutecart.orders'), '0', 'T06: nor an order');
SELECT is(tests.probe('carl', NULL, $$SELECT string_agg(o.order_code, ',' ORDER BY o.order_code) FROM qutecart.orders o$$),
    'A1,B1', 'T06: a customer sees his orders in every shop, and nobody else''s');
SELECT is(tests.probe('ann', NULL, $$SELECT string_agg(o.order_code, ',' ORDER BY o.order_code) FROM qutecart.orders o$$),
    'A1', 'T06: a shop sees the orders placed with it');

-- T07 changing the role
SELECT tests.guarded('T07: the gateway''s login reads no table itself', 'gateway', NULL,
    'SELECT count(*) FROM qutecart.products', 'refused 42501',
    'ALTER ROLE qutecart_gateway INHERIT; GRANT qutecart_api TO qutecart_gateway');
SELECT tests.guarded('T07: a client cannot become the owner', 'nobody', 'SET LOCAL ROLE qutecart_owner', 'SELECT current_user',
    'refused 42501', 'GRANT qutecart_owner TO qutecart_client');
SELECT is(tests.probe('ann', 'SET LOCAL ROLE qutecart_api; RESET ROLE', 'SELECT count(*) FROM qutecart.products'), '3',
    'T07: changing the role changes nothing of what is seen');

-- T09, T10, T42 copies and side doors: everything readable shows the own shop's rows only
CREATE FUNCTION tests.foreign_rows(who text, sabotage text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(c.oid::regclass || ' ' || a.answer, ', ' ORDER BY c.oid::regclass::text), 'none')
    FROM pg_class c
    JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = CASE c.relname WHEN 'shops' THEN 'id' ELSE 'shop_id' END
    CROSS JOIN LATERAL tests.probe(who, NULL, format('SELECT nullif(count(*), 0) || '' rows'' FROM %s x WHERE x.%I <> %s',
        c.oid::regclass, k.attname, tests.id('shop of ann')), sabotage) a (answer)
    WHERE c.relnamespace = 'qutecart'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND obj_description(c.oid) !~ '^(global|public):' AND a.answer NOT IN ('null', 'refused 42501') $$;
SELECT is(tests.foreign_rows('ann'), 'none', 'T09, T10: no table and no view shows a member a row of another shop');
SELECT is(tests.foreign_rows('bi_ann'), 'none', 'T09, T10: nor a BI login');
SELECT isnt(tests.foreign_rows('ann', 'DROP POLICY products_of_shop ON qutecart.products'), 'none',
    'T09, T10 go red after: DROP POLICY products_of_shop');
CREATE VIEW public.threat_view WITH (security_invoker = true) AS SELECT * FROM qutecart.products;
GRANT SELECT ON public.threat_view TO qutecart_api;
SELECT tests.guarded('T09: a view that asks as its reader shows the reader''s rows', 'ann', NULL,
    'SELECT count(*) FROM public.threat_view', '3', 'ALTER VIEW public.threat_view RESET (security_invoker)');
CREATE MATERIALIZED VIEW public.threat_copy AS SELECT * FROM qutecart.products;
SELECT tests.guarded('T10: a materialized copy of shop rows is not readable', 'ann', NULL,
    'SELECT count(*) FROM public.threat_copy', 'refused 42501', 'GRANT SELECT ON public.threat_copy TO qutecart_api');

-- T11 the owner
SELECT tests.guarded('T11: the tables'' owner is under the policies too', 'owner', NULL,
    'SELECT count(*) FROM qutecart.products', '0', 'ALTER TABLE qutecart.products NO FORCE ROW LEVEL SECURITY');

-- T13 row_security
SELECT tests.guarded('T13: switching row security off is an error, not a way round', 'ann', 'SET LOCAL row_security = off',
    'SELECT count(*) FROM qutecart.products', 'refused 42501', 'ALTER TABLE qutecart.products DISABLE ROW LEVEL SECURITY');

-- T15, T16 references into another shop
SELECT is(tests.probe('ann', format('INSERT INTO qutecart.product_variants (shop_id, product_id, price) VALUES (%s, %s, 1)',
        tests.id('shop of ann'), p.id), 'SELECT ''taken'''), 'refused 23503', 'T15: a variant of ' || p.what || ' is refused')
FROM (VALUES ('another shop''s product', tests.id('rake')), ('a product that does not exist', 999999999)) p (what, id);
\set key_without_shop 'ALTER TABLE qutecart.products ADD UNIQUE (id); ALTER TABLE qutecart.product_variants DROP CONSTRAINT product_variants_shop_id_product_id_fkey, ADD FOREIGN KEY (product_id) REFERENCES qutecart.products (id) ON DELETE CASCADE'
SELECT isnt(tests.probe('ann', format('INSERT INTO qutecart.product_variants (shop_id, product_id, price) VALUES (%s, %s, 1)',
        tests.id('shop of ann'), tests.id('rake')), 'SELECT ''taken''', :'key_without_shop'), 'refused 23503',
    'T15 goes red after: a foreign key without the shop');
-- Whatever row of Bob's points at Ann's product goes with it once the key lacks the shop.
CREATE FUNCTION tests.variants_left_to_bob(sabotage text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
    IF sabotage IS NOT NULL THEN
        EXECUTE sabotage;
        UPDATE qutecart.product_variants v SET product_id = tests.id('desk') WHERE v.shop_id = tests.id('shop of bob');
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
    PERFORM tests.become('ann');
    DELETE FROM qutecart.products p WHERE p.id = tests.id('desk');
    RESET SESSION AUTHORIZATION;
    SELECT count(*) INTO n FROM qutecart.product_variants v WHERE v.shop_id = tests.id('shop of bob');
    RAISE EXCEPTION USING ERRCODE = 'QCT01', MESSAGE = n::text;
EXCEPTION WHEN SQLSTATE 'QCT01' THEN
    RETURN SQLERRM;
END $$;
SELECT is(tests.variants_left_to_bob(NULL), '1', 'T16: deleting a product cascades to nobody else''s rows');
SELECT is(tests.variants_left_to_bob(:'key_without_shop'), '0', 'T16 goes red after: a cascading foreign key without the shop');

-- T17 unique keys as an oracle
SELECT tests.guarded('T17: a name that another shop has is free (' || c.name || ')', 'ann',
    format('INSERT INTO qutecart.products (shop_id, name, handle, code, price) VALUES (%s, ''rake'', ''rake'', ''rake'', 1) %s',
        tests.id('shop of ann'), c.clause),
    'SELECT count(*) FROM qutecart.products p WHERE p.handle = ''rake''', '1',
    'CREATE UNIQUE INDEX threat ON qutecart.products (handle)')
FROM (VALUES ('plain', ''), ('do nothing', 'ON CONFLICT DO NOTHING')) c (name, clause);

-- T18 messages
CREATE FUNCTION tests.message(who text, doing text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text; detail text;
BEGIN
    PERFORM tests.become(who);
    EXECUTE doing;
    RAISE EXCEPTION 'not refused';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN said || '|' || detail;
END $$;
SELECT unalike(tests.message('ann', s.sql), '%secret%', 'T18: what is refused is not repeated: ' || s.what)
FROM (VALUES
    ('a row of another shop', format('INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (%s, ''secret'', ''s'', 1)', tests.id('shop of bob'))),
    ('a row that breaks a check', format('INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (%s, ''secret'', ''s'', -1)', tests.id('shop of ann'))),
    ('a key that exists', format('INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT %s, ''secret'', p.handle, 1 FROM qutecart.products p', tests.id('shop of ann')))) s (what, sql);
SELECT is(tests.message('ann', format('INSERT INTO qutecart.product_variants (shop_id, product_id, price) VALUES (%s, %s, 1)', tests.id('shop of ann'), tests.id('rake'))),
    replace(tests.message('ann', format('INSERT INTO qutecart.product_variants (shop_id, product_id, price) VALUES (%s, %s, 1)', tests.id('shop of ann'), 999999999)),
        '999999999', tests.id('rake')::text), 'T18: another shop''s row and no row at all give the same words');

-- T19, T20 leaky functions and operators
CREATE FUNCTION public.leak(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN
    IF $1 <> tests.id('shop of ann') THEN
        RAISE EXCEPTION 'leaked' USING ERRCODE = 'QCT66';
    END IF;
    RETURN true;
END $$;
CREATE FUNCTION public.leak_less(bigint, bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
    'BEGIN RETURN public.leak($1); END';
CREATE OPERATOR public.<<< (PROCEDURE = public.leak_less, LEFTARG = bigint, RIGHTARG = bigint, RESTRICT = scalarltsel);
ANALYZE qutecart.products, qutecart.orders, qutecart.shops, qutecart.usage_history;
SELECT tests.guarded('T19: a cheap function in WHERE is given own rows only', 'ann', NULL,
    'SELECT count(*) FROM qutecart.products p WHERE public.leak(p.shop_id)', '3',
    'ALTER FUNCTION public.leak(bigint) LEAKPROOF');
-- Planning reads the statistics; nothing is executed.
SELECT tests.guarded('T20: an operator''s estimate is given no statistics of ' || t.name, 'ann',
    format('EXPLAIN (COSTS OFF) SELECT FROM qutecart.%I t WHERE t.%I OPERATOR(public.<<<) 0::bigint', t.name, t.tenant), 'SELECT 0', '0',
    'ALTER FUNCTION public.leak_less(bigint, bigint) LEAKPROOF')
FROM (VALUES ('products', 'shop_id'), ('orders', 'shop_id'), ('shops', 'id'), ('usage_history', 'shop_id')) t (name, tenant);

-- T22 statistics
SELECT tests.guarded('T22: statistics of shop tables are not readable', 'ann', NULL,
    'SELECT count(*) FROM pg_stats s WHERE s.schemaname = ''qutecart'' AND s.tablename = ''products''', '0',
    'ALTER TABLE qutecart.products DISABLE ROW LEVEL SECURITY');

-- T32 permissive policies are OR-ed
SELECT is(tests.probe('ann', NULL, 'SELECT count(*) FROM qutecart.products',
    'CREATE POLICY threat ON qutecart.products USING (true)'), '3', 'T32: a permissive policy for everybody opens no other shop');
SELECT isnt(tests.probe('ann', NULL, 'SELECT count(*) FROM qutecart.products', 'CREATE POLICY threat ON qutecart.products USING (true);
    DROP POLICY products_of_shop ON qutecart.products'), '3', 'T32 goes red after: DROP POLICY products_of_shop');

-- T33 moving a row
SELECT tests.guarded('T33: a row cannot be moved to another shop', 'ann',
    format('UPDATE qutecart.products SET shop_id = %s WHERE id = %s', tests.id('shop of bob'), tests.id('desk')), 'SELECT 1',
    'refused 42501', 'GRANT UPDATE (shop_id) ON qutecart.products TO qutecart_api;
     ALTER POLICY products_of_shop ON qutecart.products USING (true) WITH CHECK (true);
     ALTER TABLE qutecart.products DISABLE TRIGGER USER');
SELECT is(tests.probe('ann', format('UPDATE qutecart.products SET shop_id = %s WHERE id = %s', tests.id('shop of bob'), tests.id('desk')),
    'SELECT 1', 'GRANT UPDATE (shop_id) ON qutecart.products TO qutecart_api'), 'refused 42501', 'T33: not even with the column granted');

-- T42 children
CREATE TABLE qutecart.threat_child () INHERITS (qutecart.usage_history);
INSERT INTO qutecart.threat_child SELECT * FROM ONLY qutecart.usage_history;
SELECT tests.guarded('T42: a child of a table is not readable past its parent', 'ann', NULL,
    'SELECT count(DISTINCT c.shop_id) FROM qutecart.threat_child c', 'refused 42501',
    'GRANT SELECT ON qutecart.threat_child TO qutecart_api');

-- T14, T43, T44 every kind of statement against another shop's row
SELECT is(tests.probe('ann', 'COPY qutecart.products (shop_id, name, handle, price) FROM ''/dev/null''', 'SELECT 1',
    'GRANT pg_read_server_files TO qutecart_client; GRANT INSERT ON qutecart.products TO qutecart_api'), 'refused 0A000',
    'T14: COPY into a table under policies is refused, even with every privilege');
SELECT isnt(tests.probe('ann', 'COPY qutecart.products (shop_id, name, handle, price) FROM ''/dev/null''', 'SELECT 1',
    'GRANT pg_read_server_files TO qutecart_client; GRANT INSERT ON qutecart.products TO qutecart_api;
     ALTER TABLE qutecart.products DISABLE ROW LEVEL SECURITY'), 'refused 0A000', 'T14 goes red after: DISABLE ROW LEVEL SECURITY');
SELECT tests.guarded('T43: TRUNCATE is for nobody', 'ann', 'TRUNCATE qutecart.product_images', 'SELECT 1', 'refused 42501',
    'GRANT TRUNCATE ON qutecart.product_images TO qutecart_api');
\set open 'ALTER POLICY products_of_shop ON qutecart.products USING (true) WITH CHECK (true); ALTER POLICY product_variants_of_shop ON qutecart.product_variants USING (true) WITH CHECK (true)'
SELECT tests.guarded('T44: ' || m.name || ' does not reach another shop''s row', 'ann', format(m.doing, tests.id('rake')), m.asking, '0', :'open')
FROM (VALUES
    ('SELECT', 'SELECT %s', 'SELECT count(*) FROM qutecart.products WHERE name = ''rake'''),
    ('SELECT FOR UPDATE', 'SELECT %s', 'SELECT count(*) FROM (SELECT FROM qutecart.products WHERE name = ''rake'' FOR UPDATE) x'),
    ('MERGE', 'MERGE INTO qutecart.products p USING (SELECT %s::bigint AS id) s ON p.id = s.id
        WHEN MATCHED THEN UPDATE SET name = ''merged'' WHEN NOT MATCHED THEN DO NOTHING',
        'SELECT count(*) FROM qutecart.products WHERE name = ''merged'''),
    ('UPDATE', 'UPDATE qutecart.products SET name = ''changed'' WHERE id = %s', 'SELECT count(*) FROM qutecart.products WHERE name = ''changed''')) m (name, doing, asking);
CREATE FUNCTION tests.deletes(sabotage text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
    IF sabotage IS NOT NULL THEN
        EXECUTE sabotage;
    END IF;
    PERFORM tests.become('ann');
    DELETE FROM qutecart.product_variants v WHERE v.product_id = tests.id('rake');
    GET DIAGNOSTICS n = ROW_COUNT;
    RAISE EXCEPTION USING ERRCODE = 'QCT01', MESSAGE = n::text;
EXCEPTION WHEN SQLSTATE 'QCT01' THEN
    RETURN SQLERRM;
END $$;
SELECT is(tests.deletes(NULL), '0', 'T44: DELETE does not reach another shop''s row');
SELECT isnt(tests.deletes(:'open'), '0', 'T44 goes red after: USING (true)');
SELECT is(tests.probe('ann', format('INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (%s, ''x'', ''x'', 1)',
    tests.id('shop of bob')), 'SELECT 1'), 'refused 42501', 'T44: INSERT takes no row for another shop');
SELECT is(tests.probe('bi_ann', s.sql, 'SELECT 1'), 'refused 42501', 'T44: a BI login writes nothing: ' || split_part(s.sql, ' ', 1))
FROM (VALUES ('INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (1, ''x'', ''x'', 1)'),
    ('UPDATE qutecart.products SET name = ''x'''), ('DELETE FROM qutecart.products')) s (sql);

SELECT * FROM finish();
ROLLBACK;
