-- test/pgtap/world/http.sql
-- Ways to send requests as the gateway does.  Include it after people.sql.
--
--   tests.sends(method, target, headers, body, peer)  the reply as {status, headers, body}: headers
--                                                     by name in lower case, body as JSON if it is
--   tests.tries(…)                                    the same, but nothing of it stays, so that one
--                                                     statement may send for several people
--   tests.bearer(token [, more])                      header lines of somebody signed in
CREATE FUNCTION tests.sends(method text, target text, headers text DEFAULT '', body text DEFAULT NULL, peer inet DEFAULT '192.0.2.1')
    RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE r record; as_json jsonb;
BEGIN
    SET LOCAL SESSION AUTHORIZATION qutecart_gateway;
    SELECT * INTO r FROM qutecart.http(method, target, headers, convert_to(body, 'UTF8'), peer);
    RESET SESSION AUTHORIZATION;
    BEGIN
        as_json := r.body::jsonb;
    EXCEPTION WHEN data_exception THEN
        as_json := to_jsonb(r.body);
    END;
    RETURN jsonb_build_object('status', r.status, 'body', as_json, 'headers', (
        SELECT coalesce(jsonb_object_agg(lower(split_part(line, ': ', 1)), substr(line, strpos(line, ': ') + 2)), '{}')
        FROM regexp_split_to_table(rtrim(r.headers, E'\n'), E'\n') line WHERE line <> ''));
END $$;

CREATE FUNCTION tests.tries(method text, target text, headers text DEFAULT '', body text DEFAULT NULL, peer inet DEFAULT '192.0.2.1')
    RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'QCT01', MESSAGE = tests.sends(method, target, headers, body, peer)::text;
EXCEPTION WHEN SQLSTATE 'QCT01' THEN
    RETURN SQLERRM::jsonb;
END $$;

CREATE FUNCTION tests.bearer(token text, more text DEFAULT '') RETURNS text LANGUAGE sql AS
    $$SELECT coalesce('authorization: Bearer ' || token || E'\n', '') || more$$;
