-- sql/views/shop_status.sql
-- Counted from the rows at each read, under the reader's policies: one's own shop.
CREATE OR REPLACE VIEW qutecart.shop_status WITH (security_invoker = true) AS
    SELECT s.id AS shop_id,
           s.name,
           s.subscription_status,
           e.plan_slug,
           e.products_limit,
           (SELECT count(*) FROM qutecart.products p
            WHERE p.shop_id = s.id AND p.deleted_at IS NULL) AS current_products_count,
           e.orders_per_month AS orders_per_month_limit,
           (SELECT count(*) FROM qutecart.orders o
            WHERE o.shop_id = s.id
            AND o.created_at >= timezone('UTC', date_trunc('month', timezone('UTC', now())))
            AND o.created_at < timezone('UTC', date_trunc('month', timezone('UTC', now())) + interval '1 month')
           ) AS current_orders_count,
           e.storage_mb AS storage_limit_mb,
           (SELECT (coalesce(sum(m.bytes), 0)::bigint + 1048575) / 1048576 FROM qutecart.media m
            WHERE m.shop_id = s.id) AS storage_used_mb,
           e.staff_accounts AS staff_limit,
           (SELECT count(*) FROM qutecart.shop_members m
            WHERE m.shop_id = s.id AND m.role = 'staff') AS current_staff_count,
           EXISTS (SELECT FROM qutecart.tenants t
                   WHERE t.shop_id = s.id AND t.status = 'active') AS has_premium_subdomain,
           e.plan_slug <> 'free' AS is_premium,
           s.trial_ends_at,
           s.subscription_started_at,
           s.subscription_ends_at,
           s.grace_ends_at,
           s.cancel_at_period_end,
           s.is_active,
           s.created_at
    FROM qutecart.shops s JOIN qutecart.effective_limits e ON e.shop_id = s.id;
COMMENT ON VIEW qutecart.shop_status IS
    'shop: a shop''s plan, limits and usage in one row. -1 is unlimited; orders are those of this month (UTC); storage in MB of 2^20 bytes, begun ones in full.';
GRANT SELECT ON qutecart.shop_status TO qutecart_api, qutecart_bi;
