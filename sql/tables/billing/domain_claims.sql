-- sql/tables/billing/domain_claims.sql
-- A claim is not a right: any shop may say that a name is its own, and only the one that
-- can publish its token under it gets the row in domains.
CREATE TABLE qutecart.domain_claims (
    shop_id      bigint NOT NULL REFERENCES qutecart.tenants ON DELETE CASCADE,
    domain       text NOT NULL CHECK (domain = lower(domain) AND length(domain) <= 233),
    token        text NOT NULL CHECK (length(token) >= 32),
    verified_at  timestamptz,
    requested_at timestamptz,
    checked_at   timestamptz,
    problem      text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, domain)
);
CREATE INDEX domain_claims_age ON qutecart.domain_claims (created_at) WHERE verified_at IS NULL;
COMMENT ON TABLE qutecart.domain_claims IS 'shop: domains that a shop says are its own, with the token to be published as TXT record _qutecart-challenge.<domain>. Written by functions.';
ALTER TABLE qutecart.domain_claims ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.domain_claims FORCE ROW LEVEL SECURITY;
CREATE POLICY domain_claims_of_shop ON qutecart.domain_claims AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.domain_claims FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.domain_claims ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
