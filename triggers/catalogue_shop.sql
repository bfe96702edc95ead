-- triggers/catalogue_shop.sql
CREATE FUNCTION qutecart.tg_catalogue_shop() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_catalogue_shop';
COMMENT ON FUNCTION qutecart.tg_catalogue_shop() IS
    'Trigger of shops, after is_active changed: publishes the shop''s products or withdraws them.';
