-- triggers/event_return.sql
CREATE FUNCTION qutecart.tg_event_return() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_event_return';
COMMENT ON FUNCTION qutecart.tg_event_return() IS
    'Trigger of return_orders and of return_order_details (argument: the column with the return''s id): order.returned for the shop''s webhooks, once, with its products.';
