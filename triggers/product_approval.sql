-- triggers/product_approval.sql
CREATE FUNCTION qutecart.tg_product_approval() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_product_approval';
COMMENT ON FUNCTION qutecart.tg_product_approval() IS
    'Trigger of products, before a row: while the setting it is given (new_product_approval, update_product_approval) is on, what a member of the shop writes waits for an admin''s approval.';
