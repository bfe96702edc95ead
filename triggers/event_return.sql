-- triggers/event_return.sql
CREATE FUNCTION qutecart.tg_event_return() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_event_return';
COMMENT ON FUNCTION qutecart.tg_event_return() IS
    'Trigger of return_orders, at the end of the transaction, when a return has its lines: order.returned for the shop''s webhooks.';
