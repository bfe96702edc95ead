-- sql/tables/billing/tenants.sql
CREATE TABLE qutecart.tenants (
    shop_id             bigint PRIMARY KEY REFERENCES qutecart.shops ON DELETE CASCADE,
    id                  uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
    subdomain           text CHECK (subdomain ~ '^(xn--[a-z0-9-]{1,58}[a-z0-9]|[a-z0-9][a-z0-9-]{1,30}[a-z0-9])$'),
    status              text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'reserved')),
    premium_since       timestamptz NOT NULL DEFAULT now(),
    reserved_until      timestamptz,
    timezone            text NOT NULL DEFAULT 'UTC',
    settings            jsonb NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'reserved') = (reserved_until IS NOT NULL))
);
COMMENT ON TABLE qutecart.tenants IS 'shop: a shop''s own storefront. Active while paid for, then reserved for 30 days, during which its names answer 404. subdomain is null when the shop gave it up.';
ALTER TABLE qutecart.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_of_shop ON qutecart.tenants AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY tenants_read ON qutecart.tenants FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.tenants TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.tenants FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.tenants ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
