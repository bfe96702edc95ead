-- functions/webhook_events.sql
-- What a shop's endpoints can be told.

CREATE FUNCTION qutecart.list_webhook_event_types() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_webhook_event_types';
COMMENT ON FUNCTION qutecart.list_webhook_event_types() IS
    'The events that a shop''s webhooks can be told. Returns {message, data: {event_types: [{type, description, schema}]}}; schema: where its JSON Schema is.';

CREATE FUNCTION qutecart.list_webhook_schemas() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_webhook_schemas';
COMMENT ON FUNCTION qutecart.list_webhook_schemas() IS
    'The JSON Schemas (2020-12) of all webhook messages. Returns {message, data: {schemas: {type: schema}}}.';

CREATE FUNCTION qutecart.read_webhook_schema(type text) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_webhook_schema';
COMMENT ON FUNCTION qutecart.read_webhook_schema(text) IS
    'The JSON Schema (2020-12) of one type of webhook message, as it is. Errors: not_found.';

SELECT qutecart.route('GET /api/webhooks/event-types', 'qutecart.list_webhook_event_types');
SELECT qutecart.route('GET /api/webhooks/schemas', 'qutecart.list_webhook_schemas');
SELECT qutecart.route('GET /api/webhooks/schemas/{type}', 'qutecart.read_webhook_schema');
