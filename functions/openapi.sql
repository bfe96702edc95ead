-- functions/openapi.sql
-- The description of all routes, made from the catalogue.

CREATE FUNCTION qutecart.openapi() RETURNS json
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_openapi';
COMMENT ON FUNCTION qutecart.openapi() IS
    'The OpenAPI 3.1 document of every route, an operator''s own included: paths, arguments with types and defaults, who may ask, problem replies. Made anew when routes or functions change.';

SELECT qutecart.route('GET /api/openapi.json', 'qutecart.openapi');
