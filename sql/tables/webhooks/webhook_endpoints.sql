-- sql/tables/webhooks/webhook_endpoints.sql
-- Where a shop's events are sent.  Secrets are sealed with a key that is not in the
-- database, and bound to their row; nobody is granted them, nor the URL, which may hold a
-- token: list_webhooks() shows it to the owner.
CREATE TABLE qutecart.webhook_endpoints (
    shop_id          bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    id               bigint GENERATED ALWAYS AS IDENTITY,
    url              text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    description      text CHECK (length(description) <= 500),
    event_types      text[] NOT NULL DEFAULT '{}' CHECK (array_position(event_types, NULL) IS NULL),
    is_enabled       boolean NOT NULL DEFAULT true,
    disabled_reason  text CHECK (disabled_reason IN ('by_member', 'gone', 'failing')),
    disabled_at      timestamptz,
    scheme           text NOT NULL CHECK (scheme IN ('hmac', 'ed25519')),
    secret           text NOT NULL,
    public_key       text,
    previous_scheme  text CHECK (previous_scheme IN ('hmac', 'ed25519')),
    previous_secret  text,
    previous_until   timestamptz,
    api_version      text NOT NULL DEFAULT '2026-11-01',
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, id),
    CHECK (is_enabled = (disabled_at IS NULL) AND is_enabled = (disabled_reason IS NULL)),
    CHECK ((scheme = 'ed25519') = (public_key IS NOT NULL)),
    CHECK ((previous_secret IS NULL) = (previous_until IS NULL) AND (previous_secret IS NULL) = (previous_scheme IS NULL))
);
COMMENT ON TABLE qutecart.webhook_endpoints IS
    'shop: where a shop''s events are sent. event_types: {} = all. secret: sealed; previous_secret also signs before previous_until. disabled_reason: by_member, gone (it answered 410) or failing (for days). Written by functions.';
ALTER TABLE qutecart.webhook_endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.webhook_endpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_endpoints_of_shop ON qutecart.webhook_endpoints AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY webhook_endpoints_read ON qutecart.webhook_endpoints FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT (shop_id, id, description, event_types, is_enabled, disabled_reason, disabled_at, scheme, public_key,
    previous_until, api_version, created_at, updated_at) ON qutecart.webhook_endpoints TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.webhook_endpoints FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
CREATE TRIGGER t20_listeners_changed AFTER INSERT OR UPDATE OR DELETE ON qutecart.webhook_endpoints
    FOR EACH ROW EXECUTE FUNCTION qutecart.tg_listeners_changed();
ALTER TABLE qutecart.webhook_endpoints ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
ALTER TABLE qutecart.webhook_endpoints ENABLE ALWAYS TRIGGER t20_listeners_changed;
