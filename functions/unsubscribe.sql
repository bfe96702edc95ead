-- functions/unsubscribe.sql
-- The link by which somebody ends mails that he need not get (RFC 8058).

CREATE FUNCTION qutecart.show_unsubscribe(token text) RETURNS text
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_show_unsubscribe';
COMMENT ON FUNCTION qutecart.show_unsubscribe(text) IS
    'What a link to unsubscribe would do: {message, data: {address (shortened), is_unsubscribed}}, or a page with a button for who accepts text/html. Changes nothing: programs follow links too. Errors: not_found.';

CREATE FUNCTION qutecart.unsubscribe(token text, body text DEFAULT NULL) RETURNS text
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_unsubscribe';
COMMENT ON FUNCTION qutecart.unsubscribe(text, text) IS
    'End the mails to a link''s address that are not transactional, with one click and without signing in; a second time changes nothing. body: may say anything, in any form. Answers as show_unsubscribe(). Errors: not_found.';

SELECT qutecart.route('GET /api/unsubscribe/{token}', 'qutecart.show_unsubscribe');
SELECT qutecart.route('POST /api/unsubscribe/{token}', 'qutecart.unsubscribe', max_body => 4096, bind => '{"body": "raw_body"}');
