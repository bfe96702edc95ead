-- test/pgtap/http_openapi.sql
-- The OpenAPI document says what the server does.
\ir world/people.sql
\ir world/http.sql
SELECT no_plan();
CREATE TEMP VIEW doc AS SELECT qutecart.openapi()::jsonb AS d;
CREATE TEMP VIEW operations AS
SELECT p.key AS path, m.key AS method, m.value AS o FROM doc, jsonb_each(d -> 'paths') p, jsonb_each(p.value) m;

SELECT is(r ->> 'status', '200', 'everybody may read it') FROM tests.tries('GET', '/api/openapi.json') r;
SELECT is(tests.tries('GET', '/api/openapi.json') -> 'body', d, 'over HTTP as over SQL') FROM doc;
SELECT is(d ->> 'openapi', '3.1.0', 'it is OpenAPI 3.1') FROM doc;
SELECT is(d #>> '{info,version}', (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'qutecart'), 'of this version') FROM doc;
SELECT is(ARRAY(SELECT jsonb_object_keys(d) ORDER BY 1), '{components,info,openapi,paths,servers}', 'with the parts such a document has') FROM doc;

SELECT set_eq('SELECT upper(method), path FROM operations', 'SELECT method, path FROM qutecart.routes', 'it has every route, and no other');
SELECT is(count(DISTINCT o ->> 'operationId'), count(*), 'each operation has a name of its own') FROM operations;
SELECT is(string_agg(o ->> 'operationId', ', '), NULL, 'that is a name in any language') FROM operations WHERE o ->> 'operationId' !~ '^[a-z][A-Za-z0-9_]*$';
SELECT is(string_agg(path, ', '), NULL, 'each says in words what it does') FROM operations WHERE coalesce(o ->> 'summary', '') = '' OR coalesce(o ->> 'description', '') = '';
SELECT is(string_agg(path, ', '), NULL, 'each has one success, and problems') FROM operations
WHERE ARRAY(SELECT jsonb_object_keys(o -> 'responses') ORDER BY 1)::text !~ '^\{2..,4XX,5XX\}$';
SELECT is(string_agg(path, ', '), NULL, 'only what a GET sends stands in no body') FROM operations WHERE method = 'get' AND o ? 'requestBody';
SELECT set_eq($$SELECT path, m[1] FROM operations, regexp_matches(path, '\{([^}]*)\}', 'g') m$$,
    $$SELECT path, p ->> 'name' FROM operations, jsonb_array_elements(o -> 'parameters') p WHERE p ->> 'in' = 'path'$$,
    'the parameters of a path are declared, and no other');
SELECT is(string_agg(path, ', '), NULL, 'and always required') FROM operations, jsonb_array_elements(o -> 'parameters') p
WHERE p ->> 'in' = 'path' AND p ->> 'required' <> 'true';
SELECT is(string_agg(path, ', '), NULL, 'a parameter has a name, a place and a schema') FROM operations, jsonb_array_elements(o -> 'parameters') p
WHERE NOT (p ? '$ref' OR (p ?& '{name,in,required,schema}' AND p ->> 'in' IN ('path', 'query', 'header') AND jsonb_typeof(p -> 'schema') = 'object'));
SELECT is(string_agg(r[1], ', '), NULL, 'every reference leads somewhere') FROM doc, regexp_matches(d::text, '"\$ref": "#/([^"]+)"', 'g') r
WHERE d #> string_to_array(r[1], '/') IS NULL;
SELECT set_eq($$SELECT upper(method), path FROM operations WHERE o -> 'security' = '[{"bearer": []}]'$$,
    $$SELECT method, path FROM qutecart.routes WHERE actor <> 'anyone'$$, 'what needs a token says so');
SELECT is(string_agg(path, ', '), NULL, 'a POST may be repeated with a key') FROM operations
WHERE (method = 'post') <> (o -> 'parameters' @> '[{"$ref": "#/components/parameters/IdempotencyKey"}]');

-- An operator's own
CREATE FUNCTION tests.make(id bigint, name text, price numeric, n integer DEFAULT 3, is_new boolean DEFAULT true, mode text DEFAULT 'a"b',
    tags text[] DEFAULT '{}', day date DEFAULT NULL, extra jsonb DEFAULT NULL, agent text DEFAULT NULL, shop bigint DEFAULT NULL) RETURNS json LANGUAGE sql AS
    $$SELECT to_json(1)$$;
COMMENT ON FUNCTION tests.make IS 'Make a thing. It has a price.';
CREATE FUNCTION tests.upload(csv text, mode text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$SELECT$$;
SELECT qutecart.route('PUT /api/t/things/{id}', 'tests.make', actor => 'member', status => 202,
    bind => '{"agent": "header:User-Agent", "shop": "context", "mode": "field:kind"}') \g /dev/null
SELECT qutecart.route('POST /api/t/upload', 'tests.upload', bind => '{"csv": "raw_body"}') \g /dev/null
SELECT is((SELECT o - 'requestBody' FROM operations WHERE path = '/api/t/things/{id}'), '{
    "operationId": "put_api_t_things_id", "summary": "Make a thing", "description": "Make a thing. It has a price.", "x-function": "tests.make",
    "security": [{"bearer": []}], "x-actor": "member",
    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "format": "int64"}},
        {"name": "user-agent", "in": "header", "required": false, "schema": {"type": "string"}}, {"$ref": "#/components/parameters/Shop"}],
    "responses": {"202": {"description": "Success.", "content": {"application/json": {"schema": {}}}},
        "4XX": {"$ref": "#/components/responses/Problem"}, "5XX": {"$ref": "#/components/responses/Problem"}}}', 'a published function is described at once');
