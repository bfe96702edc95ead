-- triggers/event_product.sql
CREATE FUNCTION qutecart.tg_event_product() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_event_product';
COMMENT ON FUNCTION qutecart.tg_event_product() IS
    'Trigger of products: product.created, product.updated and product.deleted for the shop''s webhooks, each once per transaction and product. Stock that an order takes is no change.';
