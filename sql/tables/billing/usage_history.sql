-- sql/tables/billing/usage_history.sql
CREATE TABLE qutecart.usage_history (
    shop_id     bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    metric      text NOT NULL CHECK (metric IN ('products', 'orders', 'storage', 'staff')),
    period      date NOT NULL CHECK (extract(day FROM period) = 1),
    used        bigint NOT NULL CHECK (used >= 0),
    limit_value bigint NOT NULL CHECK (limit_value >= -1),
    plan_slug   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, metric, period)
);
COMMENT ON TABLE qutecart.usage_history IS 'shop: what was used in a month, written by the monthly reset; storage in bytes.';
ALTER TABLE qutecart.usage_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.usage_history FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_history_of_shop ON qutecart.usage_history AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY usage_history_read ON qutecart.usage_history FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.usage_history TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.usage_history FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.usage_history ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
