-- sql/tables/orders/return_orders.sql
CREATE TABLE qutecart.return_orders (
    shop_id             bigint NOT NULL,
    id                  bigint GENERATED ALWAYS AS IDENTITY,
    order_id            bigint NOT NULL,
    customer_id         bigint REFERENCES qutecart.users,
    amount              numeric(14,2) NOT NULL CHECK (amount >= 0),
    bank_name           text CHECK (length(bank_name) <= 200),
    bank_account_number text NOT NULL CHECK (length(bank_account_number) BETWEEN 1 AND 100),
    status              text NOT NULL DEFAULT 'Pending' CHECK (status IN
        ('Pending', 'Approved', 'Damaged', 'Mismatch', 'Refunded', 'Cancelled')),
    payment_status      boolean NOT NULL DEFAULT false,
    reason              text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    reject_note         text CHECK (length(reject_note) <= 2000),
    return_address      text NOT NULL CHECK (length(return_address) BETWEEN 1 AND 1000),
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES qutecart.orders ON DELETE CASCADE
);
CREATE INDEX return_orders_order ON qutecart.return_orders (shop_id, order_id);
CREATE INDEX return_orders_newest ON qutecart.return_orders (shop_id, created_at DESC, id DESC);
CREATE INDEX return_orders_customer ON qutecart.return_orders (customer_id, created_at DESC, id DESC);
COMMENT ON TABLE qutecart.return_orders IS 'shop+customer: products of a delivered order that a customer wants to give back; payment_status: was he refunded? Written by functions.';
ALTER TABLE qutecart.return_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.return_orders FORCE ROW LEVEL SECURITY;
CREATE POLICY return_orders_of_shop ON qutecart.return_orders AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id() OR customer_id = qutecart.current_customer_id())
    WITH CHECK (shop_id = qutecart.current_shop_id() OR customer_id = qutecart.current_customer_id());
CREATE POLICY return_orders_read ON qutecart.return_orders FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.return_orders TO qutecart_api;
GRANT SELECT (shop_id, id, order_id, customer_id, amount, status, payment_status, reason, reject_note, created_at, updated_at)
    ON qutecart.return_orders TO qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.return_orders FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.return_orders ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
CREATE TRIGGER t40_event_return AFTER INSERT ON qutecart.return_orders
    FOR EACH ROW EXECUTE FUNCTION qutecart.tg_event_return('id');
