-- test/pgtap/orders.sql
-- A customer orders; the shop sees it; nobody else does.
SELECT plan(30);

INSERT INTO qutecart.users (name, email) VALUES
    ('Cora', 'cora@x.example'), ('Owen', 'owen@x.example'), ('Dina', 'dina@x.example'), ('Olga', 'olga@x.example');
INSERT INTO qutecart.shops (name, delivery_charge, min_order_amount) VALUES ('Teas', 5, 0), ('Cups', 0, 10);
CREATE TEMP TABLE who AS
    SELECT u.id, u.name, row_number() OVER (ORDER BY u.id) AS n FROM qutecart.users u WHERE u.email LIKE '%@x.example';
CREATE TEMP TABLE shop AS SELECT id, name FROM qutecart.shops;
INSERT INTO qutecart.shop_members (shop_id, user_id, role)
    SELECT s.id, w.id, 'owner' FROM shop s JOIN who w ON (s.name, w.name) IN (('Teas', 'Owen'), ('Cups', 'Olga'));
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
    SELECT w.id, sha256(convert_to('token of ' || w.name, 'UTF8')), now() + interval '1 day' FROM who w;
INSERT INTO qutecart.products (shop_id, name, handle, price, discount_price, quantity, min_order_quantity)
    SELECT s.id, p.name, lower(p.name), p.price, p.discount, p.quantity, p.least
    FROM (VALUES ('Teas', 'Green', 10, 0, 5, 1), ('Teas', 'Pot', 30, 25, 2, 1), ('Teas', 'Bulk', 1, 0, 500, 50),
                 ('Cups', 'Mug', 3.5, 0, 100, 1)) AS p(shop, name, price, discount, quantity, least)
    JOIN shop s ON s.name = p.shop;
CREATE TEMP TABLE product AS SELECT id, name, shop_id FROM qutecart.products;
INSERT INTO qutecart.product_variants (shop_id, product_id, option1_value, price, quantity)
    SELECT p.shop_id, p.id, v.colour, v.price, 1
    FROM product p, (VALUES ('Red', 24), ('Blue', 26)) AS v(colour, price) WHERE p.name = 'Pot';
CREATE TEMP TABLE variant AS SELECT id, option1_value AS colour FROM qutecart.product_variants;
GRANT SELECT ON who, shop, product, variant TO qutecart_client;

