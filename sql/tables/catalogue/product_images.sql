-- sql/tables/catalogue/product_images.sql
CREATE TABLE qutecart.product_images (
    shop_id    bigint NOT NULL,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    product_id bigint NOT NULL,
    position   integer NOT NULL DEFAULT 1 CHECK (position > 0),
    url        text CHECK (length(url) <= 2000),
    media_id   bigint,
    alt_text   text CHECK (length(alt_text) <= 512),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, id),
    CONSTRAINT image_has_one_source CHECK ((url IS NULL) <> (media_id IS NULL)),
    FOREIGN KEY (shop_id, product_id) REFERENCES qutecart.products ON DELETE CASCADE,
    FOREIGN KEY (shop_id, media_id) REFERENCES qutecart.media ON DELETE CASCADE
);
CREATE INDEX product_images_product ON qutecart.product_images (shop_id, product_id, position);
CREATE INDEX product_images_media ON qutecart.product_images (shop_id, media_id) WHERE media_id IS NOT NULL;
COMMENT ON TABLE qutecart.product_images IS 'shop: further pictures of a product, uploaded (media_id) or elsewhere on the web (url).';
ALTER TABLE qutecart.product_images ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.product_images FORCE ROW LEVEL SECURITY;
CREATE POLICY product_images_of_shop ON qutecart.product_images AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY product_images_read ON qutecart.product_images FOR SELECT TO qutecart_api, qutecart_bi USING (true);
CREATE POLICY product_images_create ON qutecart.product_images FOR INSERT TO qutecart_api
    WITH CHECK (qutecart.has_permission('shop.product.create') OR qutecart.has_permission('shop.product.edit')
        OR qutecart.has_permission('shop.bulk-product-import.store'));
CREATE POLICY product_images_destroy ON qutecart.product_images FOR DELETE TO qutecart_api
    USING (qutecart.has_permission('shop.product.edit'));
GRANT SELECT, DELETE ON qutecart.product_images TO qutecart_api;
GRANT SELECT ON qutecart.product_images TO qutecart_bi;
GRANT INSERT (shop_id, product_id, position, url, media_id, alt_text) ON qutecart.product_images TO qutecart_api;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.product_images FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.product_images ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
