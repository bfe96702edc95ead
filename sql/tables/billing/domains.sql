-- sql/tables/billing/domains.sql
-- A host name belongs to one shop on the whole platform, so the name is the key and
-- the table is read by functions only.
CREATE TABLE qutecart.domains (
    domain      text PRIMARY KEY CHECK (domain = lower(domain) AND length(domain) <= 253),
    shop_id     bigint NOT NULL REFERENCES qutecart.tenants ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('subdomain', 'custom')),
    verified_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (kind = 'custom' OR verified_at IS NOT NULL)
);
CREATE INDEX domains_shop ON qutecart.domains (shop_id);
CREATE UNIQUE INDEX shop_has_one_subdomain ON qutecart.domains (shop_id) WHERE kind = 'subdomain';
COMMENT ON TABLE qutecart.domains IS 'platform: which shop a host name shows; a custom domain answers once it is verified.';
ALTER TABLE qutecart.domains ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.domains FORCE ROW LEVEL SECURITY;
