-- functions/mail.sql
-- Looking at mails before anybody gets them, and who gets none.

CREATE FUNCTION qutecart.mail_preview(template text, data jsonb DEFAULT NULL, locale text DEFAULT NULL,
    part text DEFAULT 'html') RETURNS text
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_mail_preview';
COMMENT ON FUNCTION qutecart.mail_preview(text, jsonb, text, text) IS
    'A mail as it would be written. template: a name of mail_kinds; data: a JSON object, or NULL for the kind''s sample; locale: a language tag, or NULL for the marketplace''s; part: html, text or subject. Raises not_found, validation_failed (names the value that is missing).';

CREATE FUNCTION qutecart.suppress(address text, reason text DEFAULT 'manual') RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_suppress';
COMMENT ON FUNCTION qutecart.suppress(text, text) IS
    'Send no more mail to an address. reason: manual, bounce, complaint, or unsubscribe, which leaves it what is transactional. Returns false when it was so already. Raises validation_failed.';

CREATE FUNCTION qutecart.unsuppress(address text) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_unsuppress';
COMMENT ON FUNCTION qutecart.unsuppress(text) IS
    'Send mail to an address again, whatever it was suppressed for; returns how many reasons are forgotten.';
