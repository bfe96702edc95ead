-- sql/seed/mail_kinds.sql
-- The kinds of mails.  fields: sorts of data (see extension/mail/localize.h); sample: data
-- that fill every placeholder.  A row that an operator edited stays as he has it.
--
-- A limit_warning and a usage_report can be unsubscribed from.  All others are about the
-- reader's own account, money or security; a trial's end brings a charge, so its mail is
-- among them.
INSERT INTO qutecart.mail_kinds AS k (name, is_transactional, colour, description, fields, sample, shipped)
SELECT s.*, md5(s.is_transactional || s.colour || s.description || s.fields || s.sample)
FROM (VALUES
    ('subscription_confirmation', true, 'violet', 'To a shop whose subscription or trial has begun.',
        '{"trial_days": "count", "trial_ends_at": "date", "products_limit": "count", "orders_per_month": "count",
          "storage_mb": "count", "staff_accounts": "count"}'::jsonb,
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Growth", "trial_days": 14,
          "trial_ends_at": "2026-11-24T12:00:00Z", "subdomain": "adas-teas.qutekart.com", "products_limit": 1000,
          "orders_per_month": 5000, "storage_mb": 10240, "staff_accounts": 10, "has_priority_support": true}'::jsonb),
    ('payment_failed', true, 'red', 'To a shop whose payment was declined; urgent from the third attempt on.',
        '{"amount": "money:currency", "attempt": "count", "next_attempt_at": "date"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Growth", "amount": "99.00", "currency": "USD",
          "attempt": 3, "is_urgent": true, "next_attempt_at": "2027-01-15T09:00:00Z"}'),
    ('trial_ending', true, 'orange', 'To a shop whose trial ends in some days.',
        '{"days_left": "count", "trial_ends_at": "date", "price": "money:price_currency"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Growth", "price": "99.00", "price_currency": "USD", "is_yearly": false,
          "days_left": 3, "trial_ends_at": "2026-11-24T12:00:00Z"}'),
    ('limit_warning', false, '{{#is_reached}}deep_amber{{/is_reached}}{{^is_reached}}amber{{/is_reached}}',
        'To a shop that has used 80, 90 or 100 % of a limit of its plan.',
        '{"limit_type": "choice:products,orders,storage,staff", "percent": "percent", "current": "count", "limit": "count"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Starter", "limit_type": "storage", "percent": 90,
          "current": 1844, "limit": 2048, "is_reached": false}'),
    ('order_limit_reached', true, 'deep_amber', 'To a shop that has had all the orders of its month: further ones are refused.',
        '{"limit": "count", "resets_at": "date"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Free", "limit": 100, "resets_at": "2026-12-01"}'),
    ('usage_report', false, 'blue', 'To a shop, on the first of a month: what it used in the month before.',
        '{"month": "month", "usage.metric": "choice:products,orders,storage,staff", "usage.used": "count", "usage.limit": "count",
          "usage.percent": "percent"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Starter", "month": "2026-10-01", "usage": [
          {"metric": "products", "used": 82, "limit": 100, "percent": 82}, {"metric": "orders", "used": 1204, "limit": -1, "percent": 0},
          {"metric": "storage", "used": 512, "limit": 2048, "percent": 25}, {"metric": "staff", "used": 2, "limit": 2, "percent": 100}]}'),
    ('subscription_upgraded', true, 'violet', 'To a shop that has moved to a larger plan.',
        '{"price": "money:price_currency", "products_limit": "count", "orders_per_month": "count", "storage_mb": "count",
          "staff_accounts": "count"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Growth", "previous_plan_name": "Starter",
          "price": "99.00", "price_currency": "USD", "is_yearly": false, "products_limit": 1000, "orders_per_month": 5000, "storage_mb": 10240,
          "staff_accounts": 10}'),
    ('downgrade_scheduled', true, 'blue', 'To a shop that will move to a smaller plan at the end of its period.',
        '{"starts_at": "date", "next_products_limit": "count", "next_orders_per_month": "count", "next_storage_mb": "count",
          "next_staff_accounts": "count"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Growth", "next_plan_name": "Starter",
          "starts_at": "2026-12-21T12:00:00Z", "next_products_limit": 100, "next_orders_per_month": 500, "next_storage_mb": 2048,
          "next_staff_accounts": 2}'),
    ('subscription_canceled', true, 'grey', 'To a shop whose subscription ends, now or at the end of its period.',
        '{"ends_at": "date"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "ended_plan_name": "Growth", "ends_at": "2026-12-21T12:00:00Z"}'),
    ('payment_succeeded', true, 'green', 'To a shop whose payment has arrived.',
        '{"amount": "money:currency"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "plan_name": "Growth", "amount": "99.00", "currency": "USD",
          "invoice_url": "https://invoice.stripe.com/i/acct_1/test_1"}'),
    ('welcome', true, 'violet', 'To somebody who has registered, as a customer or with a shop.',
        '{}',
        '{"to_name": "Ada Lovelace", "is_seller": true, "is_under_review": false, "shop_name": "Ada''s Teas"}'),
    ('verification_code', true, 'violet', 'To somebody who confirms his address.',
        '{"minutes": "count"}',
        '{"to_name": "Ada Lovelace", "code": "482913", "minutes": 10}'),
    ('password_reset', true, 'blue', 'To somebody who has forgotten his password.',
        '{"minutes": "count"}',
        '{"to_name": "Ada Lovelace", "code": "482913", "minutes": 10}'),
    ('staff_invited', true, 'violet', 'To somebody who was made, or is asked to become, a member of a shop''s staff.',
        '{}',
        '{"to_name": null, "shop_name": "Ada''s Teas", "shop_id": 17, "has_account": true}'),
    ('webhook_endpoint_disabled', true, 'red', 'To a shop whose webhook endpoint has failed for so long that nothing is sent to it any more.',
        '{"failing_since": "date"}',
        '{"to_name": "Ada Lovelace", "shop_name": "Ada''s Teas", "endpoint_url": "https://adas-teas.example/hooks",
          "failing_since": "2026-11-16T08:30:00Z", "last_error": "The endpoint answered 503."}')
) s (name, is_transactional, colour, description, fields, sample)
ON CONFLICT (name) DO UPDATE SET is_transactional = excluded.is_transactional, colour = excluded.colour,
    description = excluded.description, fields = excluded.fields, sample = excluded.sample, shipped = excluded.shipped,
    updated_at = now()
WHERE k.shipped = md5(k.is_transactional || k.colour || k.description || k.fields || k.sample) AND k.shipped <> excluded.shipped;
