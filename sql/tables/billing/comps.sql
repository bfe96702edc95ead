-- sql/tables/billing/comps.sql
-- A plan given for a time.  It lies above the shop's contract and leaves that alone, so
-- that what was before is there again when it ends.
CREATE TABLE qutecart.comps (
    shop_id    bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    plan_id    bigint NOT NULL REFERENCES qutecart.plans,
    reason     text NOT NULL CHECK (reason <> '' AND length(reason) <= 500),
    started_at timestamptz NOT NULL DEFAULT now(),
    ends_at    timestamptz NOT NULL,
    ended_at   timestamptz,
    PRIMARY KEY (shop_id, id)
);
CREATE UNIQUE INDEX shop_has_one_comp ON qutecart.comps (shop_id) WHERE ended_at IS NULL;
CREATE INDEX comps_plan ON qutecart.comps (plan_id);
CREATE INDEX comps_due ON qutecart.comps (ends_at) WHERE ended_at IS NULL;
COMMENT ON TABLE qutecart.comps IS 'shop: a plan that the operator gave for nothing until a date; it counts while it is dearer than the shop''s own. Written by the operator.';
ALTER TABLE qutecart.comps ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.comps FORCE ROW LEVEL SECURITY;
CREATE POLICY comps_of_shop ON qutecart.comps AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY comps_read ON qutecart.comps FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT (shop_id, id, plan_id, started_at, ends_at, ended_at) ON qutecart.comps TO qutecart_api, qutecart_bi;
CREATE TRIGGER t20_limits_changed AFTER INSERT OR UPDATE OR DELETE ON qutecart.comps FOR EACH ROW
    EXECUTE FUNCTION qutecart.tg_limits_changed('shop_id');
CREATE TRIGGER t21_limits_changed AFTER TRUNCATE ON qutecart.comps EXECUTE FUNCTION qutecart.tg_limits_changed();
ALTER TABLE qutecart.comps ENABLE ALWAYS TRIGGER t20_limits_changed;
ALTER TABLE qutecart.comps ENABLE ALWAYS TRIGGER t21_limits_changed;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.comps FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.comps ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