-- The lines of an order as JSON: product name, quantity, variant.
CREATE FUNCTION pg_temp.lines(VARIADIC spec text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(jsonb_build_object('product_id', (SELECT id FROM product WHERE name = split_part(s, '*', 1)),
        'quantity', split_part(s, '*', 2)::integer,
        'variant_id', (SELECT id FROM variant WHERE colour = split_part(s, '*', 3))))
    FROM unnest(spec) s $$;
-- What a signed-in person's statement answers; the transaction it runs in ends with it.
CREATE FUNCTION pg_temp.as_user(name text, statement text, act_as text DEFAULT NULL) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE answer jsonb;
BEGIN
    BEGIN
        IF name IS NOT NULL THEN PERFORM qutecart.enter('token of ' || name, NULL, act_as); END IF;
        SET LOCAL ROLE qutecart_client;
        EXECUTE statement INTO answer;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN RETURN answer;
    END;
END $$;
-- The same, but what it does stays.
CREATE FUNCTION pg_temp.do_as(name text, statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE reply record;
BEGIN
    SELECT * INTO reply FROM qutecart.http('POST', '/api/orders',
        'authorization: Bearer token of ' || name || E'\ncontent-type: application/json\n', convert_to(statement, 'UTF8'));
    RETURN jsonb_build_object('status', reply.status, 'body', reply.body::jsonb);
END $$;

CREATE TEMP TABLE placed AS SELECT pg_temp.do_as('Cora', jsonb_build_object('products',
    pg_temp.lines('Green*2', 'Pot*1*Red', 'Mug*4'), 'address', '{"name": "Cora", "address_line": "1 Leaf Rd", "x": 1}'::jsonb)::text) AS reply;

SELECT is(reply ->> 'status', '201', 'a customer orders over HTTP') FROM placed;
SELECT is(jsonb_array_length(reply #> '{body,data,orders}'), 2, 'one order per shop') FROM placed;
SELECT is(reply #>> '{body,data,orders,0,payable_amount}', '49.00',
    'an order is the sum of its lines at the variant''s price, plus the shop''s delivery charge') FROM placed;
SELECT is(reply #>> '{body,data,orders,1,payable_amount}', '14.00', 'each shop charges its own delivery') FROM placed;
SELECT is(reply #> '{body,data,orders,0,address}', '{"name": "Cora", "address_line": "1 Leaf Rd"}'::jsonb,
    'of an address the known members are kept') FROM placed;
SELECT ok(reply #>> '{body,data,orders,0,order_code}' ~ '^#RC[0-9]{8}$', 'an order has a code that tells no volume') FROM placed;
SELECT is((SELECT quantity FROM qutecart.products WHERE name = 'Green'), 3, 'stock is taken');
SELECT is((SELECT quantity FROM qutecart.product_variants WHERE option1_value = 'Red'), 0, 'a variant''s stock is taken');
SELECT is((SELECT quantity FROM qutecart.products WHERE name = 'Pot'), 1, 'and its product''s with it');

SELECT is(pg_temp.as_user('Cora', 'SELECT qutecart.list_orders()') #>> '{data,total}', '2', 'the customer lists both');
SELECT is(pg_temp.as_user('Cora', 'SELECT qutecart.list_orders(''DELIVERED'')') #>> '{data,total}', '0',
    'a list can be narrowed to a status, in any case');
SELECT is(pg_temp.as_user('Cora', 'SELECT qutecart.list_orders(NULL, 2, 1)') #>> '{data,orders,0,amount}', '49.00',
    'the second page of one has the older order');
SELECT is(pg_temp.as_user('Owen', 'SELECT qutecart.list_shop_orders()') #>> '{data,total}', '1', 'a shop lists its own');
SELECT is(pg_temp.as_user('Owen', 'SELECT to_jsonb(count(*)) FROM qutecart.orders') #>> '{}', '1', 'and sees no other row in SQL');
SELECT is(pg_temp.as_user('Owen', 'SELECT to_jsonb(count(*)) FROM qutecart.order_lines') #>> '{}', '2', 'nor another line');
SELECT is(pg_temp.as_user('Dina', 'SELECT qutecart.list_orders()') #>> '{data,total}', '0', 'another customer lists nothing');
SELECT is(pg_temp.as_user('Dina', 'SELECT to_jsonb(count(*)) FROM qutecart.orders') #>> '{}', '0', 'and sees no row');
SELECT is(pg_temp.as_user(NULL, 'SELECT to_jsonb(count(*)) FROM qutecart.orders') #>> '{}', '0', 'an anonymous client sees none');
SELECT throws_ok(format('SELECT pg_temp.as_user(''Dina'', ''SELECT qutecart.read_order(%s)'')', (SELECT min(id) FROM qutecart.orders)),
    'QC404', 'order not found', 'another customer''s order does not exist');
SELECT throws_ok('SELECT pg_temp.as_user(''Dina'', ''SELECT qutecart.read_order(999999)'')',
    'QC404', 'order not found', 'as one that never was');
SELECT throws_ok(format('SELECT pg_temp.as_user(''Olga'', ''SELECT qutecart.read_shop_order(%s)'')', (SELECT min(id) FROM qutecart.orders)),
    'QC404', 'order not found', 'another shop''s order does not exist');

-- Refusals, with the orders as they were.
CREATE FUNCTION pg_temp.refused(VARIADIC spec text[]) RETURNS text LANGUAGE sql AS $$
    SELECT (r ->> 'status') || ' ' || (r #>> '{body,code}')
    FROM pg_temp.do_as('Cora', jsonb_build_object('products', pg_temp.lines(VARIADIC spec))::text) r $$;
SELECT is(pg_temp.refused('Green*4'), '422 out_of_stock', 'more than the stock is refused');
SELECT is(pg_temp.refused('Pot*1'), '422 validation_failed', 'a product with several variants wants one named');
SELECT is(pg_temp.refused('Green*-1'), '422 validation_failed', 'a negative quantity is refused');
SELECT is(pg_temp.refused('Bulk*49'), '422 validation_failed', 'less than the least quantity is refused');
SELECT is(pg_temp.refused('Mug*1'), '422 validation_failed', 'less than the shop''s least amount is refused');
SELECT is(pg_temp.refused('Green*1', 'Mug*1'), '422 validation_failed', 'one shop''s refusal takes the other''s order back');
SELECT is((SELECT quantity FROM qutecart.products WHERE name = 'Green'), 3, 'and its stock');
SELECT is((pg_temp.do_as('Cora', '{"products": [{"product_id": 1}], "total_amount": 1}') ->> 'status'), '422',
    'a price from the client is refused');
SELECT is(pg_temp.do_as('Nobody', '{"products": [{"product_id": 1}]}') ->> 'status', '401', 'without a token nobody orders');
SELECT * FROM finish();
