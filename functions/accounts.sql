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

CREATE FUNCTION qutecart.logout(device_key text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_logout';
COMMENT ON FUNCTION qutecart.logout(text) IS
    'End the session of the token this transaction acts with; other devices stay signed in. device_key: may be sent, and goes with the session anyway. Returns {message}. Raises unauthenticated.';

CREATE FUNCTION qutecart.whoami() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_whoami';
COMMENT ON FUNCTION qutecart.whoami() IS
    'Who acts in this transaction: {actor, user_id, name, email, phone, shop_id, shop_name, expires_at}; actor is "nobody" without a token.';

CREATE FUNCTION qutecart.login_customer(phone text DEFAULT NULL, password text DEFAULT NULL, email text DEFAULT NULL,
    contact text DEFAULT NULL, device_type text DEFAULT NULL, device_key text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_login_customer';
COMMENT ON FUNCTION qutecart.login_customer(text, text, text, text, text, text) IS
    'Sign in as a customer. phone: a phone or an e-mail, which email and contact may carry instead; device_type names the session, device_key is kept with it. Returns {message, data: {user, access}}. Raises invalid_credentials, account_inactive, validation_failed.';

CREATE FUNCTION qutecart.register_customer(name text DEFAULT NULL, phone text DEFAULT NULL, email text DEFAULT NULL,
    password text DEFAULT NULL, country text DEFAULT NULL, first_name text DEFAULT NULL, last_name text DEFAULT NULL,
    phone_code text DEFAULT NULL, gender text DEFAULT NULL, date_of_birth date DEFAULT NULL, device_type text DEFAULT NULL,
    device_key text DEFAULT NULL, profile_photo text DEFAULT NULL, locale text DEFAULT NULL)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_register_customer';
COMMENT ON FUNCTION qutecart.register_customer(text, text, text, text, text, text, text, text, text, date, text, text, text, text) IS
    'Register a customer and sign him in. name (or first_name), password and country are required, phone and email as the settings phone_required and email_required say; password: as long as the setting password_min_length; profile_photo: a URL; locale: the language of his mails, a tag such as de or pt-BR. Mails him a welcome. Returns {message, data: {user, access}}. Raises validation_failed with all fields.';

CREATE FUNCTION qutecart.change_password(current_password text DEFAULT NULL, password text DEFAULT NULL,
    password_confirmation text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_change_password';
COMMENT ON FUNCTION qutecart.change_password(text, text, text) IS
    'Change the password of the signed-in user and end his other sessions. All three are required. Returns {message}. Raises unauthenticated, validation_failed, bad_request (the current password is wrong, or the new one is the same).';

SELECT qutecart.route('POST /api/auth/register', 'qutecart.register_customer');
SELECT qutecart.route('POST /api/auth/login', 'qutecart.login_customer');
SELECT qutecart.route('POST /api/auth/logout', 'qutecart.logout', actor => 'user');
SELECT qutecart.route('POST /api/auth/change-password', 'qutecart.change_password', actor => 'user');
SELECT qutecart.route('POST /api/seller/profile/update-password', 'qutecart.change_password', actor => 'user');
