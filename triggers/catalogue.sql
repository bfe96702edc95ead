-- triggers/catalogue.sql
CREATE FUNCTION qutecart.tg_catalogue() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_catalogue';
COMMENT ON FUNCTION qutecart.tg_catalogue() IS
    'Trigger of products, after each statement: takes the changed rows over into catalogue. Needs the transition tables old_rows and new_rows.';
