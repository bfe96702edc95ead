-- test/pgtap/products.sql
-- A shop manages its products; nobody else does.
\ir world/vendors.sql
SELECT plan(83);

-- Creating.
CREATE TEMP TABLE tea AS SELECT pg_temp.call('Vera', 'POST /api/seller/products', '{"name": "Green Tea", "price": 12.5, "quantity": 3,
    "code": "12345", "brand": "Leaf", "tags": ["green", "loose"], "discount_price": 10, "thumbnail": "https://x.example/t.jpg",
    "description": "<p onclick=\"x\">Fresh<script>alert(1)</script></p>", "buy_price": 4.25, "meta_title": "Tea"}') AS r;
SELECT is((r ->> 'http')::integer, 201, 'a vendor creates a product') FROM tea;
SELECT is(r #>> '{data,product,handle}', 'green-tea', 'its handle comes from its name') FROM tea;
SELECT is(r #>> '{data,product,price}', '12.5', 'amounts are numbers') FROM tea;
CREATE TEMP TABLE id AS SELECT (r #>> '{data,product,id}')::bigint AS tea FROM tea;
GRANT SELECT ON id, ids TO qutecart_client;
SELECT is(description, '<p>Fresh</p>', 'of a description what is safe stays') FROM qutecart.products, id WHERE products.id = id.tea;
SELECT is(tags, '{green,loose}', 'tags are kept') FROM qutecart.products, id WHERE products.id = id.tea;
SELECT is(pg_temp.call('Vera', 'POST /api/products', '{"name": "Green Tea", "price": 9}') #>> '{data,product,handle}', 'green-tea-2',
    'a second product of the name, by the other address, gets another handle');
SELECT is(pg_temp.call('Vera', 'POST /api/products', '{"name": "Green Tea", "price": 9}') #>> '{data,product,handle}', 'green-tea-3', 'and a third');
SELECT is(pg_temp.call('Nora', 'POST /api/products', '{"name": "Green Tea", "price": 9, "code": "12345"}') #>> '{data,product,handle}', 'green-tea',
    'another shop may use the same handle and the same code');
SELECT is(pg_temp.call('Vera', 'POST /api/seller/products', '{"name": "X", "price": 1, "code": "12345"}') - '{type,title,detail,hint,status,http,code}'::text[],
    '{"message": "Product code already exists", "data": {"errors": {"code": ["The product code already exists"]}}}',
    'a code that another product has is refused in the words clients know');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', '{"name": "X", "price": 1, "handle": "green-tea"}'), 422, 'so is a handle');
SELECT is((pg_temp.call('Vera', 'POST /api/seller/products', '{"name": "X", "price": -1, "discount_price": 0.999, "quantity": -1,
    "min_order_quantity": 0, "category": [1], "color": [{"id": 1}], "thumbnail": "javascript:x", "media_id": 77, "images": 5, "variants": {}}') -> 'errors'),
    '{"price": ["The price field must be at least 0."], "discount_price": ["The discount price field must have at most 2 decimals."],
      "quantity": ["The quantity field must be at least 0."], "min_order_quantity": ["The min order quantity field must be at least 1."],
      "category": ["The selected category is invalid."], "color": ["The selected color is invalid."],
      "thumbnail": ["The thumbnail field must be a valid URL."], "media_id": ["The selected media id is invalid."],
      "images": ["The images field must be an array."], "variants": ["The variants field must be an array."]}',
    'one answer names every field that is wrong');
SELECT is(pg_temp.call('Vera', 'POST /api/seller/products', '{"name": "X", "price": 5, "discount_price": 5.01}') ->> 'message',
    'The discount price field must not be greater than the price.', 'a discount is not above the price');
SELECT is(pg_temp.call('Vera', 'POST /api/seller/products', format('{"name": "%s", "price": 1}', repeat('ü', 192))) ->> 'message',
    'The name field must not be greater than 191 characters.', 'characters are counted, not bytes');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', format('{"name": "%s", "price": 1}', repeat('ü', 191))), 201, 'and as many are taken');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', '{"name": "X", "price": 1000000000000}'), 422, 'an amount too large is refused');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', '{"name": "!!!", "price": 999999999999.99}'), 201, 'the largest is taken');

-- Variants and pictures.
CREATE TEMP TABLE pot AS SELECT pg_temp.call('Vera', 'POST /api/seller/products', '{"name": "Pot", "price": 30, "discount_price": 25, "quantity": 99,
    "variants": [{"option1_name": "Colour", "option1_value": "Red", "quantity": 2, "sku": "P-R"}, {"option1_name": "Colour", "option1_value": "Blue",
    "quantity": 3, "price": 26.5}], "images": ["https://x.example/1.jpg", {"url": "https://x.example/2.jpg", "alt_text": "two"}]}') AS r;
ALTER TABLE id ADD pot bigint;
UPDATE id SET pot = (SELECT (r #>> '{data,product,id}')::bigint FROM pot);
SELECT is(r #>> '{data,product,quantity}', '5', 'the stock of a product with variants is the sum of theirs') FROM pot;
CREATE TEMP TABLE details AS SELECT pg_temp.call('Vera', 'GET /api/seller/products/' || id.pot) #> '{data,product}' AS p FROM id;
SELECT is(jsonb_path_query_array(p, '$.variants[*].price'), '[25.0, 26.5]', 'a variant without a price costs what the product costs') FROM details;
SELECT is(jsonb_path_query_array(p, '$.additional_thumbnail[*].thumbnail'), '["https://x.example/1.jpg", "https://x.example/2.jpg"]',
    'pictures come in their order') FROM details;
SELECT is(pg_temp.call('Vera', 'POST /api/seller/products', '{"name": "X", "price": 1, "variants": [{"option1_value": "S"}, {"option1_value": "S", "quantity": -1,
    "price": -1, "image_url": "ftp://x"}], "images": [{"alt_text": "none"}, "nonsense", {"media_id": 5}]}') -> 'errors',
    '{"variants.option1_value": ["Two variants have the same options."], "variants.price": ["The price of a variant must be at least 0."],
      "variants.quantity": ["The quantity of a variant must be at least 0."], "variants.image_url": ["The image of a variant must be a valid URL."],
      "images": ["An image needs either url or media_id."], "images.url": ["The URL of an image must be a valid URL."],
      "images.media_id": ["The selected media id is invalid."]}', 'variants and pictures are checked with the rest');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', '{"name": "X", "price": 1, "variants": [7]}'), 422, 'a variant that is no object is refused');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', '{"name": "X", "price": 1, "variants": [{"price": "cheap"}]}'), 422, 'so is one with a wrong type');
CREATE TEMP TABLE variant AS SELECT v.id, v.option1_value AS colour FROM qutecart.product_variants v;
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id.pot, '{"variants": [{"option1_value": "Blue", "quantity": 7}, {"option1_value": "Green", "quantity": 1}]}'),
    200, 'a list of variants replaces the other') FROM id;
