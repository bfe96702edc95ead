-- test/gateway/stub.sql
--	A qutecart.http() that does what the target tells it, to test the gateway alone.
CREATE SCHEMA IF NOT EXISTS qutecart;

CREATE TABLE qutecart.stub_calls (
    id     bigint GENERATED ALWAYS AS IDENTITY,
    target text NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE qutecart.stub_routes (body text NOT NULL);
INSERT INTO qutecart.stub_routes VALUES ('{"default_max_body": 1048576, "routes": [
    {"method": "GET", "path": "/slow/{ms}", "lane": "slow", "max_body": 0},
    {"method": "POST", "path": "/small", "lane": "write", "max_body": 1000},
    {"method": "POST", "path": "/import", "lane": "write", "max_body": 16777216},
    {"method": "POST", "path": "/group/{name}", "lane": "write", "durability": "group"},
    {"method": "GET", "path": "/page", "lane": "fast", "max_body": 0}]}');

CREATE SEQUENCE qutecart.stub_attempts;
CREATE UNLOGGED TABLE qutecart.stub_page AS
    SELECT jsonb_build_object('data', repeat('x', 3000))::text AS body;

-- /echo            what was received, as JSON
-- /sleep/MS /slow/MS   sleeps
-- /raise/SQLSTATE  raises; /flaky raises 40001 at every odd call
-- /write/NAME      inserts a row; the same name twice fails at commit
-- /size/BYTES      a body of that size
-- /group/WORD      inserts a row, and says that its commit needs a flush of that word
-- /await/TICKET    a 202 that names a ticket, its dots as slashes
-- /reply?status=N  the request's body becomes the reply's headers
CREATE FUNCTION qutecart.http(method text, target text, headers text, body bytea, peer inet,
    OUT status integer, OUT headers_out text, OUT body_out text)
LANGUAGE plpgsql AS $$
DECLARE
    parts text[] := string_to_array(split_part(target, '?', 1), '/');
BEGIN
    status := 200;
    headers_out := E'Content-Type: application/json\nX-Stub: yes\n';
    IF target = '*' THEN
        SELECT r.body INTO body_out FROM qutecart.stub_routes r;
        RETURN;
    END IF;
    CASE parts[2]
        WHEN 'page' THEN
            SELECT p.body INTO body_out FROM qutecart.stub_page p;
        WHEN 'sleep', 'slow' THEN
            PERFORM pg_sleep(parts[3]::float / 1000);
            body_out := format('{"slept": %s}', parts[3]);
        WHEN 'raise' THEN
            RAISE EXCEPTION 'a secret detail' USING ERRCODE = parts[3];
        WHEN 'flaky' THEN
            IF nextval('qutecart.stub_attempts') % 2 = 1 THEN
                RAISE EXCEPTION 'once more' USING ERRCODE = '40001';
            END IF;
            body_out := '{"attempt": "second"}';
        WHEN 'write' THEN
            INSERT INTO qutecart.stub_calls (target) VALUES (parts[3]);
            body_out := '{"written": true}';
        WHEN 'write-then-sleep' THEN
            INSERT INTO qutecart.stub_calls (target) VALUES (parts[3]);
            PERFORM pg_sleep(parts[4]::float / 1000);
            body_out := '{"written": true}';
        WHEN 'terminate' THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
            PERFORM pg_sleep(5);
        WHEN 'size' THEN
            body_out := to_jsonb(repeat('x', parts[3]::integer - 2))::text;
        WHEN 'group' THEN
            INSERT INTO qutecart.stub_calls (target) VALUES (headers || clock_timestamp());
            headers_out := format(E'Qutecart-Durability: %s\n', parts[3]);
            body_out := to_json(headers)::text;
        WHEN 'await' THEN
            status := 202;
            headers_out := format(E'Location: /there\nQutecart-Await: %s\n', replace(parts[3], '.', '/'));
            body_out := '{"status": "pending"}';
        WHEN 'reply' THEN
            status := split_part(target, 'status=', 2)::integer;
            headers_out := convert_from(body, 'UTF8');
            body_out := '{"a": 1}';
        ELSE
            body_out := jsonb_build_object('method', method, 'target', target, 'headers', headers,
                'length', octet_length(body), 'md5', md5(body), 'peer', host(peer))::text;
    END CASE;
END
$$;

-- the result columns must carry the names the gateway selects
ALTER FUNCTION qutecart.http RENAME TO stub;
CREATE FUNCTION qutecart.http(method text, target text, headers text, body bytea, peer inet)
RETURNS TABLE (status integer, headers text, body text)
LANGUAGE sql AS 'SELECT * FROM qutecart.stub($1, $2, $3, $4, $5)';

-- What is done, and how often the gateway asked.
CREATE TABLE qutecart.stub_done (ticket text, status integer, headers text, body text);
CREATE SEQUENCE qutecart.stub_asked MINVALUE 0 START 0;
CREATE FUNCTION qutecart.awaited(tickets text[]) RETURNS SETOF qutecart.stub_done LANGUAGE sql AS
    $$ SELECT d.* FROM qutecart.stub_done d, nextval('qutecart.stub_asked') WHERE d.ticket = ANY (tickets) $$;

-- What a flush does: how long it takes, what it answers; and how many there were.
CREATE TABLE qutecart.stub_flush (ms integer, word text, error text);
INSERT INTO qutecart.stub_flush VALUES (0, '7', NULL);
CREATE SEQUENCE qutecart.stub_flushes MINVALUE 0 START 0;
CREATE FUNCTION qutecart.flush() RETURNS text LANGUAGE plpgsql AS $$
DECLARE f qutecart.stub_flush;
BEGIN
    SELECT * INTO f FROM qutecart.stub_flush;
    PERFORM nextval('qutecart.stub_flushes'), pg_sleep(f.ms / 1000.0);
    IF f.error IS NOT NULL THEN RAISE EXCEPTION USING ERRCODE = f.error, MESSAGE = 'no flush'; END IF;
    RETURN f.word;
END $$;

GRANT USAGE ON SCHEMA qutecart TO qutecart_gateway;
GRANT ALL ON ALL TABLES IN SCHEMA qutecart TO qutecart_gateway;
GRANT ALL ON ALL SEQUENCES IN SCHEMA qutecart TO qutecart_gateway;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA qutecart TO qutecart_gateway;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend TO qutecart_gateway;
