-- triggers/shop_is_fixed.sql
CREATE FUNCTION qutecart.tg_shop_is_fixed() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_shop_is_fixed';
COMMENT ON FUNCTION qutecart.tg_shop_is_fixed() IS
    'Trigger: refuse an UPDATE that moves a row to another shop (42501).';