SELECT is((SELECT string_agg(v.option1_value, ',' ORDER BY v.position) FROM qutecart.product_variants v), 'Blue,Green', 'those not named are gone');
SELECT is((SELECT v.id FROM qutecart.product_variants v WHERE v.option1_value = 'Blue'), (SELECT v.id FROM variant v WHERE v.colour = 'Blue'),
    'one with the same options stays the same row');
SELECT is(quantity, 8, 'and the stock follows') FROM qutecart.products, id WHERE products.id = id.pot;
SELECT is((SELECT count(*) FROM qutecart.product_images), 2::bigint, 'pictures stay when none are named');
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id.pot, '{"images": []}'), 200, 'an empty list removes them') FROM id;
SELECT is((SELECT count(*) FROM qutecart.product_images), 0::bigint, 'all of them');
SELECT is(pg_temp.call('Vera', 'PUT /api/seller/products/' || id.pot, '{"quantity": 50}') ->> 'message',
    'The quantity of a product with variants is the sum of theirs.', 'another stock than that of the variants is refused') FROM id;
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id.pot, '{"quantity": 8, "price": 31}'), 200, 'the same one is not') FROM id;

-- Changing.
SELECT is(pg_temp.call('Vera', 'PUT /api/seller/products/' || id.tea, '{"price": 20, "quantity": 5}') #>> '{data,product,discount_price}', '10.0',
    'what is not sent stays') FROM id;
