-- sql/seed/plans.sql
-- The four plans.  A limit of -1 is unlimited, 0 is none; a year costs twelve months
-- less 20 %.  A plan that is there already stays as the operator has it.
INSERT INTO qutecart.plans (id, slug, name, description, price, yearly_price, products_limit, orders_per_month,
    storage_mb, staff_accounts, trial_days, is_featured, sort_order, needs_sync,
    features)
SELECT p.id, p.slug, p.name, p.description, p.price, round(p.price * 12 * 0.80, 2), p.products_limit,
    p.orders_per_month, p.storage_mb, p.staff_accounts, p.trial_days, p.is_featured, p.id,
    p.price > 0, jsonb_build_object(
        'marketplace_presence', true,
        'premium_subdomain', p.id >= 2,
        'custom_branding', p.id >= 3,
        'priority_support', p.id >= 3,
        'advanced_analytics', p.id >= 3,
        'api_access', p.id >= 3,
        'multi_location', p.id >= 4,
        'remove_branding', p.id >= 3,
        'dedicated_support', p.id >= 4,
        'custom_integrations', p.id >= 4)
FROM (VALUES
    (1, 'free', 'Free', 'Sell on the marketplace.',
        0.00, 25, 100, 500, 0, 0, false),
    (2, 'starter', 'Starter', 'A storefront of your own.',
        29.00, 100, 500, 2048, 2, 14, false),
    (3, 'growth', 'Growth', 'Your brand, your figures and our API.',
        99.00, 1000, 5000, 10240, 10, 14, true),
    (4, 'enterprise', 'Enterprise', 'No limits, several locations and a person to call.',
        299.00, -1, -1, -1, -1, 14, false)
) p (id, slug, name, description, price, products_limit, orders_per_month, storage_mb, staff_accounts,
    trial_days, is_featured)
WHERE NOT EXISTS (SELECT FROM qutecart.plans k WHERE k.id = p.id OR k.slug = p.slug);

-- An operator's own plan gets the next number.
SELECT pg_catalog.setval('qutecart.plans_id_seq', 4)
FROM qutecart.plans_id_seq s WHERE s.last_value < 4;
