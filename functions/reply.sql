-- functions/reply.sql
-- For handlers that an operator writes in SQL.

CREATE FUNCTION qutecart.request_header(name text) RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_request_header';
COMMENT ON FUNCTION qutecart.request_header(text) IS
    'The value of a header of the request that is being answered; NULL when it has none, and outside of HTTP.';

CREATE FUNCTION qutecart.reply_header(name text, value text) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_reply_header';
COMMENT ON FUNCTION qutecart.reply_header(text, text) IS
    'Set a header of the reply that is being made; nothing outside of HTTP. A value with control characters fails the request.';

CREATE FUNCTION qutecart.reply_status(status integer) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_reply_status';
COMMENT ON FUNCTION qutecart.reply_status(integer) IS
    'Answer with another status than the route''s (200 to 599); nothing outside of HTTP. What the handler did stays; to undo it, raise an error with SQLSTATE QC and the status instead.';
