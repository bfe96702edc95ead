-- functions/shop_settings.sql
-- A member changes himself, and the shop if he may.

CREATE FUNCTION qutecart.update_seller_profile(first_name text DEFAULT NULL, last_name text DEFAULT NULL,
    phone text DEFAULT NULL, email text DEFAULT NULL, gender text DEFAULT NULL, date_of_birth date DEFAULT NULL,
    shop_name text DEFAULT NULL, address text DEFAULT NULL, description text DEFAULT NULL,
    shop_logo text DEFAULT NULL, shop_banner text DEFAULT NULL, name text DEFAULT NULL,
    profile_photo text DEFAULT NULL, locale text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_update_seller_profile';
COMMENT ON FUNCTION qutecart.update_seller_profile(text, text, text, text, text, date, text, text, text, text, text, text, text, text) IS
    'Change the signed-in member and the shop he acts for; what is not given stays. shop_name (or name), address, description, shop_logo and shop_banner need shop.profile.edit. locale: the language of his mails, a tag such as de or pt-BR. A changed phone or e-mail is no longer verified. Returns {message, data: {user: SellerUser}}. Raises no_shop, forbidden, validation_failed.';

CREATE FUNCTION qutecart.update_shop_settings(estimated_delivery_time integer DEFAULT NULL,
    opening_time time DEFAULT NULL, closing_time time DEFAULT NULL, prefix text DEFAULT NULL,
    min_order_amount numeric DEFAULT NULL, off_day text[] DEFAULT NULL,
    low_stock_threshold integer DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_update_shop_settings';
COMMENT ON FUNCTION qutecart.update_shop_settings(integer, time, time, text, numeric, text[], integer) IS
    'Change how the shop acted for works; what is not given stays. estimated_delivery_time: days, 1 to 120; opening_time, closing_time: UTC, a shop may close after midnight; prefix: of order codes, 2 capital letters or digits; off_day: mon … sun; low_stock_threshold: quantity of a product at which webhooks are told that stock is low, 0 to 1000000. Needs shop.profile.edit. Returns {message, data: {user: SellerUser}}. Raises no_shop, forbidden, validation_failed.';

SELECT qutecart.route('POST /api/seller/profile/update', 'qutecart.update_seller_profile', actor => 'member');
SELECT qutecart.route('POST /api/seller/shop/settings', 'qutecart.update_shop_settings', actor => 'member');
