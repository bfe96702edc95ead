-- functions/imports.sql
-- Importing a catalogue in Shopify's product CSV format.

CREATE FUNCTION qutecart.import_products(csv text, overwrite boolean DEFAULT false)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_import_products';
COMMENT ON FUNCTION qutecart.import_products(text, boolean) IS
    'Import Shopify''s product CSV (older and newer column names, at most 16 MiB and 50000 rows) into the acting shop; rows of one handle are one product with variants and pictures. Each product goes in or not by itself. overwrite: products the shop has already take over the file''s columns; else they stay. Returns {message, data: {created, updated, unchanged, refused, failed, ignored_columns, rows: [{row, handle, status, message, code, field}], limit}}; row counts from 1, the header; refused: by the plan, and limit says how; failed: message and field say why. Needs permission shop.bulk-product-import.store, with overwrite shop.product.edit too. Errors: validation_failed when the text is no such file.';

CREATE FUNCTION qutecart.import_product_file(body bytea, overwrite boolean DEFAULT false)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_import_product_file';
COMMENT ON FUNCTION qutecart.import_product_file(bytea, boolean) IS
    'As import_products, for a file of bytes (text/csv): a row that is not UTF-8 fails alone.';

SELECT qutecart.route('POST /api/seller/products/import', 'qutecart.import_product_file', actor => 'member', lane => 'slow',
    max_body => 16777216, bind => '{"body": "raw_body"}');
