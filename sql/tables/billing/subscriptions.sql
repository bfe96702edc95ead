-- sql/tables/billing/subscriptions.sql
CREATE TABLE qutecart.subscriptions (
    shop_id                bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    id                     bigint GENERATED ALWAYS AS IDENTITY,
    plan_id                bigint NOT NULL REFERENCES qutecart.plans,
    status                 text NOT NULL CONSTRAINT subscription_state_is_known CHECK (status IN
        ('trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused', 'incomplete', 'incomplete_expired')),
    quantity               integer NOT NULL DEFAULT 1 CHECK (quantity > 0),
    amount                 numeric(14,2) NOT NULL CHECK (amount >= 0),
    currency               text NOT NULL DEFAULT 'USD' REFERENCES qutecart.currencies,
    billing_period         text NOT NULL DEFAULT 'monthly' CHECK (billing_period IN ('monthly', 'yearly')),
    cancel_at_period_end   boolean NOT NULL DEFAULT false,
    trial_ends_at          timestamptz,
    current_period_start   timestamptz,
    current_period_end     timestamptz,
    canceled_at            timestamptz,
    ended_at               timestamptz,
    stripe_subscription_id text,
    stripe_customer_id     text,
    stripe_price_id        text,
    stripe_status          text,
    stripe_folded_at       timestamptz,
    stripe_folded_event    text,
    metadata               jsonb NOT NULL DEFAULT '{}',
    created_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, id),
    CONSTRAINT subscription_at_stripe_is_unique UNIQUE (shop_id, stripe_subscription_id)
);
CREATE UNIQUE INDEX shop_has_one_live_subscription ON qutecart.subscriptions (shop_id)
    WHERE status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete');
CREATE INDEX subscriptions_plan ON qutecart.subscriptions (plan_id);
CREATE INDEX subscriptions_currency ON qutecart.subscriptions (currency);
COMMENT ON TABLE qutecart.subscriptions IS 'shop: a shop''s contracts, the live one and those before it; status is Stripe''s. Written by functions.';
ALTER TABLE qutecart.subscriptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.subscriptions FORCE ROW LEVEL SECURITY;
CREATE POLICY subscriptions_of_shop ON qutecart.subscriptions AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY subscriptions_read ON qutecart.subscriptions FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.subscriptions TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.subscriptions FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.subscriptions ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
CREATE TRIGGER t10_subscription_state BEFORE INSERT OR UPDATE OF status, plan_id ON qutecart.subscriptions
    FOR EACH ROW EXECUTE FUNCTION qutecart.tg_subscription_state('shop_id', 'status', 'plan_id');
ALTER TABLE qutecart.subscriptions ENABLE ALWAYS TRIGGER t10_subscription_state;
