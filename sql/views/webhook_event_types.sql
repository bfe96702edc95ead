-- sql/views/webhook_event_types.sql
-- What a shop's endpoints can be told, and the JSON Schema (2020-12) of each message.
--
-- A schema only ever gains optional members; anything else is another api_version.
CREATE OR REPLACE VIEW qutecart.webhook_event_types WITH (security_invoker = true) AS
    WITH parts (name, schema) AS (VALUES
        ('order', '{
            "type": "object",
            "required": ["id", "shop_id", "order_code", "quantity", "payable_amount", "currency", "payment_status", "order_status", "created_at", "products"],
            "properties": {
                "id": {"type": "integer"},
                "shop_id": {"type": "integer"},
                "order_code": {"type": "string", "description": "As people read it, with # and prefix."},
                "quantity": {"type": "integer", "description": "Pieces in all."},
                "amount": {"type": "number", "description": "The same as payable_amount."},
                "total_amount": {"type": "number", "minimum": 0},
                "discount": {"type": "number", "minimum": 0},
                "coupon_discount": {"type": "number", "minimum": 0},
                "delivery_charge": {"type": "number", "minimum": 0},
                "tax_amount": {"type": "number", "minimum": 0},
                "payable_amount": {"type": "number", "minimum": 0, "description": "total_amount + delivery_charge + tax_amount - discount."},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "payment_method": {"enum": ["Cash Payment", "Online Payment"]},
                "payment_status": {"enum": ["Pending", "Paid"]},
                "order_status": {"enum": ["Pending", "Confirm", "Processing", "Pickup", "On The Way", "Delivered", "Cancelled"]},
                "created_at": {"type": "string", "format": "date-time"},
                "placed_at": {"type": "string", "description": "created_at for people."},
                "address": {"type": ["object", "null"], "properties": {
                    "name": {"type": ["string", "null"]},
                    "phone": {"type": ["string", "null"]},
                    "area": {"type": ["string", "null"]},
                    "flat_no": {"type": ["string", "null"]},
                    "post_code": {"type": ["string", "null"]},
                    "address_line": {"type": ["string", "null"]},
                    "address_line2": {"type": ["string", "null"]},
                    "address_type": {"type": ["string", "null"]},
                    "latitude": {"type": ["string", "number", "null"]},
                    "longitude": {"type": ["string", "number", "null"]}}},
                "note": {"type": ["string", "null"]},
                "products": {"type": "array", "items": {
                    "type": "object",
                    "required": ["id", "name", "order_qty", "price"],
                    "properties": {
                        "id": {"type": "integer"},
                        "variant_id": {"type": ["integer", "null"]},
                        "name": {"type": "string"},
                        "sku": {"type": ["string", "null"]},
                        "options": {"type": ["string", "null"]},
                        "order_qty": {"type": "integer", "minimum": 1},
                        "price": {"type": "number", "minimum": 0, "description": "Of one piece, when it was ordered."}}}}}}'::jsonb),
        ('product', '{
            "type": "object",
            "required": ["id", "name", "handle", "price", "discount_price", "quantity", "is_active", "is_approved", "variants"],
            "properties": {
                "id": {"type": "integer"},
                "name": {"type": "string"},
                "handle": {"type": "string"},
                "code": {"type": ["string", "null"]},
                "short_description": {"type": ["string", "null"]},
                "price": {"type": "number", "minimum": 0},
                "discount_price": {"type": "number", "minimum": 0, "description": "What it costs while this is above 0."},
                "quantity": {"type": "integer", "minimum": 0},
                "min_order_quantity": {"type": "integer", "minimum": 1},
                "brand": {"type": ["string", "null"]},
                "product_type": {"type": ["string", "null"]},
                "tags": {"type": "array", "items": {"type": "string"}},
                "is_active": {"type": "boolean"},
                "is_approved": {"type": "boolean"},
                "is_featured": {"type": "boolean"},
                "is_digital": {"type": "boolean"},
                "created_at": {"type": "string", "format": "date-time"},
                "updated_at": {"type": "string", "format": "date-time"},
                "variants": {"type": "array", "items": {
                    "type": "object",
                    "required": ["id", "price", "quantity"],
                    "properties": {
                        "id": {"type": "integer"},
                        "option1_name": {"type": ["string", "null"]},
                        "option1_value": {"type": ["string", "null"]},
                        "option2_name": {"type": ["string", "null"]},
                        "option2_value": {"type": ["string", "null"]},
                        "option3_name": {"type": ["string", "null"]},
                        "option3_value": {"type": ["string", "null"]},
                        "sku": {"type": ["string", "null"]},
                        "barcode": {"type": ["string", "null"]},
                        "price": {"type": "number", "minimum": 0},
                        "compare_at_price": {"type": ["number", "null"]},
                        "quantity": {"type": "integer", "minimum": 0}}}}}}'),
        ('product_in_brief', '{
            "type": "object",
            "required": ["id", "name", "handle", "code"],
            "properties": {
                "id": {"type": "integer"},
                "name": {"type": "string"},
                "handle": {"type": "string"},
                "code": {"type": ["string", "null"]},
                "quantity": {"type": "integer", "minimum": 0}}}'),
        ('return', '{
            "type": "object",
            "required": ["id", "order_id", "order_code", "reason", "amount", "status", "payment_status", "products"],
            "properties": {
                "id": {"type": "integer"},
                "order_id": {"type": "integer"},
                "order_code": {"type": "string"},
                "reason": {"type": "string"},
                "amount": {"type": "number", "minimum": 0},
                "status": {"enum": ["Pending", "Approved", "Damaged", "Mismatch", "Refunded", "Cancelled"]},
                "payment_status": {"enum": ["Paid", "Unpaid"]},
                "reject_note": {"type": ["string", "null"]},
                "return_address": {"type": ["string", "null"]},
                "created_at": {"type": "string", "format": "date-time"},
                "products": {"type": "array", "items": {
                    "type": "object",
                    "required": ["id", "name", "quantity", "price"],
                    "properties": {
                        "id": {"type": "integer"},
                        "name": {"type": "string"},
                        "quantity": {"type": "integer", "minimum": 1},
                        "price": {"type": "number", "minimum": 0}}}}}}'),
        ('payout', '{
            "type": "object",
            "required": ["id", "amount", "currency", "status", "created_at"],
            "properties": {
                "id": {"type": "integer"},
                "amount": {"type": "number", "exclusiveMinimum": 0},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "status": {"enum": ["pending", "paid", "failed"]},
                "reference": {"type": ["string", "null"], "description": "Of the bank transfer."},
                "reason": {"type": ["string", "null"], "description": "Why it failed."},
                "created_at": {"type": "string", "format": "date-time"},
                "settled_at": {"type": ["string", "null"], "format": "date-time"}}}')),
    events (type, description, part, members) AS (VALUES
        ('order.created', 'A customer has ordered.', 'order', '{"order": {"$ref": "#/$defs/order"}}'::jsonb),
        ('order.paid', 'An order''s payment_status has become Paid.', 'order', '{"order": {"$ref": "#/$defs/order"}}'),
        ('order.returned', 'A customer wants to return products of an order.', 'return', '{"return": {"$ref": "#/$defs/return"}}'),
        ('order.status_changed', 'An order''s order_status has changed.', 'order',
            '{"from": {"type": "string"}, "to": {"type": "string"}, "order": {"$ref": "#/$defs/order"}}'),
        ('payout.created', 'A payout to the shop is on its way.', 'payout', '{"payout": {"$ref": "#/$defs/payout"}}'),
        ('payout.failed', 'A payout has failed.', 'payout', '{"payout": {"$ref": "#/$defs/payout"}}'),
        ('payout.paid', 'A payout has been paid.', 'payout', '{"payout": {"$ref": "#/$defs/payout"}}'),
        ('product.created', 'A product was added, also one by one of an import.', 'product', '{"product": {"$ref": "#/$defs/product"}}'),
        ('product.deleted', 'A product was deleted.', 'product_in_brief', '{"product": {"$ref": "#/$defs/product_in_brief"}}'),
        ('product.updated', 'Something visible of a product has changed; stock that an order took is no change.', 'product',
            '{"product": {"$ref": "#/$defs/product"}}'),
        ('stock.low', 'A product''s quantity has fallen to the threshold or below; told again only after it was above.', 'product_in_brief',
            '{"product": {"$ref": "#/$defs/product_in_brief"}, "threshold": {"type": "integer"}}'),
        ('subscription.changed', 'The shop''s plan, or the state of its subscription, has changed.', NULL, '{
            "subscription": {"type": ["string", "null"]}, "previous_status": {"type": "string"}, "status": {"type": "string"},
            "previous_plan": {"type": ["string", "null"]}, "plan": {"type": "string"}, "pending_plan": {"type": ["string", "null"]},
            "cancel_at_period_end": {"type": "boolean"}, "trial_ends_at": {"type": ["string", "null"], "format": "date-time"},
            "ends_at": {"type": ["string", "null"], "format": "date-time"}, "grace_ends_at": {"type": ["string", "null"], "format": "date-time"}}'),
        ('test.ping', 'Sent when it is asked for, to try an endpoint out.', NULL, '{"webhook_id": {"type": "integer"}}'),
        ('usage.threshold_reached', 'The shop has reached 80, 90 or 100 percent of a limit of its plan.', NULL, '{
            "shop_name": {"type": "string"}, "limit_type": {"enum": ["products", "orders", "storage", "staff"]}, "plan_name": {"type": "string"},
            "percent": {"enum": [80, 90, 100]}, "current": {"type": "integer", "minimum": 0}, "limit": {"type": "integer", "minimum": 0},
            "unit": {"type": "string", "description": "MB (2^20 bytes) for storage, else what is counted."}}'))
    SELECT e.type, e.description,
           e.type <> 'test.ping' AS is_selectable,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
               '$schema', 'https://json-schema.org/draft/2020-12/schema',
               '$id', '/api/webhooks/schemas/' || e.type,
               'title', e.type,
               'description', e.description,
               'type', 'object',
               'required', '["type", "timestamp", "data"]'::jsonb,
               'properties', pg_catalog.jsonb_build_object(
                   'type', pg_catalog.jsonb_build_object('const', e.type),
                   'timestamp', '{"type": "string", "format": "date-time"}'::jsonb,
                   'data', pg_catalog.jsonb_build_object(
                       'type', 'object',
                       'required', (SELECT pg_catalog.jsonb_agg(k.name ORDER BY k.name)
                           FROM (SELECT 'shop_id' UNION ALL SELECT pg_catalog.jsonb_object_keys(e.members)) k (name)),
                       'properties', '{"shop_id": {"type": "integer"}}'::jsonb || e.members)),
               '$defs', (SELECT pg_catalog.jsonb_build_object(p.name, p.schema) FROM parts p WHERE p.name = e.part))) AS schema
    FROM events e;
COMMENT ON VIEW qutecart.webhook_event_types IS
    'global: events that a shop''s endpoints can be told, with the JSON Schema of what is sent. is_selectable: may stand in an endpoint''s event_types.';
GRANT SELECT ON qutecart.webhook_event_types TO qutecart_api, qutecart_bi;
