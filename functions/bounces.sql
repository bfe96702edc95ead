-- functions/bounces.sql
-- What the mail provider reports of mails that went out.

CREATE FUNCTION qutecart.receive_resend_event(payload bytea DEFAULT NULL, id text DEFAULT NULL,
    sent_at text DEFAULT NULL, signature text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_receive_resend_event';
COMMENT ON FUNCTION qutecart.receive_resend_event(bytea, text, text, text) IS
    'Take an event of Resend''s: the addresses of email.bounced (for good) and email.complained are suppressed, other events change nothing. payload: the body as it came, at most 64 KiB; id, sent_at, signature: the headers svix-id, svix-timestamp (at most 300 seconds old or ahead) and svix-signature, Standard Webhooks. Answers {"received": true, "suppressed": n}; n: addresses that were not suppressed before. Errors: QC400 invalid_signature, invalid_payload, QC413 payload_too_large, QC503 not_configured.';

SELECT qutecart.route('POST /api/webhooks/resend', 'qutecart.receive_resend_event', max_body => 65536,
    bind => '{"payload": "raw_body", "id": "header:svix-id", "sent_at": "header:svix-timestamp", "signature": "header:svix-signature"}');
