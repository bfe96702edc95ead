-- sql/tables/orders/return_order_details.sql
CREATE TABLE qutecart.return_order_details (
    shop_id         bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY,
    return_order_id bigint NOT NULL,
    order_id        bigint NOT NULL,
    customer_id     bigint REFERENCES qutecart.users,
    product_id      bigint NOT NULL,
    price           numeric(14,2) NOT NULL CHECK (price >= 0),
    quantity        integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (shop_id, id),
    CONSTRAINT product_is_returned_once UNIQUE (shop_id, order_id, product_id),
    FOREIGN KEY (shop_id, return_order_id) REFERENCES qutecart.return_orders ON DELETE CASCADE,
    FOREIGN KEY (shop_id, order_id) REFERENCES qutecart.orders ON DELETE CASCADE,
    FOREIGN KEY (shop_id, product_id) REFERENCES qutecart.products
);
CREATE INDEX return_order_details_return ON qutecart.return_order_details (shop_id, return_order_id);
CREATE INDEX return_order_details_product ON qutecart.return_order_details (shop_id, product_id);
CREATE INDEX return_order_details_customer ON qutecart.return_order_details (customer_id);
COMMENT ON TABLE qutecart.return_order_details IS 'shop+customer: products of a return, each with all pieces that were ordered; price: of one piece, as it was ordered.';
ALTER TABLE qutecart.return_order_details ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.return_order_details FORCE ROW LEVEL SECURITY;
CREATE POLICY return_order_details_of_shop ON qutecart.return_order_details AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id() OR customer_id = qutecart.current_customer_id())
    WITH CHECK (shop_id = qutecart.current_shop_id() OR customer_id = qutecart.current_customer_id());
CREATE POLICY return_order_details_read ON qutecart.return_order_details FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.return_order_details TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.return_order_details FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.return_order_details ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
CREATE TRIGGER t40_event_return AFTER INSERT ON qutecart.return_order_details
    FOR EACH ROW EXECUTE FUNCTION qutecart.tg_event_return('return_order_id');
