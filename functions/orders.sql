-- functions/orders.sql
-- Placing and reading orders: as the customer who buys, as the shop that sells.

CREATE FUNCTION qutecart.create_order(products jsonb, payment_method text DEFAULT 'cash', address jsonb DEFAULT NULL, note text DEFAULT NULL)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_create_order';
COMMENT ON FUNCTION qutecart.create_order(jsonb, text, jsonb, text) IS
    'Order as the signed-in customer. products: [{"product_id", "variant_id"?, "quantity"?}]; one order per shop, all or none. payment_method: "cash". address: {name, phone, area, flat_no, post_code, address_line, address_line2, address_type, latitude, longitude}. Returns {message, data: {order_payment_url, orders}}. Errors: unauthenticated, validation_failed, not_found, out_of_stock, plan_limit_reached (the shop''s month is full).';

CREATE FUNCTION qutecart.list_orders(order_status text DEFAULT NULL, page integer DEFAULT NULL, per_page integer DEFAULT NULL)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_orders';
COMMENT ON FUNCTION qutecart.list_orders(text, integer, integer) IS
    'The signed-in customer''s orders, newest first. order_status: one of the seven, in any case. page from 1, per_page 1 to 100 (20). Returns {message, data: {total, status_wise_orders, orders}}.';

CREATE FUNCTION qutecart.read_order(id bigint)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_order';
COMMENT ON FUNCTION qutecart.read_order(bigint) IS
    'One order of the signed-in customer. Returns {message, data: {order}}. Errors: not_found for an order of anybody else as for one that does not exist.';

CREATE FUNCTION qutecart.list_shop_orders(order_status text DEFAULT NULL, page integer DEFAULT NULL, per_page integer DEFAULT NULL)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_shop_orders';
COMMENT ON FUNCTION qutecart.list_shop_orders(text, integer, integer) IS
    'The acting shop''s orders, newest first; arguments and shape as list_orders. Needs permission shop.order.index.';

CREATE FUNCTION qutecart.read_shop_order(id bigint)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_shop_order';
COMMENT ON FUNCTION qutecart.read_shop_order(bigint) IS
    'One order of the acting shop. Returns {message, data: {order}}. Needs permission shop.order.show. Errors: not_found, also for another shop''s.';

SELECT qutecart.route('POST /api/orders', 'qutecart.create_order', actor => 'customer', status => 201);
SELECT qutecart.route('GET /api/orders', 'qutecart.list_orders', actor => 'customer');
SELECT qutecart.route('GET /api/orders/{id}', 'qutecart.read_order', actor => 'customer');
SELECT qutecart.route('GET /api/seller/orders', 'qutecart.list_shop_orders', actor => 'member');
SELECT qutecart.route('GET /api/seller/orders/{id}', 'qutecart.read_shop_order', actor => 'member');
