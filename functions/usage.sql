-- functions/usage.sql
-- What a shop uses of its plan.

CREATE FUNCTION qutecart.usage(shop_id bigint DEFAULT NULL)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_usage';
COMMENT ON FUNCTION qutecart.usage(bigint) IS
    'What a shop uses of its plan. shop_id: null is the shop acted for; another one for operators only. Returns {shop, products, orders, storage, staff, subscription}; products, orders and staff: {current, limit, remaining, percent, status}, orders with resets_at (a date, UTC); storage in MB of 2^20 bytes, begun ones in full, percent by bytes. -1 is unlimited. status: good, moderate (50), warning (75), critical (90), exceeded (100 %). Errors: no_shop, not_found.';

CREATE FUNCTION qutecart.write_usage_history(month date)
    RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_write_usage_history';
COMMENT ON FUNCTION qutecart.write_usage_history(date) IS
    'Write one row per shop and metric into usage_history. month: any day of it; its orders (UTC) are counted, the other metrics as they stand now; storage in bytes. What is written already stays. Returns the number of rows written. Operators only.';

SELECT qutecart.route('GET /api/subscription/usage', 'qutecart.usage', actor => 'member');
