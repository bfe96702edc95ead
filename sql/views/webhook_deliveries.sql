-- sql/views/webhook_deliveries.sql
CREATE OR REPLACE VIEW qutecart.webhook_deliveries WITH (security_invoker = true) AS
    SELECT l.shop_id, l.id, l.endpoint_id, l.message_id, l.public_id, l.kind, l.attempt, l.outcome, l.status,
           l.reason, l.response, l.duration_ms, l.replayed_at, l.created_at
    FROM qutecart.outbox_log l
    WHERE l.endpoint_id > 0;
COMMENT ON VIEW qutecart.webhook_deliveries IS
    'shop: attempts to deliver to a shop''s webhook endpoints, one row each; see outbox_log. public_id: the webhook-id is "msg_" and its digits.';
GRANT SELECT ON qutecart.webhook_deliveries TO qutecart_api, qutecart_bi;
