-- sql/tables/billing/subscription_changes.sql
CREATE TABLE qutecart.subscription_changes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    shop_id     bigint NOT NULL,
    contract_id bigint,
    cause       text NOT NULL,
    status_from text NOT NULL,
    status_to   text NOT NULL,
    plan_from   bigint NOT NULL,
    plan_to     bigint NOT NULL,
    currency    text NOT NULL,
    mrr_from    numeric(14,2) NOT NULL CHECK (mrr_from >= 0),
    mrr_to      numeric(14,2) NOT NULL CHECK (mrr_to >= 0)
);
CREATE INDEX subscription_changes_at ON qutecart.subscription_changes (at);
CREATE INDEX subscription_changes_shop ON qutecart.subscription_changes (shop_id, at);
COMMENT ON TABLE qutecart.subscription_changes IS 'platform: what every change of a shop''s subscription made of its status, plan and monthly recurring revenue (MRR); no foreign keys, so that it outlives the shop. Append only.';
COMMENT ON COLUMN qutecart.subscription_changes.at IS 'When it was learned of; an event of Stripe''s may be older.';
COMMENT ON COLUMN qutecart.subscription_changes.mrr_to IS 'What the shop pays a month from then on: the amount of its active or past due contract, a twelfth of it when it pays by the year; 0 while on trial.';
ALTER TABLE qutecart.subscription_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.subscription_changes FORCE ROW LEVEL SECURITY;
