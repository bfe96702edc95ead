-- functions/sellers.sql
-- A vendor registers, signs in and looks at himself.

CREATE FUNCTION qutecart.register_seller(first_name text DEFAULT NULL, phone text DEFAULT NULL, email text DEFAULT NULL,
    password text DEFAULT NULL, password_confirmation text DEFAULT NULL, shop_name text DEFAULT NULL,
    last_name text DEFAULT NULL, address text DEFAULT NULL, description text DEFAULT NULL,
    shop_logo text DEFAULT NULL, shop_banner text DEFAULT NULL, profile_photo text DEFAULT NULL,
    locale text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_register_seller';
COMMENT ON FUNCTION qutecart.register_seller(text, text, text, text, text, text, text, text, text, text, text, text, text) IS
    'Register a seller with his shop on the Free plan. first_name, phone, email, password, password_confirmation and shop_name are required; profile_photo, shop_logo and shop_banner are URLs; locale: the language of his mails, a tag such as de or pt-BR. Mails him a welcome. Returns {message, data: {user: SellerUser, access}}; no access while the setting seller_approval is on. Raises validation_failed with all fields, forbidden when the setting seller_registration is off.';

CREATE FUNCTION qutecart.login_seller(contact text DEFAULT NULL, password text DEFAULT NULL, email text DEFAULT NULL,
    phone text DEFAULT NULL, device_type text DEFAULT NULL, device_key text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_login_seller';
COMMENT ON FUNCTION qutecart.login_seller(text, text, text, text, text, text) IS
    'Sign in as a member of a shop. contact: a phone or an e-mail, which email and phone may carry instead; device_type names the session, device_key is kept with it. Returns {message, data: {user: SellerUser, access}}. Raises invalid_credentials, account_inactive, validation_failed.';

CREATE FUNCTION qutecart.seller_profile() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_seller_profile';
COMMENT ON FUNCTION qutecart.seller_profile() IS
    'The member who acts and the shop he acts for: {message, data: {user: SellerUser}}. Raises no_shop, unauthenticated.';

SELECT qutecart.route('POST /api/seller/register', 'qutecart.register_seller');
SELECT qutecart.route('POST /api/seller/login', 'qutecart.login_seller');
SELECT qutecart.route('POST /api/seller/logout', 'qutecart.logout', actor => 'user');
SELECT qutecart.route('GET /api/seller/profile', 'qutecart.seller_profile', actor => 'member');
