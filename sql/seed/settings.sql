-- sql/seed/settings.sql
-- What an operator may set for the whole marketplace.  Public ones are shown to anybody.
INSERT INTO qutecart.settings (key, value, is_public, description)
SELECT s.key, s.value::jsonb, s.is_public, s.description
FROM (VALUES
    ('allowed_file_types', '["image/jpeg","image/png","image/gif","image/webp","application/pdf"]', true, 'Types that uploads may have.'),
    ('app_name', '"QuteCart"', true, 'Name of the marketplace.'),
    ('audit_log_days', '730', false, 'Days for which the audit log is kept.'),
    ('billing_page', '"/seller/billing"', false, 'Where links to the billing portal lead: a path below qutecart.app_url, or a URL.'),
    ('business_based_on', '"commission"', false, 'What the platform earns by: commission or subscription.'),
    ('cash_on_delivery', 'true', true, 'May customers pay in cash?'),
    ('commission', '10', false, 'Commission of the platform, percent or amount.'),
    ('commission_charge', '"per_order"', false, 'When commission is charged: per_order or monthly.'),
    ('commission_type', '"percentage"', false, 'What commission counts: percentage or fixed.'),
    ('currency', '"USD"', true, 'Currency of the marketplace, ISO 4217.'),
    ('currency_position', '"prefix"', true, 'Where the symbol stands: prefix or suffix.'),
    ('default_delivery_charge', '0', true, 'Delivery charge of a shop that sets none.'),
    ('default_locale', '"en"', true, 'Language of mails to people who chose none, a BCP 47 tag.'),
    ('email_required', 'true', true, 'Must who registers give an e-mail?'),
    ('forgot_otp_type', '"email"', true, 'Where codes for a new password go: email or phone.'),
    ('low_stock_threshold', '5', false, 'Quantity of a product at which its shop''s webhooks are told that stock is low; a shop may set its own.'),
    ('max_file_size_mb', '10', true, 'How large an uploaded file may be, in MB of 2^20 bytes.'),
    ('new_product_approval', 'false', false, 'Must an admin approve new products?'),
    ('online_payment', 'true', true, 'May customers pay online?'),
    ('order_place_account_verify', 'false', true, 'Must a customer have a verified contact to order?'),
    ('outbox_log_days', '30', false, 'Days for which the log of mails and webhooks is kept.'),
    ('password_min_length', '8', true, 'Characters that a new password must have.'),
    ('phone_max_length', '16', true, 'Digits that a phone number may have.'),
    ('phone_min_length', '9', true, 'Digits that a phone number must have.'),
    ('phone_required', 'false', true, 'Must a customer who registers give a phone number?'),
    ('plans_page', '"/seller/plans"', false, 'Where links to the plans lead: a path below qutecart.app_url, or a URL.'),
    ('register_otp_type', '"email"', true, 'Where codes for a new account go: email or phone.'),
    ('register_otp_verify', 'false', true, 'Should clients verify the contact after registering?'),
    ('reserved_subdomains', '["www","api","admin","app","mail","ftp","smtp","support","help","blog","shop","store","qutekart","qutecat"]',
        false, 'Names that no shop can have under the base domain.'),
    ('return_order_within_days', '3', true, 'Days in which a delivered order may be returned.'),
    ('seller_approval', 'false', false, 'Must an admin approve new sellers before they can sign in?'),
    ('seller_registration', 'true', true, 'May sellers register themselves?'),
    ('shop_type', '"multi"', true, 'One shop or many: multi or single.'),
    ('update_product_approval', 'false', false, 'Must an admin approve changed products?')
) s (key, value, is_public, description)
WHERE NOT EXISTS (SELECT FROM qutecart.settings k WHERE k.key = s.key);
