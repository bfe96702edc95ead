-- triggers/product_description.sql
CREATE FUNCTION qutecart.tg_product_description() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_product_description';
COMMENT ON FUNCTION qutecart.tg_product_description() IS
    'Trigger of products, before a row: keeps of the description''s HTML what is safe to show.';
