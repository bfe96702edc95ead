-- sql/tables/catalogue/products.sql
CREATE TABLE qutecart.products (
    shop_id            bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    id                 bigint GENERATED ALWAYS AS IDENTITY,
    name               text NOT NULL CONSTRAINT product_has_a_name CHECK (name <> '' AND length(name) <= 191),
    handle             text NOT NULL CONSTRAINT product_handle_is_a_slug CHECK (handle <> '' AND length(handle) <= 255),
    code               text CHECK (length(code) BETWEEN 1 AND 64),
    short_description  text CHECK (length(short_description) <= 1000),
    description        text CHECK (length(description) <= 1048576),
    price              numeric(14,2) NOT NULL CONSTRAINT product_price_is_positive CHECK (price >= 0),
    discount_price     numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT product_discount_is_below_the_price CHECK (discount_price >= 0 AND discount_price <= price),
    buy_price          numeric(14,2) NOT NULL DEFAULT 0 CHECK (buy_price >= 0),
    quantity           integer NOT NULL DEFAULT 0 CONSTRAINT product_stock_is_positive CHECK (quantity >= 0),
    min_order_quantity integer NOT NULL DEFAULT 1 CHECK (min_order_quantity > 0),
    brand              text CHECK (length(brand) <= 191),
    product_type       text CHECK (length(product_type) <= 191),
    tags               text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 250),
    thumbnail_url      text CHECK (length(thumbnail_url) <= 2000),
    media_id           bigint,
    is_active          boolean NOT NULL DEFAULT true,
    is_approved        boolean NOT NULL DEFAULT true,
    is_featured        boolean NOT NULL DEFAULT false,
    is_digital         boolean NOT NULL DEFAULT false,
    meta_title         text CHECK (length(meta_title) <= 191),
    meta_description   text CHECK (length(meta_description) <= 500),
    meta_keywords      text CHECK (length(meta_keywords) <= 500),
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    deleted_at         timestamptz,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, media_id) REFERENCES qutecart.media ON DELETE SET NULL (media_id)
);
CREATE UNIQUE INDEX product_handle_is_unique ON qutecart.products (shop_id, handle) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX product_code_is_unique ON qutecart.products (shop_id, code) WHERE deleted_at IS NULL;
CREATE INDEX products_newest ON qutecart.products (shop_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX products_media ON qutecart.products (shop_id, media_id) WHERE media_id IS NOT NULL;
COMMENT ON TABLE qutecart.products IS 'shop: what a shop sells. A row with deleted_at takes no unit of the products limit; published rows are copied to catalogue.';
ALTER TABLE qutecart.products ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.products FORCE ROW LEVEL SECURITY;
CREATE POLICY products_of_shop ON qutecart.products AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY products_read ON qutecart.products FOR SELECT TO qutecart_api, qutecart_bi USING (true);
CREATE POLICY products_create ON qutecart.products FOR INSERT TO qutecart_api
    WITH CHECK (qutecart.has_permission('shop.product.create') OR qutecart.has_permission('shop.bulk-product-import.store'));
CREATE POLICY products_edit ON qutecart.products FOR UPDATE TO qutecart_api
    USING (qutecart.has_permission('shop.product.edit')) WITH CHECK (qutecart.has_permission('shop.product.edit'));
CREATE POLICY products_destroy ON qutecart.products FOR DELETE TO qutecart_api
    USING (qutecart.has_permission('shop.product.destroy'));
GRANT SELECT, DELETE ON qutecart.products TO qutecart_api;
GRANT SELECT ON qutecart.products TO qutecart_bi;
GRANT INSERT (shop_id, name, handle, code, short_description, description, price, discount_price, buy_price, quantity, min_order_quantity,
    brand, product_type, tags, thumbnail_url, media_id, is_active, is_digital, meta_title, meta_description, meta_keywords)
    ON qutecart.products TO qutecart_api;
GRANT UPDATE (name, handle, code, short_description, description, price, discount_price, buy_price, quantity, min_order_quantity,
    brand, product_type, tags, thumbnail_url, media_id, is_active, is_digital, meta_title, meta_description, meta_keywords,
    updated_at, deleted_at) ON qutecart.products TO qutecart_api;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.products FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
CREATE TRIGGER t20_quota AFTER INSERT OR DELETE ON qutecart.products FOR EACH ROW EXECUTE FUNCTION qutecart.tg_quota('products');
CREATE TRIGGER t21_quota AFTER UPDATE ON qutecart.products FOR EACH ROW
    WHEN ((old.deleted_at IS NULL) <> (new.deleted_at IS NULL) OR old.shop_id <> new.shop_id)
    EXECUTE FUNCTION qutecart.tg_quota('products');
CREATE TRIGGER t22_quota AFTER TRUNCATE ON qutecart.products EXECUTE FUNCTION qutecart.tg_quota('products');
ALTER TABLE qutecart.products ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
ALTER TABLE qutecart.products ENABLE ALWAYS TRIGGER t20_quota;
ALTER TABLE qutecart.products ENABLE ALWAYS TRIGGER t21_quota;
ALTER TABLE qutecart.products ENABLE ALWAYS TRIGGER t22_quota;
CREATE TRIGGER t10_product_description BEFORE INSERT OR UPDATE OF description ON qutecart.products
    FOR EACH ROW WHEN (pg_catalog.strpos(NEW.description, '<') > 0) EXECUTE FUNCTION qutecart.tg_product_description();
CREATE TRIGGER t11_product_approval BEFORE INSERT ON qutecart.products
    FOR EACH ROW WHEN (NEW.is_approved) EXECUTE FUNCTION qutecart.tg_product_approval('new_product_approval');
CREATE TRIGGER t12_product_approval
    BEFORE UPDATE OF name, short_description, description, price, discount_price, brand, thumbnail_url, media_id ON qutecart.products
    FOR EACH ROW WHEN (NEW.is_approved AND
        (OLD.name, OLD.short_description, OLD.description, OLD.price, OLD.discount_price, OLD.brand, OLD.thumbnail_url, OLD.media_id) IS DISTINCT FROM
        (NEW.name, NEW.short_description, NEW.description, NEW.price, NEW.discount_price, NEW.brand, NEW.thumbnail_url, NEW.media_id))
    EXECUTE FUNCTION qutecart.tg_product_approval('update_product_approval');
CREATE TRIGGER t30_catalogue AFTER INSERT ON qutecart.products
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_catalogue();
CREATE TRIGGER t31_catalogue AFTER UPDATE ON qutecart.products
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_catalogue();
CREATE TRIGGER t32_catalogue AFTER DELETE ON qutecart.products
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_catalogue();
CREATE TRIGGER t33_catalogue AFTER TRUNCATE ON qutecart.products
    FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_catalogue();
CREATE TRIGGER t40_event_product AFTER INSERT OR DELETE ON qutecart.products
    FOR EACH ROW EXECUTE FUNCTION qutecart.tg_event_product();
CREATE TRIGGER t41_event_product AFTER UPDATE ON qutecart.products
    FOR EACH ROW WHEN (
        (old.name, old.handle, old.code, old.short_description, old.description, old.price, old.discount_price, old.quantity,
         old.min_order_quantity, old.brand, old.product_type, old.tags, old.thumbnail_url, old.media_id, old.is_active, old.is_approved,
         old.is_featured, old.is_digital, old.deleted_at) IS DISTINCT FROM
        (new.name, new.handle, new.code, new.short_description, new.description, new.price, new.discount_price, new.quantity,
         new.min_order_quantity, new.brand, new.product_type, new.tags, new.thumbnail_url, new.media_id, new.is_active, new.is_approved,
         new.is_featured, new.is_digital, new.deleted_at))
    EXECUTE FUNCTION qutecart.tg_event_product();
CREATE TRIGGER t42_event_stock AFTER UPDATE ON qutecart.products
    FOR EACH ROW WHEN (new.quantity < old.quantity AND new.deleted_at IS NULL) EXECUTE FUNCTION qutecart.tg_event_stock();
