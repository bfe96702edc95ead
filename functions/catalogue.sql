-- functions/catalogue.sql
-- Published products as anybody sees them.

CREATE FUNCTION qutecart.list_products(
    page       integer DEFAULT NULL,
    per_page   integer DEFAULT NULL,
    search     text DEFAULT NULL,
    sort_type  text DEFAULT NULL,
    min_price  numeric DEFAULT NULL,
    max_price  numeric DEFAULT NULL,
    brand      text DEFAULT NULL,
    is_digital boolean DEFAULT NULL,
    shop_id    bigint DEFAULT NULL
) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_products';
COMMENT ON FUNCTION qutecart.list_products(integer, integer, text, text, numeric, numeric, text, boolean, bigint) IS
    'Published products. page from 1, per_page 1 to 100 (20). search: words, each the beginning of a word of name, brand, type, code, tags or short description. sort_type: newest (default), just_for_you, low_to_high, high_to_low, top_selling, popular_product, popular. min_price, max_price: of what a buyer pays. brand: its name. is_digital: true for digital ones only. shop_id: the shown shop, NULL = all; an unknown one has none. Returns {message, data: {total, products, filters: {sizes, colors, brands, min_price, max_price}}}; filters speak of the shop''s whole offer.';

CREATE FUNCTION qutecart.read_product(id bigint, shop_id bigint DEFAULT NULL)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_product';
COMMENT ON FUNCTION qutecart.read_product(bigint, bigint) IS
    'One published product with its pictures and variants. shop_id: the shown shop, NULL = all. Returns {message, data: {product, related_products, popular_products}}. Errors: not_found, also for a product that is not published or another shop''s.';

CREATE FUNCTION qutecart.read_product_details(product_id bigint, shop_id bigint DEFAULT NULL)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_product_details';
COMMENT ON FUNCTION qutecart.read_product_details(bigint, bigint) IS
    'As read_product; the name that apps know it by.';

CREATE FUNCTION qutecart.catalogue_audit()
    RETURNS TABLE (shop_id bigint, product_id bigint, difference text)
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_catalogue_audit';
COMMENT ON FUNCTION qutecart.catalogue_audit() IS
    'Compare the public catalogue with products, shops and order lines; no row means it is right. Reads all of them. For operators.';

CREATE FUNCTION qutecart.rebuild_catalogue()
    RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_rebuild_catalogue';
COMMENT ON FUNCTION qutecart.rebuild_catalogue() IS
    'Make the public catalogue anew, after rows came in with qutecart.restoring on; returns the number of published products. Writers of products wait until it ends. For operators.';

SELECT qutecart.route('GET /api/products', 'qutecart.list_products', bind => '{"shop_id": "context"}');
SELECT qutecart.route('GET /api/products/{id}', 'qutecart.read_product', bind => '{"shop_id": "context"}');
SELECT qutecart.route('GET /api/product-details', 'qutecart.read_product_details', bind => '{"shop_id": "context"}');
