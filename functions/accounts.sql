-- functions/accounts.sql
-- Signing in and out, and acting with a token.

CREATE FUNCTION qutecart.login(contact text, password text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_login';
COMMENT ON FUNCTION qutecart.login(text, text) IS
    'Sign in. contact: phone or e-mail. Returns {token, expires_at, user}; the token is shown once and is valid for qutecart.session_days. Raises invalid_credentials, account_inactive.';

CREATE FUNCTION qutecart.enter(token text, shop_id bigint DEFAULT NULL, act_as text DEFAULT NULL) RETURNS void
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_enter';
COMMENT ON FUNCTION qutecart.enter(text, bigint, text) IS
    'Act with a token until the end of the transaction: BEGIN; SELECT qutecart.enter($1); …; COMMIT. Give the token as a bound parameter. shop_id: one of his shops, else his own. act_as: "member", "customer", "admin", else what he is first. Raises unauthenticated, not_found (a shop he is no member of), no_shop, forbidden, context_already_set.';

CREATE FUNCTION qutecart.logout() RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_logout';
COMMENT ON FUNCTION qutecart.logout() IS
    'End the session of the token this transaction acts with; other devices stay signed in. Returns {message}. Raises unauthenticated.';

CREATE FUNCTION qutecart.whoami() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_whoami';
COMMENT ON FUNCTION qutecart.whoami() IS
    'Who acts in this transaction: {actor, user_id, name, email, phone, shop_id, shop_name, expires_at}; actor is "nobody" without a token.';
