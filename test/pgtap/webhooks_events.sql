-- test/pgtap/webhooks_events.sql
-- What happens in a shop is told to who listens: once, in order, as its schema says, by
-- whatever way it happens.
\ir world/vendors.sql
\ir world/json_schema.sql
SELECT no_plan();
UPDATE qutecart.plans SET features = features || '{"api_access": true}';

-- What was told since the last look, "type to endpoint's description"; each is checked against its schema.
CREATE TABLE tests.seen (id bigint PRIMARY KEY);
CREATE FUNCTION tests.news(shop text DEFAULT 'Teas') RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; wrong text;
BEGIN
    SELECT string_agg(substr(o.kind, 9) || coalesce(' to ' || nullif(w.description, 'all'), ''), ', ' ORDER BY o.id) INTO answer
    FROM qutecart.outbox o LEFT JOIN qutecart.webhook_endpoints w ON w.shop_id = o.shop_id AND w.id = o.endpoint_id
    WHERE o.kind LIKE 'webhook.%' AND o.shop_id = pg_temp.id(shop) AND NOT EXISTS (SELECT FROM tests.seen s WHERE s.id = o.id);
    SELECT string_agg(o.kind || ': ' || e, '; ') INTO wrong FROM qutecart.outbox o
    LEFT JOIN qutecart.webhook_event_types t ON 'webhook.' || t.type = o.kind
    CROSS JOIN LATERAL tests.schema_errors(coalesce(t.schema, '{"const": "no schema"}'), o.payload) e
    WHERE o.kind LIKE 'webhook.%' AND NOT EXISTS (SELECT FROM tests.seen s WHERE s.id = o.id);
    INSERT INTO tests.seen SELECT o.id FROM qutecart.outbox o ON CONFLICT DO NOTHING;
    RETURN concat_ws(' BUT ', coalesce(answer, 'nothing'), wrong);
END $$;
CREATE FUNCTION tests.last(what text) RETURNS jsonb LANGUAGE sql AS
    $$SELECT o.payload -> 'data' FROM qutecart.outbox o WHERE o.kind = 'webhook.' || what ORDER BY o.id DESC LIMIT 1$$;

-- The validator itself.
SELECT is(ARRAY(SELECT tests.schema_errors('{"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer", "minimum": 2}, "c": {"enum": [1]},
    "d": {"type": ["string", "null"], "format": "date-time"}, "e": {"type": "array", "items": {"$ref": "#/$defs/x"}}}, "$defs": {"x": {"const": 1}}}',
    '{"a": 1.5, "c": 2, "d": "today", "e": [1, 2], "f": 0}') ORDER BY 1), ARRAY['$.a is below 2', '$.a is number, not "integer"', '$.b is missing', '$.c is none of [1]',
    '$.d is no time in UTC', '$.e[] is not 1', '$.f is not documented'], 'the schemas of this test find what is wrong');

