-- sql/tables/orders/order_lines.sql
CREATE TABLE qutecart.order_lines (
    shop_id     bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    order_id    bigint NOT NULL,
    customer_id bigint REFERENCES qutecart.users,
    product_id  bigint NOT NULL,
    variant_id  bigint,
    name        text NOT NULL,
    sku         text,
    options     text,
    quantity    integer NOT NULL CONSTRAINT order_quantity_is_positive CHECK (quantity > 0),
    price       numeric(14,2) NOT NULL CHECK (price >= 0),
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES qutecart.orders ON DELETE CASCADE,
    FOREIGN KEY (shop_id, product_id) REFERENCES qutecart.products,
    FOREIGN KEY (shop_id, variant_id) REFERENCES qutecart.product_variants ON DELETE SET NULL (variant_id)
);
CREATE INDEX order_lines_order ON qutecart.order_lines (shop_id, order_id);
CREATE INDEX order_lines_product ON qutecart.order_lines (shop_id, product_id);
CREATE INDEX order_lines_variant ON qutecart.order_lines (shop_id, variant_id) WHERE variant_id IS NOT NULL;
CREATE INDEX order_lines_customer ON qutecart.order_lines (customer_id);
COMMENT ON TABLE qutecart.order_lines IS 'shop+customer: what was ordered; name, options and price as they were at that moment.';
ALTER TABLE qutecart.order_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.order_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY order_lines_of_shop ON qutecart.order_lines AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id() OR customer_id = qutecart.current_customer_id())
    WITH CHECK (shop_id = qutecart.current_shop_id() OR customer_id = qutecart.current_customer_id());
CREATE POLICY order_lines_read ON qutecart.order_lines FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.order_lines TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.order_lines FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.order_lines ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
CREATE TRIGGER t30_catalogue_sold AFTER INSERT ON qutecart.order_lines
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_catalogue_sold();
CREATE TRIGGER t40_event_order_lines AFTER INSERT ON qutecart.order_lines
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_event_order_lines();
