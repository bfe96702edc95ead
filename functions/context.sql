-- functions/context.sql
-- Accessors of the transaction's context; policies call them plainly.

CREATE FUNCTION qutecart.current_shop_id() RETURNS bigint
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'qc_fn_current_shop_id';
COMMENT ON FUNCTION qutecart.current_shop_id() IS
    'The shop acted for in this transaction (a member''s, or a BI login''s); NULL when there is none.';

CREATE FUNCTION qutecart.current_user_id() RETURNS bigint
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'qc_fn_current_user_id';
COMMENT ON FUNCTION qutecart.current_user_id() IS
    'The user signed in for this transaction; NULL when nobody is.';

CREATE FUNCTION qutecart.current_customer_id() RETURNS bigint
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'qc_fn_current_customer_id';
COMMENT ON FUNCTION qutecart.current_customer_id() IS
    'The user acting as a customer; NULL when nobody is signed in or somebody acts for a shop.';

CREATE FUNCTION qutecart.has_permission(permission text) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'qc_fn_has_permission';
COMMENT ON FUNCTION qutecart.has_permission(text) IS
    'May the acting person do this?  permission: a name of qutecart.permissions, e.g. "shop.product.create".  Root has all, a shop''s owner all "shop.*", staff and admins what they were granted.';
