-- triggers/event_order.sql
CREATE FUNCTION qutecart.tg_event_order() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_event_order';
COMMENT ON FUNCTION qutecart.tg_event_order() IS
    'Trigger of orders: order.created, order.status_changed and order.paid for the shop''s webhooks.';
