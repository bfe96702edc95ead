-- sql/tables/orders/orders.sql
CREATE TABLE qutecart.orders (
    shop_id         bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    id              bigint GENERATED ALWAYS AS IDENTITY,
    customer_id     bigint REFERENCES qutecart.users,
    order_code      text NOT NULL CHECK (order_code <> ''),
    prefix          text NOT NULL,
    order_status    text NOT NULL DEFAULT 'Pending' CHECK (order_status IN
        ('Pending', 'Confirm', 'Processing', 'Pickup', 'On The Way', 'Delivered', 'Cancelled')),
    payment_status  text NOT NULL DEFAULT 'Pending' CHECK (payment_status IN ('Pending', 'Paid')),
    payment_method  text NOT NULL DEFAULT 'Cash Payment' CHECK (payment_method IN ('Cash Payment', 'Online Payment')),
    currency        text NOT NULL DEFAULT 'USD' REFERENCES qutecart.currencies,
    total_amount    numeric(14,2) NOT NULL CHECK (total_amount >= 0),
    discount        numeric(14,2) NOT NULL DEFAULT 0 CHECK (discount >= 0),
    delivery_charge numeric(14,2) NOT NULL DEFAULT 0 CHECK (delivery_charge >= 0),
    tax_amount      numeric(14,2) NOT NULL DEFAULT 0 CHECK (tax_amount >= 0),
    payable_amount  numeric(14,2) NOT NULL CHECK (payable_amount >= 0),
    address         jsonb,
    note            text CHECK (length(note) <= 2000),
    is_pos          boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    delivered_at    timestamptz,
    cancelled_at    timestamptz,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT order_code_is_unique UNIQUE (shop_id, order_code),
    CONSTRAINT order_adds_up CHECK (payable_amount = total_amount + delivery_charge + tax_amount - discount)
);
CREATE INDEX orders_newest ON qutecart.orders (shop_id, created_at DESC, id DESC);
CREATE INDEX orders_customer ON qutecart.orders (customer_id, created_at DESC, id DESC);
CREATE INDEX orders_currency ON qutecart.orders (currency);
COMMENT ON TABLE qutecart.orders IS 'shop+customer: one order per shop and checkout. Takes a unit of the month (UTC) of created_at for ever; written by functions.';
ALTER TABLE qutecart.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.orders FORCE ROW LEVEL SECURITY;
CREATE POLICY orders_of_shop ON qutecart.orders AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id() OR customer_id = qutecart.current_customer_id())
    WITH CHECK (shop_id = qutecart.current_shop_id() OR customer_id = qutecart.current_customer_id());
CREATE POLICY orders_read ON qutecart.orders FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.orders TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.orders FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
CREATE TRIGGER t20_quota AFTER INSERT OR DELETE ON qutecart.orders FOR EACH ROW EXECUTE FUNCTION qutecart.tg_quota('orders');
CREATE TRIGGER t21_quota AFTER UPDATE ON qutecart.orders FOR EACH ROW
    WHEN (old.created_at <> new.created_at OR old.shop_id <> new.shop_id)
    EXECUTE FUNCTION qutecart.tg_quota('orders');
CREATE TRIGGER t22_quota AFTER TRUNCATE ON qutecart.orders EXECUTE FUNCTION qutecart.tg_quota('orders');
ALTER TABLE qutecart.orders ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
ALTER TABLE qutecart.orders ENABLE ALWAYS TRIGGER t20_quota;
ALTER TABLE qutecart.orders ENABLE ALWAYS TRIGGER t21_quota;
ALTER TABLE qutecart.orders ENABLE ALWAYS TRIGGER t22_quota;
CREATE TRIGGER t40_event_order AFTER INSERT ON qutecart.orders FOR EACH ROW EXECUTE FUNCTION qutecart.tg_event_order();
CREATE TRIGGER t41_event_order AFTER UPDATE ON qutecart.orders
    FOR EACH ROW WHEN (old.order_status <> new.order_status OR old.payment_status <> new.payment_status)
    EXECUTE FUNCTION qutecart.tg_event_order();
