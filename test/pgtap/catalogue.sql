-- test/pgtap/catalogue.sql
-- What anybody sees of the shops' products, and that it is always right.
\ir world/vendors.sql
SELECT plan(85);

-- Nothing there.
SELECT is(pg_temp.call(NULL, 'GET /api/products') -> 'data', '{"total": 0, "products": [], "filters": {"sizes": [], "colors": [], "brands": [],
    "min_price": 0, "max_price": 0}}', 'an empty marketplace is an empty list');

INSERT INTO qutecart.products (shop_id, name, handle, code, price, discount_price, quantity, brand, product_type, tags, short_description, is_active,
    is_approved, is_digital, thumbnail_url, created_at)
SELECT pg_temp.id(p.shop), p.name, lower(p.name), p.code, p.price, p.discount, 5, p.brand, p.type, p.tags, p.short, p.active, p.approved, p.digital, p.picture,
    '2026-01-01'::timestamptz + p.n * interval '1 hour'
FROM (VALUES
    (1, 'Teas', 'Sencha', 'S-1', 10, 0, 'Uji', 'Green', '{leaf}'::text[], 'Steamed green tea', true, true, false, 'https://x.example/s.jpg'),
    (2, 'Teas', 'Assam', NULL, 8, 6, NULL, 'Black', '{leaf,strong}', NULL, true, true, false, NULL),
    (3, 'Cups', 'Mug', NULL, 3.5, 0, 'Clay', 'Ware', '{}', NULL, true, true, false, NULL),
    (4, 'Teas', 'Draft', NULL, 1, 0, 'Uji', NULL, '{}', NULL, false, true, false, NULL),
    (5, 'Teas', 'Unseen', NULL, 1, 0, NULL, NULL, '{}', NULL, true, false, false, NULL),
    (6, 'Teas', 'Book', NULL, 19.99, 0, 'Uji', 'Book', '{}', 'All about tea', true, true, true, NULL)) AS
    p(n, shop, name, code, price, discount, brand, type, tags, short, active, approved, digital, picture);
