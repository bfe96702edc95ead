-- functions/outbox.sql
-- The outbox, for operators and code of the platform: what a member or a customer causes
-- is enqueued by the functions that cause it.

CREATE FUNCTION qutecart.enqueue(
    kind    text,
    payload jsonb DEFAULT '{}',
    shop_id bigint DEFAULT 0,
    key     text DEFAULT '',
    due_at  timestamptz DEFAULT NULL
) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_enqueue';
COMMENT ON FUNCTION qutecart.enqueue(text, jsonb, bigint, text, timestamptz) IS
    'Let a message leave when this transaction commits, and never if it fails; returns its id. kind: "mail.…", "stripe.…" or another channel that is sent; webhooks are made by their events only. payload: an object. shop_id: 0 = the platform''s own. key: messages of one shop, channel and key leave one after the other; empty = in any order. due_at: not before; NULL = at once. Superusers and qutecart_owner only, whatever is granted. Errors: 42501, QC422 validation_failed.';
