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

CREATE FUNCTION qutecart.outbox_claim(most integer DEFAULT 100, per_lane integer DEFAULT NULL)
    RETURNS TABLE (id bigint, lease_token bigint, public_id uuid, kind text, shop_id bigint, endpoint_id bigint,
        lane bigint, key text, payload jsonb, attempts integer, created_at timestamptz)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_outbox_claim';
COMMENT ON FUNCTION qutecart.outbox_claim(integer, integer) IS
    'Take a lease on messages that are due, for a program that sends them where the background worker does not (55006 while it does). Commit, send, then tell what became of each by outbox_settle(); a lease is over a minute after twice qutecart.worker_timeout. Fair between lanes: per_lane (NULL: qutecart.worker_per_lane) in flight in each, in order per key, failing lanes left alone. Superusers and qutecart_owner only.';

CREATE FUNCTION qutecart.outbox_settle(
    id          bigint,
    lease_token bigint,
    outcome     text,
    reason      text DEFAULT NULL,
    status      integer DEFAULT NULL,
    response    text DEFAULT NULL,
    retry_after integer DEFAULT NULL,
    is_secret   boolean DEFAULT NULL
) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_outbox_settle';
COMMENT ON FUNCTION qutecart.outbox_settle(bigint, bigint, text, text, integer, text, integer, boolean) IS
    'Say what became of a message that outbox_claim() gave; false when its lease is not the caller''s any more, and then nothing changes. outcome: delivered, retry (later, by qutecart.retry_delays), dead (never by itself) or postponed (was not tried). reason: a sentence for the log. status, response: of the receiver; 1024 bytes are kept. retry_after: seconds the receiver asked for. is_secret: keep neither payload nor response in the log; NULL: as the worker does, for whom what he does not send is secret. A retry counts as a failure of the lane. Superusers and qutecart_owner only. Errors: 55006, 22023.';
