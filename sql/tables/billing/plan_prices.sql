-- sql/tables/billing/plan_prices.sql
-- A price at Stripe cannot be changed: a plan gets a new one, and who subscribed before
-- goes on paying the old one.  This is how the old one is still known.
CREATE TABLE qutecart.plan_prices (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id         bigint NOT NULL REFERENCES qutecart.plans ON DELETE CASCADE,
    billing_period  text NOT NULL CHECK (billing_period IN ('monthly', 'yearly')),
    amount          numeric(14,2) NOT NULL CHECK (amount >= 0),
    currency        text NOT NULL REFERENCES qutecart.currencies,
    stripe_price_id text UNIQUE,
    replaced_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX plan_prices_plan ON qutecart.plan_prices (plan_id);
CREATE INDEX plan_prices_currency ON qutecart.plan_prices (currency);
COMMENT ON TABLE qutecart.plan_prices IS 'platform: prices that plans had before; subscribers may still pay them, so their ids at Stripe still name the plan.';
ALTER TABLE qutecart.plan_prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.plan_prices FORCE ROW LEVEL SECURITY;
