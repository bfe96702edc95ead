-- sql/tables/billing/stripe_links.sql
CREATE TABLE qutecart.stripe_links (
    stripe_id  text PRIMARY KEY CHECK (stripe_id <> ''),
    kind       text NOT NULL CHECK (kind IN ('customer', 'subscription')),
    shop_id    bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stripe_links_shop ON qutecart.stripe_links (shop_id);
COMMENT ON TABLE qutecart.stripe_links IS 'platform: which shop a Stripe customer or subscription is of; an id has one shop for ever.';
ALTER TABLE qutecart.stripe_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.stripe_links FORCE ROW LEVEL SECURITY;