-- Nobody listens.
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', '{"name": "Oolong", "price": 8, "quantity": 30}'), 201, 'a product is created');
SELECT is(tests.news(), 'nothing', 'where nobody listens nothing is enqueued');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/", "description": "all"}'), 201, 'somebody listens');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/", "description": "till", "event_types": ["order.created", "order.paid"]}'), 201, 'somebody to orders');
SELECT is(pg_temp.status('Nora', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/", "description": "all"}'), 201, 'another shop does as well');

-- Products, over HTTP.
CREATE TEMP TABLE tea AS SELECT (pg_temp.call('Vera', 'POST /api/seller/products', '{"name": "Green Tea", "price": 12.5, "quantity": 20, "code": "G1", "tags": ["green"],
    "variants": [{"option1_name": "Size", "option1_value": "S", "quantity": 12, "sku": "G1-S"}, {"option1_name": "Size", "option1_value": "L", "quantity": 8, "price": 20}]}') #>> '{data,product,id}')::bigint AS id;
SELECT is(tests.news(), 'product.created', 'a product with variants is told once, to who wants it');
SELECT is(row(p -> 'name', p -> 'price', p -> 'quantity', jsonb_path_query_array(p, '$.variants[*].option1_value'), p -> 'code')::text,
    row('"Green Tea"'::jsonb, '12.50'::jsonb, '20'::jsonb, '["S", "L"]'::jsonb, '"G1"'::jsonb)::text, 'with its variants') FROM (SELECT tests.last('product.created') -> 'product' AS p) x;
SELECT is(o.key, 'product:' || (SELECT id FROM tea), 'O12: its messages leave in order') FROM qutecart.outbox o WHERE o.kind = 'webhook.product.created';
SELECT is(o.lane, (o.endpoint_id << 3) | 1, 'O13: in the queue of the endpoint') FROM qutecart.outbox o WHERE o.kind = 'webhook.product.created';
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id, '{"price": 13, "variants": [{"option1_name": "Size", "option1_value": "L", "quantity": 9}]}'), 200, 'changed') FROM tea;
SELECT is(tests.news(), 'product.updated', 'a change of product and variants is told once');
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id, '{"price": 13}'), 200, 'changed to what it was') FROM tea;
SELECT is(tests.news(), 'nothing', 'what changes nothing is not told');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products/' || id || '/status'), 200, 'switched off') FROM tea;
SELECT is(tests.news(), 'product.updated', 'switching it off is a change');
SELECT is(tests.last('product.updated') #> '{product,is_active}', 'false', 'which the message shows');
SELECT is(pg_temp.status('Vera', 'DELETE /api/seller/products/' || id), 200, 'deleted') FROM tea;
SELECT is(tests.news(), 'product.deleted', 'so is deleting');
SELECT is(tests.last('product.deleted') -> 'product', jsonb_build_object('id', id, 'name', 'Green Tea', 'handle', 'green-tea', 'code', 'G1'), 'of which its names are told') FROM tea;

-- Products, in SQL.
SELECT is(pg_temp.sql_as('Vera', format($$INSERT INTO qutecart.products (shop_id, name, handle, price, quantity) VALUES (%s, 'Jug', 'jug', 5, 10), (%1$s, 'Mug', 'mug', 3, 10) RETURNING 'done'$$,
    pg_temp.id('Teas')), true), 'done', 'a SQL client creates two');
SELECT is(tests.news(), 'product.created, product.created', 'each is told');
SELECT is(pg_temp.sql_as('Vera', $$UPDATE qutecart.products SET price = price + 1 WHERE name IN ('Jug', 'Mug') RETURNING 'done'$$, true), 'done', 'changes them');
SELECT is(tests.news(), 'product.updated, product.updated', 'and each change');
SELECT is(pg_temp.sql_as('Vera', $$UPDATE qutecart.products SET updated_at = now() WHERE name = 'Jug' RETURNING 'done'$$, true), 'done', 'touches one');
SELECT is(tests.news(), 'nothing', 'but nothing that nobody sees');
SELECT is(pg_temp.sql_as('Vera', $$DELETE FROM qutecart.products WHERE name = 'Mug' RETURNING 'done'$$, true), 'done', 'deletes one');
SELECT is(tests.news(), 'product.deleted', 'a deleted row is told');
BEGIN;
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT pg_temp.id('Teas'), 'Pan', 'pan', 9;
UPDATE qutecart.products SET price = 10 WHERE handle = 'pan';
UPDATE qutecart.products SET price = 11 WHERE handle = 'pan';
COMMIT;
SELECT is(tests.news(), 'product.created', 'several changes in one transaction are told once');
SELECT is(tests.last('product.created') #> '{product,price}', '11.00', 'as they ended');
BEGIN;
SAVEPOINT s;
UPDATE qutecart.products SET price = 12 WHERE handle = 'pan';
ROLLBACK TO s;
UPDATE qutecart.products SET price = 13 WHERE handle = 'pan';
SAVEPOINT t;
UPDATE qutecart.products SET price = 14 WHERE handle = 'pan';
ROLLBACK TO t;
COMMIT;
SELECT is(tests.news() || ' ' || (tests.last('product.updated') #>> '{product,price}'), 'product.updated 13.00', 'savepoints that were rolled back have told nothing');
BEGIN;
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT pg_temp.id('Teas'), 'Lid', 'lid', 9;
UPDATE qutecart.products SET price = 14 WHERE handle IN ('pan', 'lid');
DELETE FROM qutecart.products WHERE handle = 'lid';
UPDATE qutecart.products SET deleted_at = now() WHERE handle = 'pan';
SELECT is(tests.news(), 'product.deleted', 'of what came and went nothing is told, of what changed and went the end');
UPDATE qutecart.products SET deleted_at = NULL, price = 15 WHERE handle = 'pan';
COMMIT;
SELECT is(tests.news(), 'product.updated', 'what went and came back has changed');
UPDATE qutecart.webhook_endpoints SET event_types = '{product.deleted}' WHERE shop_id = pg_temp.id('Teas') AND description = 'all';
BEGIN;
UPDATE qutecart.products SET deleted_at = now() WHERE handle = 'pan';
UPDATE qutecart.products SET deleted_at = NULL WHERE handle = 'pan';
COMMIT;
SELECT is(tests.news(), 'nothing', 'and is not gone for who hears of deleted products alone');
UPDATE qutecart.webhook_endpoints SET event_types = '{}' WHERE shop_id = pg_temp.id('Teas') AND description = 'all';
BEGIN;
INSERT INTO qutecart.orders (shop_id, customer_id, order_code, prefix, total_amount, payable_amount, payment_status) VALUES (pg_temp.id('Teas'), pg_temp.id('Carl'), 'L1', 'RC', 5, 5, 'Paid');
INSERT INTO qutecart.order_lines (shop_id, order_id, product_id, name, quantity, price) SELECT o.shop_id, o.id, p.id, p.name, n, 1 FROM qutecart.orders o, qutecart.products p, generate_series(1, 2) n WHERE o.order_code = 'L1' AND p.handle = 'pan';
COMMIT;
SELECT is(tests.news(), 'order.created, order.created to till, order.paid, order.paid to till', 'an order and its lines are told as one');
SELECT is(array_agg(o.payload #> '{data,order,quantity}'), '{3,3,3,3}', 'with its lines') FROM qutecart.outbox o WHERE o.payload #>> '{data,order,order_code}' = '#RCL1';
BEGIN;
INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT pg_temp.id('Teas'), 'Lid', 'lid', 9;
DELETE FROM qutecart.products WHERE handle = 'lid';
UPDATE qutecart.products SET price = 99 WHERE handle = 'pan';
ROLLBACK;
SELECT is(tests.news(), 'nothing', 'a transaction that fails tells nothing');

-- Orders.
CREATE TEMP TABLE jug AS SELECT id FROM qutecart.products WHERE handle = 'jug';
CREATE TEMP TABLE bought AS SELECT pg_temp.call('Carl', 'POST /api/orders', format('{"products": [{"id": %s, "quantity": 3}], "note": "soon", "address": {"name": "Carl", "phone": "1"}}', id)) AS r FROM jug;
SELECT is(r ->> 'http', '201', 'a customer orders') FROM bought;
SELECT is(tests.news(), 'order.created, order.created to till', 'the shop''s endpoints are told, and not of the stock');
SELECT is(tests.last('order.created') -> 'order', r #> '{data,orders,0}', 'in the words of the API, with the lines') FROM bought;
SELECT is(pg_temp.call('Carl', 'POST /api/orders', format('{"products": [{"id": %s, "quantity": 300}]}', id)) ->> 'code', 'out_of_stock', 'an order that fails') FROM jug;
SELECT is(tests.news(), 'nothing', 'is not told');
SELECT is(pg_temp.status('Vera', 'PUT /api/seller/products/' || id, '{"quantity": 8}'), 200, 'the vendor counts his stock') FROM jug;
SELECT is(tests.news(), 'product.updated', 'which is a change');
UPDATE qutecart.orders SET order_status = 'Confirm', payment_status = 'Paid' WHERE id = (SELECT (r #>> '{data,orders,0,id}')::bigint FROM bought);
SELECT is(tests.news(), 'order.status_changed, order.paid, order.paid to till', 'its status and payment are told, each once');
SELECT is(tests.last('order.status_changed') - 'order', jsonb_build_object('shop_id', pg_temp.id('Teas'), 'from', 'Pending', 'to', 'Confirm'), 'from which status to which');
UPDATE qutecart.orders SET note = 'later', payment_status = 'Paid', order_status = 'Confirm' WHERE order_code <> 'L1';
SELECT is(tests.news(), 'nothing', 'what stays as it was is not');
UPDATE qutecart.orders SET order_status = 'Delivered', delivered_at = now() WHERE order_code <> 'L1';
SELECT is(tests.news(), 'order.status_changed', 'delivered');
INSERT INTO qutecart.orders (shop_id, customer_id, order_code, prefix, total_amount, payable_amount, payment_status) VALUES (pg_temp.id('Teas'), pg_temp.id('Carl'), 'P1', 'RC', 5, 5, 'Paid');
SELECT is(tests.news(), 'order.created, order.created to till, order.paid, order.paid to till', 'an order that comes in paid is told as both, in this order');
SELECT is(array_agg(DISTINCT o.key = 'order:' || (o.payload #>> '{data,order,id}')), '{t}', 'O12: an order''s messages leave in order') FROM qutecart.outbox o WHERE o.kind LIKE 'webhook.order.%';

-- Returns.
SELECT is(pg_temp.status('Carl', 'POST /api/return-orders', format('{"order_id": %s, "reason": "broken", "product_ids": [%s], "bank_account_number": "DE00", "return_address": "Street 1"}',
    r #>> '{data,orders,0,id}', jug.id)), 200, 'a return') FROM bought, jug;
SELECT is(tests.news(), 'order.returned', 'is told');
SELECT is((tests.last('order.returned') -> 'return') - '{id,order_id,order_code,created_at,products}'::text[], '{"reason": "broken", "amount": 18.00, "status": "Pending",
    "payment_status": "Unpaid", "reject_note": null, "return_address": "Street 1"}', 'without the bank account');
INSERT INTO qutecart.return_orders (shop_id, order_id, customer_id, amount, bank_account_number, reason, return_address) SELECT shop_id, id, customer_id, 5, 'x', 'y', 'z' FROM qutecart.orders WHERE order_code = 'P1';
SELECT is(tests.news(), 'order.returned', 'so is one that an operator writes');

-- Stock.
UPDATE qutecart.products SET quantity = 8 WHERE handle = 'jug';
SELECT is(tests.news(), 'nothing', 'the stock is as it was');
SELECT is(pg_temp.status('Carl', 'POST /api/orders', format('{"products": [{"id": %s, "quantity": 2}]}', id)), 201, 'six are left') FROM jug;
SELECT is(tests.news(), 'order.created, order.created to till', 'which is enough');
SELECT is(pg_temp.status('Carl', 'POST /api/orders', format('{"products": [{"id": %s, "quantity": 1}]}', id)), 201, 'five are left') FROM jug;
SELECT is(tests.news(), 'stock.low, order.created, order.created to till', 'which is low');
SELECT is(tests.last('stock.low'), jsonb_build_object('shop_id', pg_temp.id('Teas'), 'threshold', 5, 'product', jsonb_build_object('id', id, 'name', 'Jug', 'handle', 'jug', 'code', NULL, 'quantity', 5)),
    'and says how low') FROM jug;
SELECT is(pg_temp.status('Carl', 'POST /api/orders', format('{"products": [{"id": %s, "quantity": 1}]}', id)), 201, 'four are left') FROM jug;
SELECT is(tests.news(), 'order.created, order.created to till', 'which was said already');
SELECT is(pg_temp.sql_as('Vera', $$UPDATE qutecart.products SET quantity = 9 WHERE name = 'Jug' RETURNING 'done'$$, true), 'done', 'restocked');
SELECT is(tests.news(), 'product.updated', 'restocking is a change');
SELECT is(pg_temp.sql_as('Vera', $$UPDATE qutecart.products SET quantity = 0 WHERE name = 'Jug' RETURNING 'done'$$, true), 'done', 'sold out');
SELECT is(tests.news(), 'product.updated, stock.low', 'after that it is said again');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/shop/settings', '{"low_stock_threshold": 2}'), 200, 'a shop sets its own threshold');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/shop/settings', '{"low_stock_threshold": -1}'), 422, 'that is a quantity');
UPDATE qutecart.products SET quantity = 9 WHERE handle = 'jug';
UPDATE qutecart.products SET quantity = 3 WHERE handle = 'jug';
SELECT is(tests.news(), 'product.updated, product.updated', 'three are enough then');
UPDATE qutecart.products SET quantity = 2 WHERE handle = 'jug';
SELECT is(tests.news(), 'product.updated, stock.low', 'two are not');

-- Payouts.
CREATE TEMP TABLE payout AS SELECT qutecart.create_payout(pg_temp.id('Teas'), 120.50, NULL, 'TR-1') AS id;
SELECT is(tests.news(), 'payout.created', 'a payout is told');
SELECT is((tests.last('payout.created') -> 'payout') - '{id,created_at}'::text[], '{"amount": 120.50, "currency": "USD", "status": "pending", "reference": "TR-1", "reason": null, "settled_at": null}', 'with its amount');
SELECT lives_ok(format('SELECT qutecart.settle_payout(%s, %s, %L)', pg_temp.id('Teas'), id, 'paid'), 'it arrives') FROM payout;
SELECT is(tests.news(), 'payout.paid', 'which is told');
SELECT throws_ok(format('SELECT qutecart.settle_payout(%s, %s, %L)', pg_temp.id('Teas'), id, 'failed'), 'QC409', NULL, 'once settled it stays so') FROM payout;
SELECT throws_ok(format('SELECT qutecart.settle_payout(%s, %s, %L)', pg_temp.id('Cups'), id, 'failed'), 'QC404', NULL, 'another shop has no such payout') FROM payout;
SELECT throws_ok(format('SELECT qutecart.create_payout(%s, %s)', pg_temp.id('Teas'), a.amount), 'QC422', NULL, a.amount || ' is nothing to pay') FROM (VALUES ('0'), ('-1'), ('0.001'), ('NULL')) a (amount);
SELECT throws_ok('SELECT qutecart.create_payout(99999999, 1)', 'QC404', NULL, 'nor is there anybody without a shop');
INSERT INTO qutecart.payouts (shop_id, amount, currency) VALUES (pg_temp.id('Teas'), 1, 'EUR');
UPDATE qutecart.payouts SET status = 'failed', reason = 'no such account', settled_at = now() WHERE currency = 'EUR';
SELECT is(tests.news(), 'payout.created, payout.failed', 'written by hand it is told as well');
SELECT is(pg_temp.sql_as('Vera', 'SELECT count(*) FROM qutecart.payouts') || pg_temp.sql_as(NULL, 'SELECT count(*) FROM qutecart.payouts'), '20', 'a shop sees its payouts');
SELECT is(pg_temp.sql_as('Vera', s.statement), 'refused 42501', 'and may not ' || left(s.statement, 20)) FROM (VALUES ('SELECT qutecart.create_payout(1, 1)'), ('SELECT qutecart.settle_payout(1, 1, ''paid'')'),
    ('INSERT INTO qutecart.payouts (amount) VALUES (1)'), ('UPDATE qutecart.payouts SET amount = 1')) s (statement);

-- Usage and subscription.
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) SELECT pg_temp.id('Teas'), 'products', 5;
SELECT is(pg_temp.status('Vera', 'POST /api/seller/products', '{"name": "Fourth", "price": 1}'), 201, 'the fourth of five products');
SELECT is(tests.news(), 'usage.threshold_reached, product.created', 'is told when it is written');
SELECT is(tests.last('usage.threshold_reached') - 'shop_id', '{"shop_name": "Teas", "limit_type": "products", "plan_name": "Free", "percent": 80, "current": 4, "limit": 5, "unit": "products"}', 'with limit and usage');
SELECT qutecart.set_subscription(pg_temp.id('Teas'), 'growth');
SELECT is(tests.news(), 'subscription.changed', 'a plan that begins is told');
SELECT is(tests.last('subscription.changed') -> 'plan', '"growth"', 'by its name');

-- Not told.
SELECT is(tests.news('Cups'), 'nothing', 'another shop was told of nothing');
SET qutecart.restoring = on;
UPDATE qutecart.products SET price = price + 1; UPDATE qutecart.orders SET order_status = 'Cancelled';
RESET qutecart.restoring;
SELECT is(tests.news(), 'nothing', 'while a dump is restored nothing is told');
UPDATE qutecart.plans SET features = features || '{"api_access": false}';
UPDATE qutecart.products SET price = price + 1; UPDATE qutecart.orders SET order_status = 'Pending';
SELECT is(tests.news(), 'nothing', 'without api_access nothing is told');
UPDATE qutecart.plans SET features = features || '{"api_access": true}';
UPDATE qutecart.webhook_endpoints SET is_enabled = false, disabled_reason = 'failing', disabled_at = now();
UPDATE qutecart.products SET price = price + 1 WHERE handle = 'jug';
SELECT is(tests.news(), 'nothing', 'a disabled endpoint is told nothing');
UPDATE qutecart.webhook_endpoints SET is_enabled = true, disabled_reason = NULL, disabled_at = NULL WHERE description = 'all' AND shop_id = pg_temp.id('Teas');
UPDATE qutecart.products SET price = price + 1 WHERE handle = 'jug';
SELECT is(tests.news(), 'product.updated', 'an enabled one at once');
SELECT is((SELECT count(DISTINCT o.kind) FROM qutecart.outbox o WHERE o.kind LIKE 'webhook.%'), (SELECT count(*) - 1 FROM qutecart.webhook_event_types), 'every type of event but the test was caused here');
SELECT * FROM finish();
