-- triggers/event_stock.sql
CREATE FUNCTION qutecart.tg_event_stock() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_event_stock';
COMMENT ON FUNCTION qutecart.tg_event_stock() IS
    'Trigger of products whose quantity has fallen: stock.low for the shop''s webhooks, when it falls from above the shop''s threshold to it or below.';
