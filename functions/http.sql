-- functions/http.sql
-- The door for HTTP.  The gateway calls what stands here and qutecart.awaited(), nothing else.

CREATE FUNCTION qutecart.http(
    method      text,
    target      text,
    headers     text DEFAULT '',
    body        bytea DEFAULT NULL,
    peer        inet DEFAULT NULL,
    OUT status  integer,
    OUT headers text,
    OUT body    text
)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_http';
COMMENT ON FUNCTION qutecart.http(text, text, text, bytea, inet) IS
    'Answer an HTTP request. method: in capitals. target: "/path?query", or "*" for OPTIONS. headers: a line "Name: value" each. body: as it came. peer: the client''s address, or our own proxy''s. Returns status, headers (a line each) and body; failures are answered too, and leave nothing behind. HEAD is answered as GET, with the body whose length it tells. Raises only what the caller may repeat as a whole (SQLSTATE classes 40, 53, 57). One call is one transaction: a second one with another token in the same transaction is refused.';

CREATE FUNCTION qutecart.flush() RETURNS text
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_flush';
COMMENT ON FUNCTION qutecart.flush() IS
    'For the gateway: wait until all that was committed before is as durable as a commit of this session is, standbys that commits wait for included. Returns a word that is another one after each crash or failover; only if it equals the word in a reply''s header Qutecart-Durability is that reply''s commit safe. Errors: 25006 on a standby.';
