-- sql/tables/billing/shops.sql
-- A shop is the tenant.  What everybody may see of it is in the view published_shops.
CREATE TABLE qutecart.shops (
    id                      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                    text NOT NULL CHECK (name <> '' AND length(name) <= 100),
    description             text CHECK (length(description) <= 2000),
    email                   text,
    phone                   text,
    address                 text CHECK (length(address) <= 500),
    latitude                numeric(9,6) CHECK (latitude BETWEEN -90 AND 90),
    longitude               numeric(9,6) CHECK (longitude BETWEEN -180 AND 180),
    logo_url                text,
    banner_url              text,
    prefix                  text NOT NULL DEFAULT 'RC' CHECK (prefix ~ '^[A-Z0-9]{1,6}$'),
    currency                text NOT NULL DEFAULT 'USD' REFERENCES qutecart.currencies,
    min_order_amount        numeric(14,2) NOT NULL DEFAULT 0 CHECK (min_order_amount >= 0),
    delivery_charge         numeric(14,2) NOT NULL DEFAULT 0 CHECK (delivery_charge >= 0),
    estimated_delivery_time text NOT NULL DEFAULT '2-3 days',
    opening_time            time,
    closing_time            time,
    off_days                text[] NOT NULL DEFAULT '{}' CHECK (off_days <@ '{mon,tue,wed,thu,fri,sat,sun}'),
    low_stock_threshold     integer CHECK (low_stock_threshold BETWEEN 0 AND 1000000),
    is_active               boolean NOT NULL DEFAULT true,
    plan_id                 bigint NOT NULL DEFAULT 1 REFERENCES qutecart.plans,
    pending_plan_id         bigint REFERENCES qutecart.plans,
    subscription_status     text NOT NULL DEFAULT 'free' CONSTRAINT subscription_status_is_known CHECK (subscription_status IN
        ('free', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused', 'incomplete', 'incomplete_expired')),
    cancel_at_period_end    boolean NOT NULL DEFAULT false,
    stripe_customer_id      text,
    stripe_subscription_id  text,
    trial_used_at           timestamptz,
    trial_ends_at           timestamptz,
    subscription_started_at timestamptz,
    subscription_ends_at    timestamptz,
    grace_ends_at           timestamptz,
    last_usage_reset_at     timestamptz,
    premium_settings        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(premium_settings) = 'object'),
    last_online_at          timestamptz,
    created_at              timestamptz NOT NULL DEFAULT now(),
    updated_at              timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX shops_plan ON qutecart.shops (plan_id);
CREATE INDEX shops_pending_plan ON qutecart.shops (pending_plan_id) WHERE pending_plan_id IS NOT NULL;
CREATE INDEX shops_currency ON qutecart.shops (currency);
CREATE INDEX shops_grace ON qutecart.shops (grace_ends_at) WHERE grace_ends_at IS NOT NULL;
CREATE INDEX shops_status ON qutecart.shops (subscription_status) WHERE subscription_status <> 'free';
COMMENT ON TABLE qutecart.shops IS 'shop: a vendor''s store and the state of its subscription; the tenant itself, its key is id.';
ALTER TABLE qutecart.shops ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.shops FORCE ROW LEVEL SECURITY;
CREATE POLICY shops_of_shop ON qutecart.shops AS RESTRICTIVE
    USING (id = qutecart.current_shop_id()) WITH CHECK (id = qutecart.current_shop_id());
CREATE POLICY shops_read ON qutecart.shops FOR SELECT TO qutecart_api, qutecart_bi USING (true);
CREATE POLICY shops_update ON qutecart.shops FOR UPDATE TO qutecart_api
    USING (qutecart.has_permission('shop.profile.edit')) WITH CHECK (qutecart.has_permission('shop.profile.edit'));
GRANT SELECT ON qutecart.shops TO qutecart_api, qutecart_bi;
GRANT UPDATE (name, description, email, phone, address, latitude, longitude, logo_url, banner_url, prefix, min_order_amount,
    delivery_charge, estimated_delivery_time, opening_time, closing_time, off_days, low_stock_threshold, premium_settings,
    updated_at)
    ON qutecart.shops TO qutecart_api;
CREATE TRIGGER t20_limits_changed AFTER UPDATE ON qutecart.shops FOR EACH ROW
    WHEN (old.plan_id <> new.plan_id OR old.subscription_status <> new.subscription_status
        OR old.grace_ends_at IS DISTINCT FROM new.grace_ends_at)
    EXECUTE FUNCTION qutecart.tg_limits_changed('id');
CREATE TRIGGER t21_limits_changed AFTER TRUNCATE ON qutecart.shops EXECUTE FUNCTION qutecart.tg_limits_changed();
ALTER TABLE qutecart.shops ENABLE ALWAYS TRIGGER t20_limits_changed;
ALTER TABLE qutecart.shops ENABLE ALWAYS TRIGGER t21_limits_changed;
CREATE TRIGGER t30_catalogue_shop AFTER UPDATE ON qutecart.shops
    FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active) EXECUTE FUNCTION qutecart.tg_catalogue_shop();
CREATE TRIGGER t10_subscription_state BEFORE INSERT OR UPDATE OF subscription_status, plan_id ON qutecart.shops
    FOR EACH ROW EXECUTE FUNCTION qutecart.tg_subscription_state('id', 'subscription_status', 'plan_id');
ALTER TABLE qutecart.shops ENABLE ALWAYS TRIGGER t10_subscription_state;
