-- sql/tables/billing/payouts.sql
CREATE TABLE qutecart.payouts (
    shop_id    bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    amount     numeric(14,2) NOT NULL CONSTRAINT payout_is_positive CHECK (amount > 0),
    currency   text NOT NULL REFERENCES qutecart.currencies,
    status     text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'paid', 'failed')),
    reference  text CHECK (length(reference) <= 191),
    reason     text CHECK (length(reason) <= 500),
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    PRIMARY KEY (shop_id, id),
    CHECK ((status = 'pending') = (settled_at IS NULL))
);
CREATE INDEX payouts_currency ON qutecart.payouts (currency);
COMMENT ON TABLE qutecart.payouts IS 'shop: money that the platform sends to the shop. reference: of the bank transfer; reason: why it failed. Written by operators, with create_payout() and settle_payout().';
ALTER TABLE qutecart.payouts ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.payouts FORCE ROW LEVEL SECURITY;
CREATE POLICY payouts_of_shop ON qutecart.payouts AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY payouts_read ON qutecart.payouts FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.payouts TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.payouts FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.payouts ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
CREATE TRIGGER t40_event_payout AFTER INSERT ON qutecart.payouts
    FOR EACH ROW EXECUTE FUNCTION qutecart.tg_event_payout();
CREATE TRIGGER t41_event_payout AFTER UPDATE ON qutecart.payouts
    FOR EACH ROW WHEN (old.status <> new.status) EXECUTE FUNCTION qutecart.tg_event_payout();
