-- sql/views/effective_limits.sql
-- The one place where the state of a subscription becomes limits: the shop's plan while
-- it is active or on trial, or past due and within its grace; else the plan Free.  A comp
-- counts while it is dearer than that.  An override of a limit wins in every state.
CREATE OR REPLACE VIEW qutecart.effective_limits WITH (security_invoker = true) AS
    SELECT s.id AS shop_id,
           p.id AS plan_id,
           p.slug AS plan_slug,
           p.name AS plan_name,
           coalesce(o.products, p.products_limit) AS products_limit,
           coalesce(o.orders, p.orders_per_month) AS orders_per_month,
           CASE WHEN coalesce(o.storage, p.storage_mb) < 0 THEN -1
                ELSE least(coalesce(o.storage, p.storage_mb), 8796093022207) * 1048576 END AS storage_bytes,
           coalesce(o.storage, p.storage_mb) AS storage_mb,
           coalesce(o.staff, p.staff_accounts) AS staff_accounts,
           least(CASE WHEN s.subscription_status = 'past_due' AND s.grace_ends_at > now()
                      THEN s.grace_ends_at END, k.ends_at) AS valid_until,
           p.features AS features
    FROM qutecart.shops s
    CROSS JOIN LATERAL (SELECT CASE
        WHEN s.subscription_status IN ('active', 'trialing') THEN s.plan_id
        WHEN s.subscription_status = 'past_due' AND s.grace_ends_at > now() THEN s.plan_id
        ELSE (SELECT f.id FROM qutecart.plans f WHERE f.slug = 'free') END) own (plan_id)
    LEFT JOIN qutecart.comps k ON k.shop_id = s.id AND k.ended_at IS NULL AND k.ends_at > now()
    CROSS JOIN LATERAL (
        SELECT q.id, q.slug, q.name, q.products_limit, q.orders_per_month, q.storage_mb, q.staff_accounts, q.features
        FROM qutecart.plans q WHERE q.id IN (own.plan_id, k.plan_id)
        ORDER BY q.price DESC, q.id = own.plan_id DESC LIMIT 1) p
    CROSS JOIN LATERAL (
        SELECT max(l.limit_value) FILTER (WHERE l.metric = 'products') AS products,
               max(l.limit_value) FILTER (WHERE l.metric = 'orders') AS orders,
               max(l.limit_value) FILTER (WHERE l.metric = 'storage') AS storage,
               max(l.limit_value) FILTER (WHERE l.metric = 'staff') AS staff
        FROM qutecart.limit_overrides l WHERE l.shop_id = s.id) o;
COMMENT ON VIEW qutecart.effective_limits IS
    'shop: what each shop may use now, and by which plan; -1 is unlimited, storage_bytes = storage_mb x 2^20. valid_until: when this changes by itself (the end of the grace period or of a comp), null = never.';
GRANT SELECT ON qutecart.effective_limits TO qutecart_api, qutecart_bi;
