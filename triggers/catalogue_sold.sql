-- triggers/catalogue_sold.sql
CREATE FUNCTION qutecart.tg_catalogue_sold() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_catalogue_sold';
COMMENT ON FUNCTION qutecart.tg_catalogue_sold() IS
    'Trigger of order_lines, after each insert: adds the pieces to what catalogue says was sold. Needs the transition table new_rows.';