SELECT is((SELECT o #> '{requestBody,content,application/json,schema}' FROM operations WHERE path = '/api/t/things/{id}'), '{"type": "object",
    "required": ["name", "price"], "additionalProperties": false, "properties": {"name": {"type": "string"}, "price": {"type": "number"},
    "n": {"type": "integer", "format": "int32", "default": 3}, "is_new": {"type": "boolean", "default": true}, "kind": {"type": "string", "default": "a\"b"},
    "tags": {"type": "array", "items": {"type": "string"}}, "day": {"type": "string", "format": "date"}, "extra": {},
    "shop_id": {"type": "integer", "format": "int64"}}}', 'with the names, types and defaults of what it takes');
SELECT is((SELECT o #> '{requestBody,content,application/json}' FROM operations WHERE path = '/api/t/things/{id}'),
    (SELECT o #> '{requestBody,content,application/x-www-form-urlencoded}' FROM operations WHERE path = '/api/t/things/{id}'), 'as JSON or as a form');
SELECT is((SELECT o -> 'requestBody' FROM operations WHERE path = '/api/t/upload'), '{"required": true, "content": {"*/*": {"schema": {"type": "string"}}}}',
    'a body that is taken as it comes has no fields');
SELECT is((SELECT o #>> '{parameters,0,in}' FROM operations WHERE path = '/api/t/upload'), 'query', 'the others come in the query');
SELECT is((SELECT o #> '{responses,204}' FROM operations WHERE path = '/api/t/upload'), '{"description": "Success."}', 'void is no content');
CREATE OR REPLACE FUNCTION tests.upload(csv text, mode text DEFAULT 'x') RETURNS void LANGUAGE sql AS $$SELECT$$;
SELECT is((SELECT o #>> '{parameters,0,schema,default}' FROM operations WHERE path = '/api/t/upload'), 'x', 'a changed function is described anew');
DROP FUNCTION tests.upload;
SELECT is((SELECT count(*)::integer FROM operations WHERE path = '/api/t/upload'), 0, 'a route whose function is gone is left out');
SELECT cmp_ok((SELECT count(*)::integer FROM operations), '>', 10, 'and hides no other');
DELETE FROM qutecart.routes WHERE path LIKE '/api/t/%';
SELECT is((SELECT count(*)::integer FROM operations WHERE path LIKE '/api/t/%'), 0, 'a route that is gone is gone');
SELECT * FROM finish();
