-- test/pgtap/world/people.sql
-- Ways to act as somebody, with effects that stay.
--
--   tests.does(token, sql [, shop [, act_as]])   one value as a SQL client with a token
--                                                (NULL = without), in a transaction of
--                                                its own, or "refused STATE slug: message"
--   tests.asks(…)                                the same, but nothing of it stays, so that
--                                                one statement may ask for several people
--   tests.token_of(contact [, password])         a new token
--
-- Call tests.does from a statement outside a transaction block: then its effects are committed
-- and nothing of its context is left for the next.
SET client_min_messages = error;
CREATE SCHEMA IF NOT EXISTS tests;
GRANT USAGE ON SCHEMA tests TO PUBLIC;

CREATE FUNCTION tests.does(token text, sql text, shop bigint DEFAULT NULL, act_as text DEFAULT NULL)
    RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; state text; slug text; said text;
BEGIN
    SET LOCAL SESSION AUTHORIZATION qutecart_client;
    IF token IS NOT NULL THEN
        PERFORM qutecart.enter(token, shop, act_as);
    END IF;
    EXECUTE sql INTO answer;
    RESET SESSION AUTHORIZATION;
    RETURN answer;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, slug = CONSTRAINT_NAME, said = MESSAGE_TEXT;
    RETURN 'refused ' || state || ' ' || slug || ': ' || said;
END $$;

CREATE FUNCTION tests.asks(token text, sql text, shop bigint DEFAULT NULL, act_as text DEFAULT NULL)
    RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'QCT01', MESSAGE = coalesce(tests.does(token, sql, shop, act_as), 'null');
EXCEPTION WHEN SQLSTATE 'QCT01' THEN
    RETURN SQLERRM;
END $$;

CREATE FUNCTION tests.token_of(contact text, password text DEFAULT 'correct horse') RETURNS text LANGUAGE sql AS
    $$SELECT qutecart.login(contact, password) ->> 'token'$$;

-- A registered seller's answer, and a customer's.
CREATE FUNCTION tests.seller(who text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT qutecart.register_seller(who, '+1555' || lpad((abs(hashtext(who)) % 1000000)::text, 6, '0'), who || '@test.example',
        'correct horse', 'correct horse', 'shop of ' || who)::jsonb -> 'data' $$;
CREATE FUNCTION tests.customer(who text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT qutecart.register_customer(who, NULL, who || '@test.example', 'correct horse', 'US')::jsonb -> 'data' $$;
CREATE FUNCTION tests.user_id(who text) RETURNS bigint LANGUAGE sql STABLE AS
    $$SELECT id FROM qutecart.users WHERE email = who || '@test.example'$$;
CREATE FUNCTION tests.shop_id(who text) RETURNS bigint LANGUAGE sql STABLE AS
    $$SELECT shop_id FROM qutecart.shop_members WHERE user_id = tests.user_id(who) AND role = 'owner'$$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO PUBLIC;