SELECT is(products.buy_price, 4.25, 'all of it') FROM qutecart.products, id WHERE products.id = id.tea;
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id.tea, '{"price": 9}'), 422, 'the whole product must be right afterwards') FROM id;
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id.tea, '{"handle": "green-tea-2"}'), 422, 'a handle of another product is refused') FROM id;
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id.pot, '{"code": "12345"}'), 422, 'so is its code') FROM id;
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id.tea, '{"handle": "green-tea", "code": "12345"}'), 200, 'one''s own is not') FROM id;
SELECT is(pg_temp.call('Vera', 'POST /api/seller/products/' || id.tea || '/status') #>> '{data,product,is_active}', 'false', 'a product is switched off') FROM id;
SELECT is(pg_temp.call('Vera', 'POST /api/seller/products/' || id.tea || '/status') #>> '{data,product,is_active}', 'true', 'and on again') FROM id;
SELECT is(pg_temp.call('Vera', 'POST /api/seller/products/' || id.tea || '/status', '{"is_active": true}') #>> '{data,product,is_active}', 'true',
    'or set') FROM id;
UPDATE qutecart.products SET is_approved = false, is_active = false WHERE id = (SELECT tea FROM id);
SELECT is(pg_temp.call('Vera', 'POST /api/seller/products/' || id.tea || '/status') ->> 'message', 'Sorry! Your Product is not approved yet!',
    'one that is not approved cannot be switched on') FROM id;
SELECT is(products.is_active, false, 'and is not') FROM qutecart.products, id WHERE products.id = id.tea;
UPDATE qutecart.products SET is_approved = true, is_active = true WHERE id = (SELECT tea FROM id);

-- Listing.
SELECT is(pg_temp.call('Vera', 'GET /api/seller/products?per_page=2') #> '{data,total}', '6', 'a vendor lists all products');
SELECT is(jsonb_array_length(pg_temp.call('Vera', 'GET /api/seller/products?per_page=2') #> '{data,products}'), 2, 'page by page');
SELECT is(pg_temp.call('Vera', 'GET /api/seller/products?per_page=1') #>> '{data,products,0,name}', 'Pot', 'newest first');
SELECT is(pg_temp.call('Vera', 'GET /api/seller/products?search=REEN') #> '{data,total}', '3', 'part of a name finds them, in any case');
SELECT is(pg_temp.call('Vera', 'GET /api/seller/products?search=234') #> '{data,total}', '1', 'so does part of a code');
SELECT is(pg_temp.call('Vera', 'GET /api/seller/products?brand=Leaf') #> '{data,total}', '1', 'and a brand');
SELECT is(pg_temp.call('Vera', 'GET /api/seller/products?is_active=0') #> '{data,total}', '0', 'and whether it is on');
SELECT is(pg_temp.call('Vera', 'GET /api/seller/products?search=%25') #> '{data,total}', '0', 'a percent sign is a percent sign');

-- Somebody else.
SELECT is(pg_temp.call('Nora', e.endpoint, '{}') - '{title,type,detail}'::text[], pg_temp.call('Nora', replace(e.endpoint, id.tea::text, '99999999'), '{}') - '{title,type,detail}'::text[],
    'T18: ' || split_part(e.endpoint, '/api', 1) || 'on another shop''s product is answered as if there were none')
FROM id, LATERAL (VALUES ('GET /api/seller/products/' || tea), ('PUT /api/seller/products/' || tea), ('DELETE /api/seller/products/' || tea),
    ('POST /api/seller/products/' || tea || '/status')) e (endpoint);
SELECT is(pg_temp.status('Nora', 'DELETE /api/seller/products/' || id.tea), 404, 'and that is 404') FROM id;
SELECT is(pg_temp.call('Nora', 'GET /api/seller/products') #> '{data,total}', '1', 'a vendor lists no product of another');
SELECT is(pg_temp.status('Carl', 'POST /api/seller/products', '{"name": "X", "price": 1}'), 404, 'a customer has no shop to create for');
SELECT is(pg_temp.status(NULL, 'POST /api/products', '{"name": "X", "price": 1}'), 401, 'nobody creates without a token');
SELECT is(pg_temp.status('Sam', 'GET /api/seller/products'), 200, 'staff do what they were granted');
SELECT is(pg_temp.status('Sam', e.endpoint, e.body), 403, 'and not ' || e.endpoint)
FROM id, LATERAL (VALUES ('POST /api/products', '{"name": "X", "price": 1}'), ('GET /api/seller/products/' || tea, NULL),
    ('PUT /api/seller/products/' || tea, '{}'), ('DELETE /api/seller/products/' || tea, NULL)) e (endpoint, body);
SELECT is(pg_temp.status('Sam', 'POST /api/seller/products/' || id.tea || '/status'), 403, 'nor switch one off') FROM id;
INSERT INTO qutecart.shop_member_permissions (shop_id, user_id, permission_id)
    SELECT pg_temp.id('Teas'), pg_temp.id('Sam'), p.id FROM qutecart.permissions p WHERE p.name = 'shop.product.toggle';
SELECT is(pg_temp.status('Sam', 'POST /api/seller/products/' || id.tea || '/status', '{"is_active": true}'), 200,
    'switching needs its own permission only') FROM id;

-- The same in SQL.
SELECT is(pg_temp.sql_as('Vera', 'SELECT count(*) FROM qutecart.products'), '6', 'SQL shows the same rows');
SELECT is(pg_temp.sql_as('Nora', 'SELECT count(*) FROM qutecart.products'), '1', 'to each his own');
SELECT is(pg_temp.sql_as(NULL, 'SELECT count(*) FROM qutecart.products'), '0', 'T06: and none to nobody');
SELECT is(pg_temp.sql_as('Vera', 'INSERT INTO qutecart.products (shop_id, name, handle, price, description) SELECT i.id, ''S'', ''s'', 1, ''<b>x<script>y''
    FROM ids i WHERE i.name = ''Teas'' RETURNING description'), '<b>x</b>', 'a description written in SQL is cleaned as well');
SELECT is(pg_temp.sql_as('Vera', 'INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT i.id, ''S'', ''s'', 1 FROM ids i WHERE i.name = ''Cups'''),
    'refused 42501', 'another shop''s rows cannot be written');
SELECT is(pg_temp.sql_as('Vera', 'UPDATE qutecart.products SET is_approved = true'), 'refused 42501', 'nobody approves his own products');
SELECT is(pg_temp.sql_as('Vera', 'SELECT qutecart.create_product(''Mug'', 3) #>> ''{data,product,handle}'''), 'mug', 'the functions serve SQL clients too');

-- Deleting.
SELECT is(pg_temp.call('Vera', 'DELETE /api/seller/products/' || id.tea) - '{status,http}'::text[], '{"message": "Product deleted successfully"}', 'a product is deleted') FROM id;
SELECT is(pg_temp.status('Vera', e.endpoint, '{}'), 404, split_part(e.endpoint, '/', 1) || 'finds it no more')
FROM id, LATERAL (VALUES ('GET /api/seller/products/' || tea), ('PUT /api/seller/products/' || tea), ('DELETE /api/seller/products/' || tea)) e (endpoint);
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', '{"name": "Green Tea", "price": 1, "code": "12345", "handle": "green-tea"}'), 201,
    'its code and handle are free again');

-- Where an admin must approve.
UPDATE qutecart.settings SET value = 'true' WHERE key = 'new_product_approval';
SELECT is(pg_temp.call('Vera', 'POST /api/products', '{"name": "Waits", "price": 1}') #>> '{data,product,is_approved}', 'false', 'a new product waits for approval');
SELECT is(pg_temp.sql_as('Vera', 'INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT i.id, ''S'', ''sql'', 1 FROM ids i WHERE i.name = ''Teas''
    RETURNING is_approved'), 'false', 'one that SQL creates as well');
SELECT is((SELECT count(*) FROM qutecart.catalogue WHERE name = 'Waits'), 0::bigint, 'nobody sees it yet');
UPDATE qutecart.products SET is_approved = true WHERE name = 'Waits';
SELECT is(pg_temp.call('Vera', format('PUT /api/seller/products/%s', (SELECT id FROM qutecart.products WHERE name = 'Waits')), '{"price": 2}')
    #>> '{data,product,is_approved}', 'true', 'an approved one stays approved when it is changed');
UPDATE qutecart.settings SET value = 'true' WHERE key = 'update_product_approval';
SELECT is(pg_temp.call('Vera', format('PUT /api/seller/products/%s', (SELECT id FROM qutecart.products WHERE name = 'Waits')), '{"quantity": 9}')
    #>> '{data,product,is_approved}', 'true', 'also when changes must be approved, if only the stock is another');
SELECT is(pg_temp.call('Vera', format('PUT /api/seller/products/%s', (SELECT id FROM qutecart.products WHERE name = 'Waits')), '{"price": 3}')
    #>> '{data,product,is_approved}', 'false', 'but not with another price');
SELECT * FROM finish();
