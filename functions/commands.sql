-- functions/commands.sql
-- Requests whose answer comes from outside: begun by a handler, finished by whoever learns
-- the answer, waited for by the gateway.

CREATE FUNCTION qutecart.begin_command(kind text, message text)
    RETURNS json
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_begin_command';
COMMENT ON FUNCTION qutecart.begin_command(text, text) IS
    'For a handler that waits for somebody outside: begin a command of the shop acted for. kind: what is asked for, such as "app.ask". message: for the client, should the answer take long. Returns what the handler answers: {message, data: {id, status: "pending", status_url}}; over HTTP the gateway waits for the command''s reply and sends that instead, after 10 seconds this, as a 202. Errors: no_shop.';

CREATE FUNCTION qutecart.finish_command(shop_id bigint, id uuid, status integer, body json)
    RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_finish_command';
COMMENT ON FUNCTION qutecart.finish_command(bigint, uuid, integer, json) IS
    'Give a command its reply. status: of HTTP, 200 to 599. body: what the client gets, of a failure a problem document. Returns true; false when it has a reply already, which stays, or when the shop has no such command. Granted to nobody.';

CREATE FUNCTION qutecart.command(id uuid)
    RETURNS json
    LANGUAGE c STABLE STRICT PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_command';
COMMENT ON FUNCTION qutecart.command(uuid) IS
    'What became of a request that waits for an answer from outside. Returns {id, kind, status: "pending" or "done", created_at, finished_at, reply: {status, body}}, reply null while it is pending. Errors: no_shop, not_found.';

CREATE FUNCTION qutecart.awaited(
    tickets     text[],
    OUT ticket  text,
    OUT status  integer,
    OUT headers text,
    OUT body    text
)
    RETURNS SETOF record
    LANGUAGE c STABLE STRICT PARALLEL RESTRICTED ROWS 10
    AS 'MODULE_PATHNAME', 'qc_fn_awaited';
COMMENT ON FUNCTION qutecart.awaited(text[]) IS
    'For the gateway: the replies of those commands that are done. tickets: as the header Qutecart-Await of replies names them; one of no command is passed over. Returns a row for each: its ticket, status, headers (a line each) and body.';

SELECT qutecart.route('GET /api/commands/{id}', 'qutecart.command', actor => 'member');
