-- functions/products.sql
-- A shop's own products: list, create, read, change, switch on and off, delete.

CREATE FUNCTION qutecart.list_shop_products(
    page      integer DEFAULT NULL,
    per_page  integer DEFAULT NULL,
    search    text DEFAULT NULL,
    brand     text DEFAULT NULL,
    is_active boolean DEFAULT NULL
) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_shop_products';
COMMENT ON FUNCTION qutecart.list_shop_products(integer, integer, text, text, boolean) IS
    'The acting shop''s products, published or not, newest first. page from 1, per_page 1 to 100 (20). search: part of name or code. Returns {message, data: {total, products}}. Needs permission shop.product.index.';

CREATE FUNCTION qutecart.create_product(
    name               text,
    price              numeric,
    quantity           integer DEFAULT NULL,
    code               text DEFAULT NULL,
    short_description  text DEFAULT NULL,
    description        text DEFAULT NULL,
    discount_price     numeric DEFAULT NULL,
    buy_price          numeric DEFAULT NULL,
    min_order_quantity integer DEFAULT NULL,
    brand              text DEFAULT NULL,
    product_type       text DEFAULT NULL,
    tags               text[] DEFAULT NULL,
    thumbnail          text DEFAULT NULL,
    media_id           bigint DEFAULT NULL,
    is_active          boolean DEFAULT NULL,
    is_digital         boolean DEFAULT NULL,
    meta_title         text DEFAULT NULL,
    meta_description   text DEFAULT NULL,
    meta_keywords      text DEFAULT NULL,
    handle             text DEFAULT NULL,
    variants           jsonb DEFAULT NULL,
    images             jsonb DEFAULT NULL,
    category           jsonb DEFAULT NULL,
    sub_category       jsonb DEFAULT NULL,
    unit               jsonb DEFAULT NULL,
    color              jsonb DEFAULT NULL,
    size               jsonb DEFAULT NULL
) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_create_product';
COMMENT ON FUNCTION qutecart.create_product(text, numeric, integer, text, text, text, numeric, numeric, integer, text, text, text[], text, bigint, boolean, boolean, text, text, text, text, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb) IS
    'Create a product of the acting shop. Amounts in the shop''s currency, at most 2 decimals; discount_price (0 = none) is not above price. quantity: pieces in stock; with variants the sum of theirs. code: unique in the shop. description: HTML, cleaned. thumbnail: URL of the main picture, or media_id: an upload that is confirmed. handle: unique in the shop; made from the name when absent. variants: [{option1_name, option1_value, … option3_value, sku, barcode, price, compare_at_price, quantity, weight_grams, image_url}]. images: [{url or media_id, alt_text}]. category, sub_category, unit, color, size: there are none to choose yet, so any is refused. Returns {message, data: {product}}. Needs permission shop.product.create. Errors: validation_failed, plan_limit_reached.';

CREATE FUNCTION qutecart.read_shop_product(id bigint)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_shop_product';
COMMENT ON FUNCTION qutecart.read_shop_product(bigint) IS
    'One product of the acting shop with variants and pictures. Returns {message, data: {product}}. Needs permission shop.product.show. Errors: not_found, also for another shop''s.';

CREATE FUNCTION qutecart.update_product(
    id                 bigint,
    name               text DEFAULT NULL,
    price              numeric DEFAULT NULL,
    quantity           integer DEFAULT NULL,
    code               text DEFAULT NULL,
    short_description  text DEFAULT NULL,
    description        text DEFAULT NULL,
    discount_price     numeric DEFAULT NULL,
    buy_price          numeric DEFAULT NULL,
    min_order_quantity integer DEFAULT NULL,
    brand              text DEFAULT NULL,
    product_type       text DEFAULT NULL,
    tags               text[] DEFAULT NULL,
    thumbnail          text DEFAULT NULL,
    media_id           bigint DEFAULT NULL,
    is_active          boolean DEFAULT NULL,
    is_digital         boolean DEFAULT NULL,
    meta_title         text DEFAULT NULL,
    meta_description   text DEFAULT NULL,
    meta_keywords      text DEFAULT NULL,
    handle             text DEFAULT NULL,
    variants           jsonb DEFAULT NULL,
    images             jsonb DEFAULT NULL,
    category           jsonb DEFAULT NULL,
    sub_category       jsonb DEFAULT NULL,
    unit               jsonb DEFAULT NULL,
    color              jsonb DEFAULT NULL,
    size               jsonb DEFAULT NULL
) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_update_product';
COMMENT ON FUNCTION qutecart.update_product(bigint, text, numeric, integer, text, text, text, numeric, numeric, integer, text, text, text[], text, bigint, boolean, boolean, text, text, text, text, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb) IS
    'Change a product of the acting shop; what is absent stays. Arguments and shape as create_product; variants and images, when given, replace the lists, and a variant with the same options stays the same row. The quantity of a product with variants is the sum of theirs. Needs permission shop.product.edit. Errors: not_found, validation_failed.';

CREATE FUNCTION qutecart.set_product_status(id bigint, is_active boolean DEFAULT NULL)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_set_product_status';
COMMENT ON FUNCTION qutecart.set_product_status(bigint, boolean) IS
    'Offer a product of the acting shop or withdraw it; without is_active the other of what it is. Returns {message, data: {product}}. Needs permission shop.product.toggle. Errors: not_found, validation_failed (not approved yet).';

CREATE FUNCTION qutecart.delete_product(id bigint)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_delete_product';
COMMENT ON FUNCTION qutecart.delete_product(bigint) IS
    'Delete a product of the acting shop: it is gone from every list and frees its unit of the plan; orders keep what they say of it. Returns {message}. Needs permission shop.product.destroy. Errors: not_found.';

SELECT qutecart.route('GET /api/seller/products', 'qutecart.list_shop_products', actor => 'member');
SELECT qutecart.route('POST /api/seller/products', 'qutecart.create_product', actor => 'member', status => 201);
SELECT qutecart.route('POST /api/products', 'qutecart.create_product', actor => 'member', status => 201);
SELECT qutecart.route('GET /api/seller/products/{id}', 'qutecart.read_shop_product', actor => 'member');
SELECT qutecart.route('PUT /api/seller/products/{id}', 'qutecart.update_product', actor => 'member');
SELECT qutecart.route('DELETE /api/seller/products/{id}', 'qutecart.delete_product', actor => 'member');
SELECT qutecart.route('POST /api/seller/products/{id}/status', 'qutecart.set_product_status', actor => 'member');
