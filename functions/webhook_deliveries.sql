-- functions/webhook_deliveries.sql
-- The log of what was sent to a shop's webhooks, and sending it again.

CREATE FUNCTION qutecart.list_webhook_deliveries(id bigint DEFAULT NULL, outcome text DEFAULT NULL,
    event_type text DEFAULT NULL, message_id text DEFAULT NULL, page integer DEFAULT NULL, per_page integer DEFAULT NULL) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_webhook_deliveries';
COMMENT ON FUNCTION qutecart.list_webhook_deliveries(bigint, text, text, text, integer, integer) IS
    'Attempts to deliver to the webhooks of the shop acted for, or to one of them (id), newest first. outcome: delivered, retry (another attempt follows) or dead (given up). message_id: all attempts of one message. page from 1, per_page 1 to 100 (20). Returns {message, data: {total, deliveries: [{id, webhook_id, message_id, event_type, attempt, outcome, status, reason, response, duration_ms, replayed_at, created_at, payload}]}}. For the owner. Errors: forbidden, not_found, validation_failed.';

CREATE FUNCTION qutecart.replay_webhook_deliveries(id bigint, message_id text DEFAULT NULL, delivery_id bigint DEFAULT NULL,
    since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL, outcome text DEFAULT NULL, dry_run boolean DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_replay_webhook_deliveries';
COMMENT ON FUNCTION qutecart.replay_webhook_deliveries(bigint, text, bigint, timestamptz, timestamptz, text, boolean) IS
    'Send messages of a webhook (id) again that have ended, each end once and under its message_id. message_id, or delivery_id of the attempt that ended it: that one; since, until: those that ended then. outcome: dead (default), delivered or all. dry_run: only say which. Returns {message, data: {count, message_ids}}, the first 100 of them. For the owner; needs the plan''s feature api_access. Errors: forbidden, feature_not_in_plan, not_found, conflict (it is disabled), validation_failed.';

SELECT qutecart.route('POST /api/seller/webhooks/{id}/replay', 'qutecart.replay_webhook_deliveries', actor => 'member', status => 202);
SELECT qutecart.route('GET /api/seller/webhooks/deliveries', 'qutecart.list_webhook_deliveries', actor => 'member');
SELECT qutecart.route('GET /api/seller/webhooks/{id}/deliveries', 'qutecart.list_webhook_deliveries', actor => 'member');
