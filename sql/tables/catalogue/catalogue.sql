-- sql/tables/catalogue/catalogue.sql
-- The public read model: one row per published product of an active shop.  No
-- row-level security, because everything in it is public; under a policy no GIN index
-- would be used.  Triggers on products and shops keep it, whoever writes there; no
-- foreign key, since they do.  What cards need of the shop is joined when read.
CREATE TABLE qutecart.catalogue (
    shop_id            bigint NOT NULL,
    product_id         bigint NOT NULL,
    name               text NOT NULL,
    handle             text NOT NULL,
    code               text,
    short_description  text,
    price              numeric(14,2) NOT NULL,
    discount_price     numeric(14,2) NOT NULL,
    effective_price    numeric(14,2) NOT NULL,
    quantity           integer NOT NULL,
    brand              text,
    product_type       text,
    tags               text[] NOT NULL,
    thumbnail          text,
    is_digital         boolean NOT NULL,
    is_featured        boolean NOT NULL,
    sold               bigint NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL,
    search             tsvector NOT NULL,
    PRIMARY KEY (shop_id, product_id)
) WITH (fillfactor = 90);
CREATE INDEX catalogue_product ON qutecart.catalogue (product_id);
CREATE INDEX catalogue_newest ON qutecart.catalogue (created_at DESC, product_id DESC);
CREATE INDEX catalogue_newest_of_shop ON qutecart.catalogue (shop_id, created_at DESC, product_id DESC);
CREATE INDEX catalogue_price ON qutecart.catalogue (effective_price, product_id);
CREATE INDEX catalogue_brand ON qutecart.catalogue (brand) WHERE brand IS NOT NULL;
CREATE INDEX catalogue_search ON qutecart.catalogue USING gin (search);
COMMENT ON TABLE qutecart.catalogue IS 'global: published products of active shops, what anybody may see of them.';
COMMENT ON COLUMN qutecart.catalogue.effective_price IS 'What a buyer pays: discount_price if there is one, else price.';
COMMENT ON COLUMN qutecart.catalogue.thumbnail IS 'A URL, or the key of an uploaded file.';
COMMENT ON COLUMN qutecart.catalogue.sold IS 'Pieces ordered so far.';
GRANT SELECT ON qutecart.catalogue TO qutecart_api;