CREATE TEMP TABLE product AS SELECT id, name, shop_id FROM qutecart.products;
GRANT SELECT ON product TO qutecart_client;
CREATE FUNCTION pg_temp.pid(text) RETURNS text LANGUAGE sql AS 'SELECT id::text FROM product WHERE name = $1';
CREATE FUNCTION pg_temp.names(target text, who text DEFAULT NULL) RETURNS text LANGUAGE sql AS
    $$SELECT string_agg(p ->> 'name', ',') FROM jsonb_array_elements(pg_temp.call(who, 'GET ' || target) #> '{data,products}') p$$;
CREATE FUNCTION pg_temp.total(target text) RETURNS integer LANGUAGE sql AS
    $$SELECT (pg_temp.call(NULL, 'GET ' || target) #>> '{data,total}')::integer$$;

-- Lists.
SELECT is(pg_temp.names('/api/products'), 'Book,Mug,Assam,Sencha', 'anybody sees what is published, newest first, and no draft');
SELECT is(pg_temp.total('/api/products'), 4, 'and how many there are');
SELECT is(pg_temp.names('/api/products?page=2&per_page=3'), 'Sencha', 'page by page');
SELECT is(pg_temp.names('/api/products?page=3&per_page=3'), NULL, 'behind the last page there is nothing');
SELECT is(pg_temp.total('/api/products?page=3&per_page=3'), 4, 'but the total is the same');
SELECT is(pg_temp.names('/api/products?page&per_page&search&category_id&rating='), 'Book,Mug,Assam,Sencha', 'bare and empty parameters are absent ones');
SELECT is(pg_temp.names('/api/products?category_id=3&color_id=1&size_id=2&sub_category_id=1&brand_id=9&rating=4'), 'Book,Mug,Assam,Sencha',
    'filters on what no product has yet change nothing');
SELECT is(pg_temp.names('/api/products?shop_id=' || pg_temp.id('Cups')), 'Mug', 'one shop''s products');
SELECT is(pg_temp.call(NULL, 'GET /api/products?shop_id=987654') #>> '{data,total}', '0', 'an unknown shop has none');
SELECT is(pg_temp.names('/api/products', 'Nora'), 'Mug', 'a signed-in vendor sees the own shop');
SELECT is(pg_temp.names('/api/products', 'Vera'), 'Book,Assam,Sencha', 'published products only, there too');
SELECT is(pg_temp.names('/api/products', 'Carl'), 'Book,Mug,Assam,Sencha', 'a customer sees all shops');

-- The card.
SELECT is(pg_temp.call(NULL, 'GET /api/products?search=assam') #> '{data,products,0}', jsonb_build_object('id', pg_temp.pid('Assam')::bigint, 'is_digital', false,
    'name', 'Assam', 'thumbnail', '/default/default.jpg', 'price', 8.0, 'discount_price', 6.0, 'discount_percentage', 25.0, 'rating', 0.0,
    'total_reviews', '0', 'total_sold', '0', 'quantity', 5, 'is_favorite', false, 'sizes', '[]'::jsonb, 'colors', '[]'::jsonb, 'unit', NULL, 'brand', NULL,
    'shop', jsonb_build_object('id', pg_temp.id('Teas'), 'name', 'Teas', 'logo', '/default/default.jpg', 'rating', 5.0, 'estimated_delivery_time', '2-3 days',
    'delivery_charge', 4.5, 'last_online', false)), 'a card has every member that apps read');
SELECT ok((SELECT body FROM qutecart.http('GET', '/api/products?search=assam')) LIKE '%"price":8.0,"discount_price":6.0,"discount_percentage":25.0,"rating":0.0,%',
    'amounts keep a fraction, as apps demand');
SELECT is(pg_temp.call(NULL, 'GET /api/products?search=sencha') #>> '{data,products,0,thumbnail}', 'https://x.example/s.jpg', 'a picture is an address');

-- Filters.
SELECT is(pg_temp.call(NULL, 'GET /api/products') #> '{data,filters}', '{"sizes": [], "colors": [], "brands": [{"id": null, "name": "Clay"}, {"id": null, "name": "Uji"}],
    "min_price": 3, "max_price": 20}', 'filters name brands and a price range that encloses all');
SELECT is(pg_temp.call(NULL, 'GET /api/products?shop_id=' || pg_temp.id('Cups')) #> '{data,filters}', '{"sizes": [], "colors": [],
    "brands": [{"id": null, "name": "Clay"}], "min_price": 3, "max_price": 4}', 'or those of a shop');
SELECT is(pg_temp.names('/api/products?search=' || s), found, 'search: ' || s) FROM (VALUES
    ('sencha', 'Sencha'), ('SENCHA', 'Sencha'), ('sen', 'Sencha'), ('tea', 'Book,Sencha'), ('green+steam', 'Sencha'), ('green+book', NULL), ('leaf', 'Assam,Sencha'),
    ('uji', 'Book,Sencha'), ('s-1', 'Sencha'), ('%27%29%3B--', NULL), ('tea%26%7C%21', 'Book,Sencha'), ('...', NULL), ('draft', NULL)) AS t (s, found);
SELECT is(pg_temp.names('/api/products?min_price=6&max_price=10'), 'Assam,Sencha', 'the range is that of what a buyer pays, with its ends');
SELECT is(pg_temp.total('/api/products?min_price=6&max_price=10'), 2, 'and the total is of what was found');
SELECT is(pg_temp.names('/api/products?max_price=5'), 'Mug', 'a range may have one end');
SELECT is(pg_temp.names('/api/products?brand=Uji'), 'Book,Sencha', 'a brand');
SELECT is(pg_temp.names('/api/products?is_digital=1'), 'Book', 'digital ones only');
SELECT is(pg_temp.names('/api/products?is_digital=0'), 'Book,Mug,Assam,Sencha', 'or all');
SELECT is(pg_temp.names('/api/products?brand=Uji&max_price=15&search=t&shop_id=' || pg_temp.id('Teas')), 'Sencha', 'filters are joined');
SELECT is(pg_temp.names('/api/products?sort_type=' || o.sort), o.names, 'sort_type ' || o.sort) FROM (VALUES ('low_to_high', 'Mug,Assam,Sencha,Book'),
    ('high_to_low', 'Book,Sencha,Assam,Mug'), ('newest', 'Book,Mug,Assam,Sencha'), ('nonsense', 'Book,Mug,Assam,Sencha')) o (sort, names);
SELECT is(pg_temp.status(NULL, 'GET /api/products?min_price=abc'), 422, 'a price that is none is refused');
SELECT is(jsonb_array_length(pg_temp.call(NULL, 'GET /api/products?page=1&per_page=100000') #> '{data,products}'), 4, 'a page has a limit');

-- One product.
SELECT is(pg_temp.call(NULL, 'GET /api/products/' || pg_temp.pid('Sencha')) #>> '{data,product,short_description}', 'Steamed green tea', 'a product has a page');
SELECT is(pg_temp.call(NULL, 'GET /api/product-details?product_id=' || pg_temp.pid('Assam')) #> '{data,product}' ?& '{id,name,short_description,price,discount_price,
    discount_percentage,rating,total_reviews,total_sold,quantity,is_favorite,thumbnails,colors,sizes,brand,shop,description,flash_sale}', true, 'also by the name apps know it by');
SELECT is(pg_temp.call(NULL, 'GET /api/products/' || pg_temp.pid('Assam')) #> '{data,product,description}', '""', 'texts that apps need are never null');
SELECT is(pg_temp.call(NULL, 'GET /api/products/' || pg_temp.pid('Assam')) #>> '{data,product,meta_title}', 'Assam', 'the meta title defaults to the name');
SELECT is(pg_temp.call(NULL, 'GET /api/products/' || pg_temp.pid('Assam')) #> '{data,product,thumbnails,0,id}', '0', 'and the main picture has an id');
SELECT is((SELECT string_agg(p ->> 'name', ',') FROM jsonb_array_elements(pg_temp.call(NULL, 'GET /api/products/' || pg_temp.pid('Assam')) #> '{data,related_products}') p),
    'Book,Sencha', 'related products are others of the shop');
SELECT is(pg_temp.status(NULL, 'GET /api/products/' || pg_temp.pid(n)), 404, n || ' has no page') FROM unnest('{Draft,Unseen}'::text[]) n;
SELECT is(pg_temp.status('Vera', 'GET /api/products/' || pg_temp.pid('Draft')), 404, 'not even for its own shop');
SELECT is(pg_temp.status(NULL, 'GET /api/products/' || pg_temp.pid('Mug') || '?shop_id=' || pg_temp.id('Teas')), 404, 'nor has one in another shop');
SELECT is(pg_temp.status(NULL, 'GET /api/products/9999999'), 404, 'nor one that does not exist');
SELECT is(pg_temp.status(NULL, 'GET /api/product-details'), 422, 'an id is needed');

-- It is right whoever writes.
CREATE FUNCTION pg_temp.holds(text) RETURNS text LANGUAGE sql AS $$
    SELECT is_empty('SELECT * FROM qutecart.catalogue_audit()', $1) $$;
SELECT pg_temp.holds('the catalogue is right after an insert');
UPDATE qutecart.products SET quantity = quantity - 1, updated_at = now();
SELECT is(pg_temp.call(NULL, 'GET /api/products?search=sencha') #>> '{data,products,0,quantity}', '4', 'stock is shown as it is');
UPDATE qutecart.products SET is_active = NOT is_active, brand = 'New' WHERE name IN ('Draft', 'Sencha');
SELECT is(pg_temp.names('/api/products'), 'Book,Draft,Mug,Assam', 'what is switched on or off comes and goes');
SELECT is(pg_temp.call(NULL, 'GET /api/products') #>> '{data,filters,brands,1,name}', 'New', 'and the filters with it');
UPDATE qutecart.products SET price = 500 WHERE name = 'Book';
SELECT is(pg_temp.call(NULL, 'GET /api/products') #>> '{data,filters,max_price}', '500', 'the range follows the price');
UPDATE qutecart.products SET deleted_at = now() WHERE name = 'Book';
SELECT is(pg_temp.names('/api/products'), 'Draft,Mug,Assam', 'a deleted product is gone');
SELECT pg_temp.holds('the catalogue is right after updates');
UPDATE qutecart.shops SET is_active = false WHERE id = pg_temp.id('Teas');
SELECT is(pg_temp.names('/api/products'), 'Mug', 'a closed shop shows nothing');
SELECT is(pg_temp.status(NULL, 'GET /api/products/' || pg_temp.pid('Assam')), 404, 'nor its pages');
INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (pg_temp.id('Teas'), 'Late', 'late', 1);
SELECT is(pg_temp.total('/api/products'), 1, 'also what it adds meanwhile');
UPDATE qutecart.shops SET is_active = true, name = 'Tea House' WHERE id = pg_temp.id('Teas');
SELECT is(pg_temp.total('/api/products'), 4, 'opened again it shows all');
SELECT is(pg_temp.call(NULL, 'GET /api/products?search=late') #>> '{data,products,0,shop,name}', 'Tea House', 'under its new name');
DELETE FROM qutecart.products WHERE name = 'Late';
INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (pg_temp.id('Teas'), 'Assam', 'assam', 9)
    ON CONFLICT (shop_id, handle) WHERE deleted_at IS NULL DO UPDATE SET price = 9;
SELECT is(pg_temp.call(NULL, 'GET /api/products?search=assam') #>> '{data,products,0,price}', '9.0', 'an upsert is seen');
SELECT pg_temp.holds('the catalogue is right after deletes and upserts');
BEGIN;
INSERT INTO qutecart.products (shop_id, name, handle, price, brand) VALUES (pg_temp.id('Teas'), 'Ghost', 'ghost', 1, 'Boo');
SELECT is(pg_temp.total('/api/products'), 4, 'the one who writes sees it at once');
ROLLBACK;
UPDATE qutecart.products SET brand = 'Real' WHERE name = 'Mug';
SELECT is(pg_temp.call(NULL, 'GET /api/products') #>> '{data,filters,brands,1,name}', 'Real', 'what is rolled back leaves no trace');
-- Sold.
INSERT INTO qutecart.orders (shop_id, customer_id, order_code, prefix, total_amount, payable_amount)
    VALUES (pg_temp.id('Teas'), pg_temp.id('Carl'), 'A1', 'RC', 1, 1);
INSERT INTO qutecart.order_lines (shop_id, order_id, customer_id, product_id, name, quantity, price)
    SELECT o.shop_id, o.id, o.customer_id, pg_temp.pid('Assam')::bigint, 'Assam', q, 1 FROM qutecart.orders o, unnest(ARRAY[1000, 234]) q WHERE o.order_code = 'A1';
SELECT is(pg_temp.call(NULL, 'GET /api/products?search=assam') #>> '{data,products,0,total_sold}', '1,234', 'what was sold is counted');
SELECT is(pg_temp.names('/api/products?sort_type=top_selling'), 'Assam,Draft,Mug', 'and sorted by');
SELECT pg_temp.holds('the catalogue is right after orders');

-- The audit sees what is wrong, and a rebuild puts it right.
DELETE FROM qutecart.catalogue WHERE name = 'Mug';
UPDATE qutecart.catalogue SET price = 1 WHERE name = 'Assam';
INSERT INTO qutecart.catalogue SELECT shop_id, 1234567, name, handle, code, short_description, price, discount_price, effective_price, quantity, brand,
    product_type, tags, thumbnail, is_digital, is_featured, sold, created_at, search FROM qutecart.catalogue WHERE name = 'Draft';
DELETE FROM qutecart.catalogue_tallies;
SELECT bag_eq('SELECT difference FROM qutecart.catalogue_audit()', ARRAY['is missing', 'is out of date', 'is not to be seen', 'the tallies say 0, there are 3'],
    'the audit names every difference');
SELECT is(qutecart.rebuild_catalogue(), 3::bigint, 'a rebuild');
SELECT pg_temp.holds('makes it right');
-- Restoring brings the catalogue's own rows.
SET qutecart.restoring = on;
INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (pg_temp.id('Teas'), 'Restored', 'restored', 1);
RESET qutecart.restoring;
SELECT is(pg_temp.total('/api/products'), 3, 'rows that a restore brings are not published a second time');
SELECT is(qutecart.rebuild_catalogue(), 4::bigint, 'until the catalogue is rebuilt');
-- A shop goes, and everything.
DELETE FROM qutecart.products WHERE shop_id = pg_temp.id('Cups');
SELECT pg_temp.holds('the catalogue is right after a shop''s products are gone');
TRUNCATE qutecart.products CASCADE;
SELECT is(pg_temp.total('/api/products'), 0, 'after TRUNCATE there is nothing');
SELECT pg_temp.holds('and that is right');
SELECT is(pg_temp.sql_as(NULL, 'INSERT INTO qutecart.catalogue (name) VALUES (''x'')'), 'refused 42501', 'T06: nobody writes the catalogue himself');
SELECT is(pg_temp.sql_as('Vera', 'SELECT qutecart.rebuild_catalogue()'), 'refused 42501', 'nor has it rebuilt');
SELECT * FROM finish();
