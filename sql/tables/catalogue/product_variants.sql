-- sql/tables/catalogue/product_variants.sql
CREATE TABLE qutecart.product_variants (
    shop_id          bigint NOT NULL,
    id               bigint GENERATED ALWAYS AS IDENTITY,
    product_id       bigint NOT NULL,
    position         integer NOT NULL DEFAULT 1 CHECK (position > 0),
    option1_name     text,
    option1_value    text NOT NULL DEFAULT 'Default Title',
    option2_name     text,
    option2_value    text NOT NULL DEFAULT '',
    option3_name     text,
    option3_value    text NOT NULL DEFAULT '',
    sku              text CHECK (length(sku) <= 255),
    barcode          text CHECK (length(barcode) <= 255),
    price            numeric(14,2) NOT NULL CONSTRAINT variant_price_is_positive CHECK (price >= 0),
    compare_at_price numeric(14,2) CHECK (compare_at_price >= 0),
    quantity         integer NOT NULL DEFAULT 0 CONSTRAINT variant_stock_is_positive CHECK (quantity >= 0),
    weight_grams     numeric(12,3) CHECK (weight_grams >= 0),
    image_url        text CHECK (length(image_url) <= 2000),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, id),
    CONSTRAINT variant_options_are_unique UNIQUE (shop_id, product_id, option1_value, option2_value, option3_value),
    FOREIGN KEY (shop_id, product_id) REFERENCES qutecart.products ON DELETE CASCADE
);
CREATE INDEX product_variants_sku ON qutecart.product_variants (shop_id, sku) WHERE sku IS NOT NULL;
COMMENT ON TABLE qutecart.product_variants IS 'shop: the sellable forms of a product (size, colour …); a product without rows here sells as itself.';
ALTER TABLE qutecart.product_variants ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.product_variants FORCE ROW LEVEL SECURITY;
CREATE POLICY product_variants_of_shop ON qutecart.product_variants AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY product_variants_read ON qutecart.product_variants FOR SELECT TO qutecart_api, qutecart_bi USING (true);
CREATE POLICY product_variants_create ON qutecart.product_variants FOR INSERT TO qutecart_api
    WITH CHECK (qutecart.has_permission('shop.product.create') OR qutecart.has_permission('shop.product.edit')
        OR qutecart.has_permission('shop.bulk-product-import.store'));
CREATE POLICY product_variants_edit ON qutecart.product_variants FOR UPDATE TO qutecart_api
    USING (qutecart.has_permission('shop.product.edit')) WITH CHECK (qutecart.has_permission('shop.product.edit'));
CREATE POLICY product_variants_destroy ON qutecart.product_variants FOR DELETE TO qutecart_api
    USING (qutecart.has_permission('shop.product.edit'));
GRANT SELECT, DELETE ON qutecart.product_variants TO qutecart_api;
GRANT SELECT ON qutecart.product_variants TO qutecart_bi;
GRANT INSERT (shop_id, product_id, position, option1_name, option1_value, option2_name, option2_value, option3_name, option3_value, sku,
    barcode, price, compare_at_price, quantity, weight_grams, image_url) ON qutecart.product_variants TO qutecart_api;
GRANT UPDATE (position, option1_name, option1_value, option2_name, option2_value, option3_name, option3_value, sku,
    barcode, price, compare_at_price, quantity, weight_grams, image_url, updated_at) ON qutecart.product_variants TO qutecart_api;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.product_variants FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.product_variants ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
CREATE TRIGGER t40_event_variants AFTER INSERT ON qutecart.product_variants
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_event_variants();
CREATE TRIGGER t41_event_variants AFTER UPDATE ON qutecart.product_variants
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_event_variants();
CREATE TRIGGER t42_event_variants AFTER DELETE ON qutecart.product_variants
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_event_variants();
