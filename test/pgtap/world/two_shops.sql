-- test/pgtap/world/two_shops.sql
-- Two shops, the people around them, and a way to ask what each of them gets.
--
-- Include it in a transaction that is rolled back.  Ann owns shop 1 (three products,
-- price 100 and up), Bob shop 2 (two products), where Eveline works; Carl bought from both,
-- Dora from Bob.
--
--   tests.probe(who, doing, asking)   what "asking" returns to somebody, or
--                                     "refused SQLSTATE"; nothing of it stays
--   tests.guarded(promise, who, doing, asking, wanted, sabotage)
--                                     two tests: the answer is the wanted one, and it is
--                                     another one as soon as the prevention is taken away
--
-- who: ann, bob, carl, dora (a SQL client with that person's token), nobody (a SQL client
-- without one), bi_ann, bi_bob (BI logins), gateway, owner, superuser.
CREATE SCHEMA tests;
GRANT USAGE ON SCHEMA tests TO PUBLIC;

CREATE TABLE tests.ids (name text PRIMARY KEY, id bigint);
GRANT SELECT ON tests.ids TO PUBLIC;
CREATE FUNCTION tests.id(text) RETURNS bigint LANGUAGE sql STABLE AS
    'SELECT i.id FROM tests.ids i WHERE i.name = $1';

INSERT INTO qutecart.users (name, email) VALUES ('Ann', 'ann@test.example'), ('Bob', 'bob@test.example'),
    ('Carl', 'carl@test.example'), ('Dora', 'dora@test.example'),
    ('Eveline', 'eveline@test.example');
INSERT INTO tests.ids SELECT lower(name), id FROM qutecart.users WHERE email LIKE '%@test.example';
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
    SELECT id, sha256(convert_to('token of ' || name, 'UTF8')), now() + interval '1 day' FROM tests.ids;
INSERT INTO qutecart.shops (name) VALUES ('shop of ann'), ('shop of bob');
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) SELECT id, 'staff', 5 FROM qutecart.shops WHERE name LIKE 'shop of %';
INSERT INTO tests.ids SELECT name, id FROM qutecart.shops WHERE name LIKE 'shop of %';
INSERT INTO qutecart.shop_members (shop_id, user_id, role)
    SELECT tests.id('shop of ' || who), tests.id(who), 'owner' FROM unnest(ARRAY['ann', 'bob']) who;
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES (tests.id('shop of bob'), tests.id('eveline'), 'staff');
INSERT INTO qutecart.products (shop_id, name, handle, code, price, quantity)
    SELECT tests.id('shop of ' || p.who), p.name, p.name, p.name, p.price, 10
    FROM (VALUES ('ann', 'lamp', 100), ('ann', 'desk', 200), ('ann', 'sofa', 300), ('bob', 'rake', 1), ('bob', 'hose', 1))
        p (who, name, price);
INSERT INTO tests.ids SELECT name, id FROM qutecart.products WHERE name IN ('lamp', 'desk', 'sofa', 'rake', 'hose');
INSERT INTO qutecart.product_variants (shop_id, product_id, option1_value, price)
    SELECT shop_id, id, 'red', price FROM qutecart.products WHERE name IN ('lamp', 'rake');
INSERT INTO qutecart.orders (shop_id, customer_id, order_code, prefix, total_amount, payable_amount)
    SELECT tests.id('shop of ' || o.shop), tests.id(o.who), o.code, 'RC', 100, 100
    FROM (VALUES ('ann', 'carl', 'A1'), ('bob', 'carl', 'B1'), ('bob', 'dora', 'B2')) o (shop, who, code);
INSERT INTO qutecart.order_lines (shop_id, order_id, customer_id, product_id, name, quantity, price)
    SELECT o.shop_id, o.id, o.customer_id, tests.id(CASE o.prefix || o.order_code WHEN 'RCA1' THEN 'lamp' ELSE 'rake' END),
        'thing', 1, 100 FROM qutecart.orders o WHERE o.order_code IN ('A1', 'B1', 'B2');
INSERT INTO qutecart.usage_history (shop_id, metric, period, used, limit_value, plan_slug)
    SELECT id, 'products', '2026-01-01', 2, 25, 'free' FROM tests.ids WHERE name LIKE 'shop of %';

-- Roles belong to the server, so their names say which database they are of.
CREATE FUNCTION tests.role(text) RETURNS text LANGUAGE sql STABLE AS
    $$SELECT $1 || '_of_' || current_database()$$;
DO $$
DECLARE who text;
BEGIN
    FOREACH who IN ARRAY ARRAY['ann', 'bob'] LOOP
        EXECUTE format('CREATE ROLE %I LOGIN IN ROLE qutecart_bi CONNECTION LIMIT 3', tests.role('bi_' || who));
        EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', tests.role('bi_' || who), '30s');
        INSERT INTO qutecart.bi_logins (role_name, shop_id, name)
            VALUES (tests.role('bi_' || who), tests.id('shop of ' || who), who);
    END LOOP;
    EXECUTE format('CREATE ROLE %I LOGIN', tests.role('stranger'));
END $$;

CREATE FUNCTION tests.become(who text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF who = 'superuser' THEN
        RETURN;
    ELSIF who = 'owner' THEN
        SET LOCAL ROLE qutecart_owner;
    ELSIF who = 'gateway' THEN
        SET LOCAL SESSION AUTHORIZATION qutecart_gateway;
    ELSIF who ~ '^bi_' OR who = 'stranger' THEN
        EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', tests.role(who));
    ELSE
        SET LOCAL SESSION AUTHORIZATION qutecart_client;
        IF who <> 'nobody' THEN
            PERFORM qutecart.enter('token of ' || who);
        END IF;
    END IF;
END $$;

CREATE FUNCTION tests.probe(who text, doing text, asking text, sabotage text DEFAULT NULL)
    RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; state text; said text;
BEGIN
    IF sabotage IS NOT NULL THEN
        EXECUTE sabotage;
    END IF;
    PERFORM tests.become(who);
    BEGIN
        IF doing IS NOT NULL THEN
            EXECUTE doing;
        END IF;
        IF asking IS NOT NULL THEN
            EXECUTE asking INTO answer;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, said = MESSAGE_TEXT;
        answer := 'refused ' || state;
    END;
    RAISE EXCEPTION USING ERRCODE = 'QCT01', MESSAGE = coalesce(answer, 'null');
EXCEPTION WHEN SQLSTATE 'QCT01' THEN
    RETURN SQLERRM;
END $$;

CREATE FUNCTION tests.guarded(promise text, who text, doing text, asking text, wanted text, sabotage text)
    RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is(tests.probe(who, doing, asking), wanted, promise);
    IF sabotage IS NOT NULL THEN
        RETURN NEXT isnt(tests.probe(who, doing, asking, sabotage), wanted,
            split_part(promise, ':', 1) || ' goes red after: ' || regexp_replace(sabotage, '\s+', ' ', 'g'));
    END IF;
END $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO PUBLIC;
