-- functions/returns.sql
-- Returns: asked for by a customer, decided by the shop.

CREATE FUNCTION qutecart.return_order(order_id bigint DEFAULT NULL, reason text DEFAULT NULL, product_ids bigint[] DEFAULT NULL,
    bank_account_number text DEFAULT NULL, return_address text DEFAULT NULL, bank_name text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_return_order';
COMMENT ON FUNCTION qutecart.return_order(bigint, text, bigint[], text, text, text) IS
    'Ask to return products of the signed-in customer''s own order, each with all its pieces, within the days of setting return_order_within_days after delivery. All but bank_name is required. Returns {message, data: {returnOrder}}. Errors: unauthenticated, forbidden, not_found, validation_failed.';

CREATE FUNCTION qutecart.list_returns(page integer DEFAULT NULL, per_page integer DEFAULT NULL) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_returns';
COMMENT ON FUNCTION qutecart.list_returns(integer, integer) IS
    'The signed-in customer''s returns, newest first. page from 1, per_page 1 to 100 (20). Returns {message, data: {total, returnOrders}}.';

CREATE FUNCTION qutecart.read_return(id bigint) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_return';
COMMENT ON FUNCTION qutecart.read_return(bigint) IS
    'One return of the signed-in customer with its products. Returns {message, data: {returnOrders}}. Errors: not_found.';

CREATE FUNCTION qutecart.list_shop_returns(page integer DEFAULT NULL, per_page integer DEFAULT NULL) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_shop_returns';
COMMENT ON FUNCTION qutecart.list_shop_returns(integer, integer) IS
    'The acting shop''s returns, newest first; arguments and shape as list_returns. Needs permission shop.returnOrder.index.';

CREATE FUNCTION qutecart.read_shop_return(id bigint) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_shop_return';
COMMENT ON FUNCTION qutecart.read_shop_return(bigint) IS
    'One return of the acting shop with its products. Returns {message, data: {returnOrders}}. Needs permission shop.returnOrder.show. Errors: not_found, also for another shop''s.';

CREATE FUNCTION qutecart.decide_return(id bigint, status text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_decide_return';
COMMENT ON FUNCTION qutecart.decide_return(bigint, text) IS
    'Say what the acting shop makes of a return: Approved, Damaged, Mismatch, or Pending again; as long as it is not refunded. Returns {message, data: {returnOrders}}. Needs permission shop.returnOrder.status.change. Errors: not_found, validation_failed, conflict.';

SELECT qutecart.route('POST /api/return-orders', 'qutecart.return_order', actor => 'customer');
SELECT qutecart.route('GET /api/return-orders', 'qutecart.list_returns', actor => 'customer');
SELECT qutecart.route('GET /api/return-orders/{id}', 'qutecart.read_return', actor => 'customer');
SELECT qutecart.route('GET /api/seller/return-orders', 'qutecart.list_shop_returns', actor => 'member');
SELECT qutecart.route('GET /api/seller/return-orders/{id}', 'qutecart.read_shop_return', actor => 'member');
SELECT qutecart.route('POST /api/seller/return-orders/{id}/status', 'qutecart.decide_return', actor => 'member');
