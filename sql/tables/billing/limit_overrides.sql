-- sql/tables/billing/limit_overrides.sql
CREATE TABLE qutecart.limit_overrides (
    shop_id     bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    metric      text NOT NULL CHECK (metric IN ('products', 'orders', 'storage', 'staff')),
    limit_value bigint NOT NULL CHECK (limit_value >= -1),
    reason      text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, metric)
);
COMMENT ON TABLE qutecart.limit_overrides IS 'shop: a limit agreed with one shop, in place of its plan''s; storage in MB, -1 is unlimited. Written by the operator.';
ALTER TABLE qutecart.limit_overrides ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.limit_overrides FORCE ROW LEVEL SECURITY;
CREATE POLICY limit_overrides_of_shop ON qutecart.limit_overrides AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY limit_overrides_read ON qutecart.limit_overrides FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.limit_overrides TO qutecart_api, qutecart_bi;
CREATE TRIGGER t20_limits_changed AFTER INSERT OR UPDATE OR DELETE ON qutecart.limit_overrides FOR EACH ROW
    EXECUTE FUNCTION qutecart.tg_limits_changed('shop_id');
CREATE TRIGGER t21_limits_changed AFTER TRUNCATE ON qutecart.limit_overrides EXECUTE FUNCTION qutecart.tg_limits_changed();
ALTER TABLE qutecart.limit_overrides ENABLE ALWAYS TRIGGER t20_limits_changed;
ALTER TABLE qutecart.limit_overrides ENABLE ALWAYS TRIGGER t21_limits_changed;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.limit_overrides FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.limit_overrides ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
