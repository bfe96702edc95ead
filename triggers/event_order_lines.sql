-- triggers/event_order_lines.sql
CREATE FUNCTION qutecart.tg_event_order_lines() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_event_order_lines';
COMMENT ON FUNCTION qutecart.tg_event_order_lines() IS
    'Trigger of order_lines, after each insert: an order that this transaction has told the shop''s webhooks of is told with its lines. Needs the transition table new_rows.';
