-- triggers/event_variants.sql
CREATE FUNCTION qutecart.tg_event_variants() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_event_variants';
COMMENT ON FUNCTION qutecart.tg_event_variants() IS
    'Trigger of product_variants, after each statement: what changes a variant changes its product, for the shop''s webhooks. Needs the transition tables old_rows and new_rows.';
