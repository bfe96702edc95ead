-- sql/tables/billing/usage_warnings.sql
CREATE TABLE qutecart.usage_warnings (
    shop_id     bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    metric      text NOT NULL CHECK (metric IN ('products', 'orders', 'storage', 'staff')),
    period      date NOT NULL,
    threshold   smallint NOT NULL CHECK (threshold IN (80, 90, 100)),
    used        bigint NOT NULL,
    limit_value bigint NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, metric, period, threshold)
);
COMMENT ON TABLE qutecart.usage_warnings IS 'shop: a threshold that was crossed, once per metric and period. period is the month''s first day for orders, else of the month of the crossing.';
ALTER TABLE qutecart.usage_warnings ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.usage_warnings FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_warnings_of_shop ON qutecart.usage_warnings AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY usage_warnings_read ON qutecart.usage_warnings FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.usage_warnings TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.usage_warnings FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.usage_warnings ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
