-- test/pgtap/world/vendors.sql
-- Two vendors and the people around them, who speak HTTP.
--
-- Vera owns "Teas", Nora "Cups", both on the Free plan; Sam is staff of Teas and may only
-- look at products; Carl buys.
--
--   call(who, 'METHOD /target', body)      status and body of a reply; who NULL = nobody
--   status(…)                              the status alone
--   sql_as(who, statement)                 what a SQL client gets, or "refused SQLSTATE"
INSERT INTO qutecart.users (name, email) VALUES
    ('Vera', 'vera@x.example'), ('Nora', 'nora@x.example'), ('Sam', 'sam@x.example'), ('Carl', 'carl@x.example');
INSERT INTO qutecart.shops (name, delivery_charge) VALUES ('Teas', 4.5), ('Cups', 0);
CREATE TEMP TABLE ids AS
    SELECT u.name, u.id FROM qutecart.users u WHERE u.email LIKE '%@x.example'
    UNION ALL SELECT s.name, s.id FROM qutecart.shops s WHERE s.name IN ('Teas', 'Cups');
CREATE FUNCTION pg_temp.id(text) RETURNS bigint LANGUAGE sql AS 'SELECT i.id FROM ids i WHERE i.name = $1';
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) VALUES (pg_temp.id('Teas'), 'staff', 5);
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES
    (pg_temp.id('Teas'), pg_temp.id('Vera'), 'owner'), (pg_temp.id('Cups'), pg_temp.id('Nora'), 'owner'),
    (pg_temp.id('Teas'), pg_temp.id('Sam'), 'staff');
INSERT INTO qutecart.shop_member_permissions (shop_id, user_id, permission_id)
    SELECT pg_temp.id('Teas'), pg_temp.id('Sam'), p.id FROM qutecart.permissions p WHERE p.name = 'shop.product.index';
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
    SELECT i.id, sha256(convert_to('token of ' || i.name, 'UTF8')), now() + interval '1 day'
    FROM ids i WHERE i.name NOT IN ('Teas', 'Cups');

CREATE FUNCTION pg_temp.call(who text, endpoint text, body text DEFAULT NULL, type text DEFAULT 'application/json')
    RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE reply record;
BEGIN
    SELECT * INTO reply FROM qutecart.http(split_part(endpoint, ' ', 1), substr(endpoint, strpos(endpoint, ' ') + 1),
        concat_ws(E'\n', 'authorization: Bearer token of ' || who, 'content-type: ' || type) || E'\n', convert_to(body, 'UTF8'));
    RETURN jsonb_build_object('status', reply.status) || coalesce(reply.body::jsonb, '{}') || jsonb_build_object('http', reply.status);
END $$;
CREATE FUNCTION pg_temp.status(who text, endpoint text, body text DEFAULT NULL, type text DEFAULT 'application/json')
    RETURNS integer LANGUAGE sql AS $$SELECT (pg_temp.call(who, endpoint, body, type) ->> 'http')::integer$$;
-- The transaction a statement runs in is undone unless it is to stay.
CREATE FUNCTION pg_temp.sql_as(who text, statement text, stays boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; state text;
BEGIN
    IF who IS NOT NULL THEN PERFORM qutecart.enter('token of ' || who); END IF;
    SET LOCAL ROLE qutecart_client;
    EXECUTE statement INTO answer;
    IF NOT stays THEN RAISE EXCEPTION USING ERRCODE = 'ZZ000'; END IF;
    RESET ROLE;
    RETURN answer;
EXCEPTION
    WHEN SQLSTATE 'ZZ000' THEN RETURN answer;
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
        RETURN 'refused ' || state;
END $$;
