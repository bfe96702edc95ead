-- test/pgtap/returns.sql
-- A customer gives back what was delivered to him; the shop decides; nobody else sees it.
\ir world/vendors.sql
SELECT no_plan();
INSERT INTO qutecart.users (name, email) VALUES ('Dora', 'dora@x.example');
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at) SELECT id, sha256('token of Dora'), now() + interval '1 day' FROM qutecart.users WHERE name = 'Dora';
INSERT INTO qutecart.products (shop_id, name, handle, price, quantity) VALUES (pg_temp.id('Teas'), 'Jug', 'jug', 5.5, 90), (pg_temp.id('Teas'), 'Mug', 'mug', 3, 90), (pg_temp.id('Teas'), 'Pan', 'pan', 9, 90);
CREATE FUNCTION pg_temp.p(text) RETURNS bigint LANGUAGE sql AS 'SELECT id FROM qutecart.products WHERE handle = $1';
CREATE TEMP TABLE bought AS SELECT (pg_temp.call('Carl', 'POST /api/orders', format('{"products": [{"id": %s, "quantity": 3}, {"id": %s, "quantity": 1}]}', pg_temp.p('jug'), pg_temp.p('mug')))
    #>> '{data,orders,0,id}')::bigint AS id;
CREATE FUNCTION pg_temp.wish(products bigint[], more text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$SELECT (jsonb_build_object('order_id', id, 'reason', 'broken', 'product_ids', to_jsonb(products),
    'bank_account_number', 'DE00 1234', 'return_address', 'Street 1') || more::jsonb)::text FROM bought$$;

SELECT is(pg_temp.call('Carl', 'POST /api/return-orders', '{}') -> 'errors', '{"order_id": ["The order id field is required."], "reason": ["The reason field is required."],
    "product_ids": ["The product ids field is required."], "bank_account_number": ["The bank account number field is required."], "return_address": ["The return address field is required."]}',
    'one answer names every field that is missing');
SELECT is(pg_temp.call('Carl', 'POST /api/return-orders', pg_temp.wish(ARRAY[pg_temp.p('jug')])) ->> 'message', 'This Order is not Delivered yet', 'what was not delivered is not returned');
UPDATE qutecart.orders SET order_status = 'Delivered', delivered_at = now() - interval '4 days';
SELECT is(pg_temp.call('Carl', 'POST /api/return-orders', pg_temp.wish(ARRAY[pg_temp.p('jug')])) ->> 'message', 'Cannot return order after 3 days', 'nor what was delivered long ago');
UPDATE qutecart.settings SET value = '5' WHERE key = 'return_order_within_days';
SELECT is(pg_temp.call('Carl', 'POST /api/return-orders', pg_temp.wish(ARRAY[pg_temp.p('pan')])) ->> 'message', format('Product with ID %s not found in this order', pg_temp.p('pan')), 'nor what was not ordered');
SELECT is(pg_temp.status('Dora', 'POST /api/return-orders', pg_temp.wish(ARRAY[pg_temp.p('jug')])), 404, 'nor by somebody else');
SELECT is(pg_temp.status('Carl', 'POST /api/return-orders', pg_temp.wish(ARRAY[pg_temp.p('jug')], '{"bank_name": "' || repeat('x', 201) || '"}')), 422, 'a bank''s name has an end');
CREATE TEMP TABLE made AS SELECT pg_temp.call('Carl', 'POST /api/return-orders', pg_temp.wish(ARRAY[pg_temp.p('jug'), pg_temp.p('jug')], '{"bank_name": "Bank"}')) AS r;
SELECT is(row(r ->> 'http', r ->> 'message')::text, '(200,"Order return successfully done")', 'within its days it is') FROM made;
SELECT is((r #> '{data,returnOrder}') - '{id,order_id,return_date,customer_phone}'::text[], format('{"reason": "broken", "amount": 16.5, "status": "Pending", "payment_status": "Unpaid", "reject_note": null,
    "return_address": "Street 1", "shop_name": "Teas", "customer_name": "Carl", "customer_email": "carl@x.example", "return_order_products": [{"product_id": %s, "product_name": "Jug", "product_price": 5.50,
    "thumbnail": null, "quantity": 3, "color": null, "size": null, "unit": null, "price": 16.50}]}', pg_temp.p('jug'))::jsonb, 'with all pieces of the product') FROM made;
SELECT is(r #>> '{data,returnOrder,order_id}', o.prefix || o.order_code, 'under the order''s code') FROM made, qutecart.orders o;
SELECT is(pg_temp.call('Carl', 'POST /api/return-orders', pg_temp.wish(ARRAY[pg_temp.p('jug'), pg_temp.p('mug')])) ->> 'message', format('Products with IDs {%s} already returned', pg_temp.p('jug')), 'once');
SELECT is(pg_temp.status('Carl', 'POST /api/return-orders', pg_temp.wish(ARRAY[pg_temp.p('mug')])), 200, 'another product of the order may follow');
CREATE FUNCTION pg_temp.one() RETURNS text LANGUAGE sql AS $$SELECT r #>> '{data,returnOrder,id}' FROM made$$;
SELECT is(row(c #> '{data,total}', jsonb_path_query_array(c, '$.data.returnOrders[*].quantity'))::text, '(2,"[1, 3]")', 'he lists his returns') FROM pg_temp.call('Carl', 'GET /api/return-orders') c;
SELECT is(pg_temp.status('Carl', 'GET /api/return-orders/' || pg_temp.one()), 200, 'and reads one');
SELECT is(pg_temp.call('Dora', 'GET /api/return-orders') #> '{data,total}', '0', 'T18: another customer has none');
SELECT is(pg_temp.status('Dora', 'GET /api/return-orders/' || pg_temp.one()), 404, 'T18: and reads none');

SELECT is(pg_temp.call('Vera', 'GET /api/seller/return-orders') #> '{data,total}', '2', 'the shop lists them');
SELECT is(pg_temp.call('Nora', 'GET /api/seller/return-orders') #> '{data,total}', '0', 'T18: another shop does not');
SELECT is(pg_temp.status('Nora', e.endpoint || pg_temp.one() || e.what, e.body), 404, 'T18: nor may it ' || e.endpoint || '…' || e.what)
FROM (VALUES ('GET /api/seller/return-orders/', '', NULL), ('POST /api/seller/return-orders/', '/status', '{"status": "Approved"}')) e (endpoint, what, body);
SELECT is(pg_temp.status('Sam', e.endpoint, e.body), 403, 'staff without the permission may not ' || left(e.endpoint, 40))
FROM (VALUES ('GET /api/seller/return-orders', NULL), ('GET /api/seller/return-orders/' || pg_temp.one(), NULL), ('POST /api/seller/return-orders/' || pg_temp.one() || '/status', '{"status": "Approved"}')) e (endpoint, body);
SELECT is(pg_temp.call('Vera', 'POST /api/seller/return-orders/' || pg_temp.one() || '/status', '{"status": "Approved"}') #>> '{data,returnOrders,status}', 'Approved', 'the shop decides');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/return-orders/' || pg_temp.one() || '/status', '{"status": "Refunded"}'), 422, 'in one of the words it may say');
UPDATE qutecart.return_orders SET payment_status = true, status = 'Refunded';
SELECT is(pg_temp.call('Vera', 'POST /api/seller/return-orders/' || pg_temp.one() || '/status', '{"status": "Damaged"}') ->> 'code', 'conflict', 'until the customer is refunded');
SELECT is((SELECT string_agg(DISTINCT status, ',') FROM qutecart.return_orders), 'Refunded', 'then it stays as it is');
SELECT is(pg_temp.sql_as('Vera', 'SELECT count(*) FROM qutecart.return_orders JOIN qutecart.return_order_details USING (shop_id)'), '4', 'a SQL client of the shop sees them');
SELECT is(pg_temp.sql_as('Nora', 'SELECT count(*) FROM qutecart.return_orders') || pg_temp.sql_as(NULL, 'SELECT count(*) FROM qutecart.return_order_details'), '00', 'T18: nobody else''s does');
SELECT is(pg_temp.sql_as('Vera', s.statement), 'refused 42501', 'nor may it ' || left(s.statement, 30)) FROM (VALUES ('UPDATE qutecart.return_orders SET amount = 0'), ('DELETE FROM qutecart.return_order_details'),
    ('INSERT INTO qutecart.return_orders (shop_id) VALUES (1)')) s (statement);
SELECT * FROM finish();
