-- functions/webhook_deliveries.sql
-- The log of what was sent to a shop's webhooks, and sending it again.

CREATE FUNCTION qutecart.list_webhook_deliveries(id bigint DEFAULT NULL, outcome text DEFAULT NULL,
    event_type text DEFAULT NULL, message_id text DEFAULT NULL, page integer DEFAULT NULL, per_page integer DEFAULT NULL) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_webhook_deliveries';
COMMENT ON FUNCTION qutecart.list_webhook_deliveries(bigint, text, text, text, integer, integer) IS
    'Attempts to deliver to the webhooks of the shop acted for, or to one of them (id), newest first. outcome: delivered, retry (another attempt follows) or dead (given up). message_id: all attempts of one message. page from 1, per_page 1 to 100 (20). Returns {message, data: {total, deliveries: [{id, webhook_id, message_id, event_type, attempt, outcome, status, reason, response, duration_ms, replayed_at, created_at, payload}]}}. For the owner. Errors: forbidden, not_found, validation_failed.';

SELECT qutecart.route('GET /api/seller/webhooks/deliveries', 'qutecart.list_webhook_deliveries', actor => 'member');
SELECT qutecart.route('GET /api/seller/webhooks/{id}/deliveries', 'qutecart.list_webhook_deliveries', actor => 'member');
