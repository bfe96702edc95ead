-- functions/outbox_replay.sql
-- Sending again what was given up, and giving up what waits.

CREATE FUNCTION qutecart.outbox_replay(
    id       bigint DEFAULT NULL,
    kind     text DEFAULT NULL,
    since    timestamptz DEFAULT NULL,
    until    timestamptz DEFAULT NULL,
    endpoint bigint DEFAULT NULL,
    shop     bigint DEFAULT NULL,
    outcome  text DEFAULT 'dead',
    dry_run  boolean DEFAULT false
) RETURNS TABLE (message_id bigint, new_id bigint, public_id uuid, kind text, shop_id bigint, endpoint_id bigint, has_payload boolean)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_outbox_replay';
COMMENT ON FUNCTION qutecart.outbox_replay(bigint, text, timestamptz, timestamptz, bigint, bigint, text, boolean) IS
    'Send again messages that have ended, each end once, and return them. id: the message''s; kind: "mail.welcome", or a channel, "mail"; since, until: when it ended; endpoint: of a webhook; shop: 0 = the platform''s own; outcome: dead, delivered or NULL for both. What is not given does not choose. dry_run: return them only. A message keeps its public_id, by which receivers know it, and all its attempts are before it again; one without payload (has_payload false: secrets are not kept) cannot be sent again. Superusers and qutecart_owner only. Errors: 22023.';

CREATE FUNCTION qutecart.outbox_discard(
    reason   text,
    id       bigint DEFAULT NULL,
    kind     text DEFAULT NULL,
    since    timestamptz DEFAULT NULL,
    until    timestamptz DEFAULT NULL,
    endpoint bigint DEFAULT NULL,
    shop     bigint DEFAULT NULL,
    dry_run  boolean DEFAULT false
) RETURNS TABLE (message_id bigint, public_id uuid, kind text, shop_id bigint, endpoint_id bigint, has_payload boolean)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_outbox_discard';
COMMENT ON FUNCTION qutecart.outbox_discard(text, bigint, text, timestamptz, timestamptz, bigint, bigint, boolean) IS
    'Give up messages that wait, and return them; those that are being sent stay. They go to the log as dead, with the reason, and can be replayed if has_payload. since, until: when they were enqueued; the rest as for outbox_replay(). At least one of them must choose. dry_run: return them only. Superusers and qutecart_owner only. Errors: 22023.';
