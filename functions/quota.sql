-- functions/quota.sql
-- Looking after limits and counters: for superusers, qutecart_owner and admins who may
-- edit plans (admin.subscription-plan.edit).

CREATE FUNCTION qutecart.recount(of_shop bigint DEFAULT NULL)
    RETURNS TABLE (shop_id bigint, metric text, period date, used bigint)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_recount';
COMMENT ON FUNCTION qutecart.recount(bigint) IS
    'Forget what shared memory holds of a shop (null = of all) and count its rows. Returns one row per shop and metric: used in units (bytes for storage); period is this month for orders, else null. Operators only.';

CREATE FUNCTION qutecart.usage_audit()
    RETURNS TABLE (shop_id bigint, metric text, period date, counted bigint, held bigint, difference bigint)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_usage_audit';
COMMENT ON FUNCTION qutecart.usage_audit() IS
    'Where the counters in shared memory differ from the committed rows; no row means that all is right. What open transactions hold is no difference, nor is a counter that claims to be an upper bound only and is one. Operators only.';

CREATE FUNCTION qutecart.quota_entries()
    RETURNS TABLE (shop_id bigint, metric text, period date, committed bigint, in_flight bigint, limit_value bigint, is_exact boolean, users integer)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_quota_entries';
COMMENT ON FUNCTION qutecart.quota_entries() IS
    'The counters of this database in shared memory: committed is null until the rows are counted; in_flight is what open transactions hold; users is how many use it; storage in bytes. Operators only.';

CREATE FUNCTION qutecart.set_limit_override(shop_id bigint, metric text, limit_value bigint, reason text)
    RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_set_limit_override';
COMMENT ON FUNCTION qutecart.set_limit_override(bigint, text, bigint, text) IS
    'Agree on a limit with one shop, in place of its plan''s, in every state of its subscription. metric: products, orders, storage (in MB) or staff; limit_value: -1 is unlimited, 0 is none. Writes to the audit log. Errors: not_found. Operators only.';

CREATE FUNCTION qutecart.clear_limit_override(shop_id bigint, metric text)
    RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_clear_limit_override';
COMMENT ON FUNCTION qutecart.clear_limit_override(bigint, text) IS
    'Go back to the plan''s limit. metric: products, orders, storage or staff. Writes to the audit log. Errors: not_found. Operators only.';
