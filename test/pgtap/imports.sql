-- test/pgtap/imports.sql
-- A vendor brings his catalogue along, as Shopify exports it.
\ir world/vendors.sql
SELECT plan(63);
\set teas `cat test/fixtures/shopify/products.csv`
\set cups `cat test/fixtures/shopify/newer_columns.csv`
CREATE TEMP TABLE file AS SELECT :'teas'::text AS teas, :'cups'::text AS cups;
GRANT SELECT ON file TO qutecart_client;

CREATE FUNCTION pg_temp.import(who text, csv text, query text DEFAULT '') RETURNS jsonb LANGUAGE sql AS $$
    SELECT pg_temp.call(who, 'POST /api/seller/products/import' || query, csv, 'text/csv') $$;
CREATE FUNCTION pg_temp.counts(r jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', r #>> '{data,created}', r #>> '{data,updated}', r #>> '{data,unchanged}', r #>> '{data,refused}', r #>> '{data,failed}') $$;
CREATE FUNCTION pg_temp.said(r jsonb) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', x ->> 'row', x ->> 'status', x ->> 'field', '| ' || (x ->> 'message'))
    FROM jsonb_array_elements(r #> '{data,rows}') WITH ORDINALITY t(x, n) WHERE x ->> 'message' IS NOT NULL ORDER BY n $$;

-- 36 products on a plan of 25.
CREATE TEMP TABLE first AS SELECT pg_temp.import('Vera', teas) AS r FROM file;
SELECT is((r ->> 'http')::integer, 200, 'a file that could be read is answered with a report') FROM first;
SELECT is(pg_temp.counts(r), '25 0 0 11 0', 'the plan''s 25 products go in, the other 11 are refused') FROM first;
SELECT is((SELECT count(*) FROM qutecart.products), 25::bigint, 'and that many there are');
SELECT is(jsonb_array_length(r #> '{data,rows}'), 81, 'each row of the file has its line in the report') FROM first;
SELECT is((SELECT array_agg(DISTINCT x ->> 'message' ORDER BY x ->> 'message') FROM jsonb_array_elements(r #> '{data,rows}') x WHERE x ->> 'status' = 'refused'),
    ARRAY['Product limit reached. The plan "Free" allows 25 products; 25 are in use.', NULL], 'a refusal is the plan''s, in its words') FROM first;
SELECT is((r #> '{data,limit}') - 'details'::text, '{"error": "Product limit reached", "limit_type": "products", "current_plan": "Free"}', 'and says once what would help') FROM first;
SELECT is(r #> '{data,ignored_columns}' ? 'Variant Taxable', true, 'columns that are not imported are named') FROM first;
SELECT is(pg_temp.counts(pg_temp.import('Vera', teas)), '0 0 25 11 0', 'the same file again changes nothing') FROM file;
SELECT qutecart.set_subscription(pg_temp.id('Teas'), 'starter') \g /dev/null
SELECT is(pg_temp.counts(pg_temp.import('Vera', teas)), '11 0 25 0 0', 'after an upgrade the rest goes in') FROM file;
SELECT is((SELECT p.id FROM qutecart.products p ORDER BY p.id OFFSET 25 LIMIT 1) - (SELECT p.id FROM qutecart.products p ORDER BY p.id OFFSET 24 LIMIT 1), 3::bigint,
    'each import tried one product beyond the limit, not all the rest');
SELECT is((SELECT count(*) FROM qutecart.products WHERE is_active), 35::bigint, 'what the file does not publish stays a draft');
SELECT is_empty('SELECT * FROM qutecart.usage_audit()', 'the counters are right afterwards');
SELECT is_empty('SELECT * FROM qutecart.catalogue_audit()', 'and the catalogue');

-- What became of the rows.
SELECT results_eq($$SELECT v.option1_name, v.option1_value, v.sku, v.price, v.quantity FROM qutecart.product_variants v JOIN qutecart.products p USING (shop_id)
    WHERE p.id = v.product_id AND p.handle = 'darjeeling-first-flush' ORDER BY v.position$$,
    $$VALUES ('Weight', '50g', 'TEA-001-01', 18.50, 30), ('Weight', '100g', 'TEA-001-02', 34.04, 33), ('Weight', '250g', 'TEA-001-03', 85.10, 36)$$,
    'rows of one handle are the variants of one product');
SELECT is((SELECT ARRAY[quantity::text, price::text, brand, product_type, tags::text, thumbnail_url, meta_title] FROM qutecart.products WHERE handle = 'darjeeling-first-flush'),
    '{99,18.50,Ambootia,"Black Tea","{tea,black,spring}",https://cdn.example.com/tea/darjeeling-first-flush.jpg,"Darjeeling First Flush"}',
    'the product has what its first row says, and the stock of all');
SELECT is((SELECT ARRAY[price, discount_price] FROM qutecart.products WHERE handle = 'berry-basket'), '{7.92,6.60}', 'a price to compare with is the price before the discount');
SELECT is((SELECT i.url || ' ' || i.alt_text FROM qutecart.product_images i JOIN qutecart.products p ON p.id = i.product_id WHERE p.handle = 'chamomile-flowers'),
    'https://cdn.example.com/tea/chamomile-flowers-2.jpg Chamomile Flowers, the leaves', 'further pictures make the gallery');
SELECT is((SELECT description FROM qutecart.products WHERE handle = 'masala-chai'), E'<p>Masala Chai, Black Tea from QuteCart Tea.</p>\n<ul><li>fresh, "hand picked"</li>\n<li>packed to order</li></ul>',
    'descriptions keep quotes and line ends');
SELECT is((SELECT count(*) FROM qutecart.products WHERE name = 'Crème Brûlée Rooibos'), 1::bigint, 'and names their letters');
SELECT is((SELECT count(*) FROM qutecart.product_variants v JOIN qutecart.products p ON p.id = v.product_id WHERE p.handle = 'tea-tin'
    AND (v.option1_name, v.option2_name, v.option3_name) = ('Color', 'Size', 'Lid')), 8::bigint, 'three options make eight variants');

-- The newer spelling, with a byte-order mark and CRLF.
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) VALUES (pg_temp.id('Cups'), 'products', -1);
SELECT is(pg_temp.counts(pg_temp.import('Nora', cups)), '40 0 0 0 0', 'the newer template''s columns are known as well') FROM file;
SELECT is((SELECT string_agg(name, ' ' ORDER BY handle) FROM qutecart.products WHERE handle IN ('cup-08', 'cup-09', 'cup-21')), '茶碗 Чашка Tin "Classic"', 'in any script');
SELECT is((SELECT ARRAY[price, discount_price] FROM qutecart.products WHERE handle = 'cup-06'), '{13.00,10.00}', 'prices');
SELECT is((SELECT count(*) FROM qutecart.product_variants v JOIN qutecart.products p ON p.id = v.product_id WHERE p.handle = 'cup-02'), 0::bigint,
    'a product whose only variant says nothing sells as itself');
SELECT is((SELECT quantity FROM qutecart.products WHERE handle = 'cup-02'), 0, 'oversold stock is none');
SELECT is((SELECT quantity FROM qutecart.products WHERE handle = 'cup-21'), 999999, 'stock that is not tracked does not run out');
SELECT is((SELECT is_digital FROM qutecart.products WHERE handle = 'cup-40'), true, 'what is not shipped is digital');
SELECT is((SELECT is_active FROM qutecart.products WHERE handle = 'cup-11'), false, 'a draft stays one');
SELECT is((SELECT tags FROM qutecart.products WHERE handle = 'cup-01'), '{table,cup,gift}', 'tags are trimmed');
SELECT is(pg_temp.sql_as('Vera', 'SELECT count(*) FROM qutecart.products'), '36', 'nobody else''s products have changed');

-- Overwriting.
UPDATE qutecart.products SET price = 1, discount_price = 0, brand = 'Mine', short_description = 'Kept' WHERE handle = 'cup-01';
SELECT is(pg_temp.counts(pg_temp.import('Nora', cups)), '0 0 40 0 0', 'known products stay unless told') FROM file;
SELECT is((SELECT price FROM qutecart.products WHERE handle = 'cup-01'), 1.00, 'as they are');
CREATE TEMP TABLE variant AS SELECT id FROM qutecart.product_variants;
SELECT is(pg_temp.counts(pg_temp.import('Nora', cups, '?overwrite=1')), '0 40 0 0 0', 'told so they are overwritten') FROM file;
SELECT is((SELECT ARRAY[price::text, brand, short_description] FROM qutecart.products WHERE handle = 'cup-01'), '{8.00,"Kiln & Co",Kept}',
    'with the file''s columns, and only those');
SELECT is((SELECT count(*) FROM qutecart.product_variants v WHERE NOT EXISTS (SELECT FROM variant o WHERE o.id = v.id)), 0::bigint, 'variants stay the same rows');
SELECT is((SELECT count(*) FROM qutecart.product_images i JOIN qutecart.products p ON p.id = i.product_id WHERE p.handle = 'cup-01'), 1::bigint, 'pictures do not pile up');

-- What is wrong is told, row by row, and hurts nothing else.
CREATE TEMP TABLE wrong AS SELECT pg_temp.import('Nora', E'Handle,Title,Variant Price,Variant Inventory Qty,Image Src,Vendor,Option1 Value\n'
    'a,Ann,1.00,1,,,\n'                            -- 2
    'b,,1.00,1,,,\n'                               -- 3 no title
    'c,Cem,cheap,1,,,\n'                           -- 4 price
    'd,Dan,1.234,1,,,\n'                           -- 5 too precise
    'e,Eva,1.00,many,,,\n'                         -- 6 quantity
    'f,Fay,-1,1,,,\n'                              -- 7 negative
    'g,Gus,1.00,1,ftp://x,,\n'                     -- 8 picture
    'h,Hal,1.00,1,,,S\n'                           -- 9
    'h,,oops,1,,,M\n'                              -- 10 second row
    'i"x,Ida,1,1,,,\n'                             -- 11 quote
    ',,1,1,,,\n'                                   -- 12 neither handle nor title
    ',No Handle,1,1,,,\n'                          -- 13
    'j,Jan,1,1,,,S\n'                              -- 14
    'j,,1,1,,,S\n'                                 -- 15 same options
    ',,,,,,\n'                                     -- 16 empty
    'a,,2.00,1,,,Late\n'                           -- 17 not adjacent
    'k,Kim,,1,,,\n'                                -- 18 no price
    'l,' || repeat('x', 192) || E',1,1,,,\n'       -- 19 name too long
    'm,Mia,1.00,1,,,') AS r;                       -- 20
SELECT is(pg_temp.counts(r), '3 0 0 0 12', 'what is right goes in') FROM wrong;
SELECT results_eq('SELECT pg_temp.said(r) FROM wrong', ARRAY[
    '3 failed Title | Title is missing.',
    '4 failed Variant Price | Variant Price must be a number.',
    '5 failed Variant Price | Variant Price must have at most 2 decimals.',
    '6 failed Variant Inventory Qty | Variant Inventory Qty must be an integer.',
    '7 failed Variant Price | Variant Price must be at least 0.',
    '8 failed thumbnail | The thumbnail field must be a valid URL.',
    '10 failed Variant Price | Variant Price must be a number.',
    '11 failed | The row has a quote in a wrong place.',
    '12 failed Handle | Handle and Title are missing.',
    '14 failed variants.option1_value | Two variants have the same options.',
    '18 failed Variant Price | Variant Price is missing.',
    '19 failed name | The name field must not be greater than 191 characters.'], 'what is wrong is told with its row and column');
SELECT is((SELECT count(*) FROM qutecart.products WHERE handle IN ('a', 'no-handle', 'm')), 3::bigint, 'a handle is made where there is none');
SELECT is((SELECT count(*) FROM qutecart.product_variants v JOIN qutecart.products p ON p.id = v.product_id WHERE p.handle = 'a'), 2::bigint, 'rows of one product need not be neighbours');
SELECT is((SELECT count(*) FROM qutecart.products WHERE handle IN ('h', 'j')), 0::bigint, 'of a product with a wrong row nothing goes in');
SELECT is((SELECT x.body::jsonb #>> '{data,rows,0,message}' FROM qutecart.http('POST', '/api/seller/products/import', E'authorization: Bearer token of Nora\ncontent-type: text/csv\n',
    '\x5469746c652c50726963650a42c3286164 2c310a476f6f642c310a'::bytea) x), 'The text is not valid UTF-8.', 'a row that is not UTF-8 is named');
SELECT is((SELECT count(*) FROM qutecart.products WHERE name = 'Good'), 1::bigint, 'and the next one goes in');
SELECT is(pg_temp.import('Nora', f.csv) #>> '{errors,csv,0}', f.answer, 'refused as a whole: ' || f.what) FROM (VALUES
    (E'\n\n', 'The file is empty.', 'empty lines'),
    (E'a,b\n1,2', 'The file has neither a column "Handle" nor "Title".', 'another table'),
    (E'"Title,x\n1', 'The file cannot be read: its first row opens a quote and never closes it.', 'an open quote')) f (csv, answer, what);
SELECT is((pg_temp.import('Nora', '') ->> 'http')::integer, 422, 'no file is none');
SELECT is(pg_temp.status('Nora', 'POST /api/seller/products/import', '{"csv": "x"}'), 415, 'JSON is no file');
SELECT is(pg_temp.import('Nora', E'Title,Price\nx,1\n' || repeat('y', 17 * 1024 * 1024)) ->> 'http', '413', 'nor is a larger one than is read');
SELECT is(pg_temp.import('Nora', E'Title\n' || repeat(E'x\n', 50001)) #>> '{errors,csv,0}', 'The file has more than 50000 rows.', 'rows have a limit');
SELECT is(pg_temp.said(pg_temp.import('Nora', E'Title,Price,Description\nBig,1,"' || repeat('y', 1200000) || E'"\nSmall,1,\n')), '2 failed | The row is too long.', 'so has a row');

-- Who may.
SELECT is((pg_temp.import('Sam', 'Title,Price') ->> 'http')::integer, 403, 'staff need the permission');
INSERT INTO qutecart.shop_member_permissions (shop_id, user_id, permission_id)
    SELECT pg_temp.id('Teas'), pg_temp.id('Sam'), p.id FROM qutecart.permissions p WHERE p.name = 'shop.bulk-product-import.store';
SELECT is(pg_temp.counts(pg_temp.import('Sam', E'Title,Price,Option1 value,Product image URL\nBy Sam,1,S,https://x.example/1.jpg\nBy Sam,2,M,https://x.example/2.jpg\n')),
    '1 0 0 0 0', 'and then import variants and pictures, with no other');
SELECT is((pg_temp.import('Sam', E'Title,Price\nBy Sam,2\n', '?overwrite=true') ->> 'http')::integer, 403, 'overwriting needs the permission to edit');
SELECT is((pg_temp.import('Carl', 'Title') ->> 'http')::integer, 404, 'a customer has no shop');
SELECT is((pg_temp.import(NULL, 'Title') ->> 'http')::integer, 401, 'nobody has none');

-- The same in SQL.
SELECT is(pg_temp.sql_as('Vera', 'SELECT qutecart.import_products(teas) #>> ''{data,unchanged}'' FROM file'), '36', 'SQL clients import as well');
SELECT is(pg_temp.sql_as('Vera', 'SELECT qutecart.import_products(E''Title,Price\nNew,1'') #>> ''{data,created}'''), '1', 'into their own shop');
SELECT is(pg_temp.sql_as(NULL, 'SELECT qutecart.import_products(''Title'')'), 'refused QC401', 'nobody into none');
-- After the plan's first refusal no new product is tried, but known ones still are.
SELECT qutecart.set_subscription(pg_temp.id('Teas'), 'free', 'canceled') \g /dev/null
SELECT is(pg_temp.counts(pg_temp.import('Vera', E'Title,Price\nOne More,1\nBy Sam,5\nTwo More,bad\nThree More,1\n', '?overwrite=1')), '0 1 0 2 1',
    'over the limit known products are updated and wrong ones named');
SELECT is((SELECT price FROM qutecart.products WHERE handle = 'by-sam'), 5.00, 'in earnest');
SELECT is_empty('SELECT * FROM qutecart.usage_audit()', 'the counters are right at the end');
SELECT is_empty('SELECT * FROM qutecart.catalogue_audit()', 'and the catalogue');
SELECT * FROM finish();
