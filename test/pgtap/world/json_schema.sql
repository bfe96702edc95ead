-- test/pgtap/world/json_schema.sql
-- JSON Schema 2020-12, as far as our schemas go; a keyword that is not known here is an
-- error, so that none is silently ignored.
--
--   tests.schema_errors(schema, value)   what is wrong with a value, one line each; also
--                                        members that the schema does not document
CREATE SCHEMA IF NOT EXISTS tests;
CREATE FUNCTION tests.schema_type(value jsonb) RETURNS text[] LANGUAGE sql AS $$
    SELECT CASE jsonb_typeof(value) WHEN 'number' THEN
        CASE WHEN value::numeric = trunc(value::numeric) THEN '{number,integer}'::text[] ELSE '{number}' END
        ELSE ARRAY[jsonb_typeof(value)] END $$;
CREATE FUNCTION tests.schema_errors(schema jsonb, item jsonb, root jsonb DEFAULT NULL, path text DEFAULT '$')
    RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE k text; v jsonb; n text;
BEGIN
    root := coalesce(root, schema);
    FOR k, v IN SELECT * FROM jsonb_each(schema) LOOP
        CASE k
        WHEN '$schema', '$id', '$defs', 'title', 'description' THEN NULL;
        WHEN '$ref' THEN
            IF root #> string_to_array(substr(v #>> '{}', 3), '/') IS NULL THEN RETURN NEXT path || ' refers to nothing'; END IF;
            RETURN QUERY SELECT tests.schema_errors(root #> string_to_array(substr(v #>> '{}', 3), '/'), item, root, path);
        WHEN 'type' THEN
            IF NOT (SELECT array_agg(t #>> '{}') FROM jsonb_path_query(v, 'lax $[*]') t) && tests.schema_type(item) THEN
                RETURN NEXT path || ' is ' || coalesce(jsonb_typeof(item), 'nothing') || ', not ' || v;
            END IF;
        WHEN 'const' THEN IF v IS DISTINCT FROM item THEN RETURN NEXT path || ' is not ' || v; END IF;
        WHEN 'enum' THEN IF NOT v @> jsonb_build_array(item) THEN RETURN NEXT path || ' is none of ' || v; END IF;
        WHEN 'minimum' THEN IF item::numeric < v::numeric THEN RETURN NEXT path || ' is below ' || v; END IF;
        WHEN 'exclusiveMinimum' THEN IF item::numeric <= v::numeric THEN RETURN NEXT path || ' is not above ' || v; END IF;
        WHEN 'pattern' THEN IF item #>> '{}' !~ (v #>> '{}') THEN RETURN NEXT path || ' does not match ' || v; END IF;
        WHEN 'format' THEN
            IF v <> '"date-time"' THEN RETURN NEXT path || ' has an unknown format'; END IF;
            IF jsonb_typeof(item) = 'string' AND item #>> '{}' !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$' THEN RETURN NEXT path || ' is no time in UTC'; END IF;
        WHEN 'required' THEN
            RETURN QUERY SELECT path || '.' || r || ' is missing' FROM jsonb_array_elements_text(v) t (r) WHERE NOT item ? r;
        WHEN 'properties' THEN
            CONTINUE WHEN jsonb_typeof(item) <> 'object';
            FOR n IN SELECT jsonb_object_keys(item) LOOP
                IF v ? n THEN RETURN QUERY SELECT tests.schema_errors(v -> n, item -> n, root, path || '.' || n);
                ELSE RETURN NEXT path || '.' || n || ' is not documented'; END IF;
            END LOOP;
        WHEN 'items' THEN
            RETURN QUERY SELECT tests.schema_errors(v, e, root, path || '[]') FROM jsonb_path_query(item, 'strict $[*]') e;
        ELSE RETURN NEXT path || ': keyword ' || k || ' is unknown';
        END CASE;
    END LOOP;
END $$;
