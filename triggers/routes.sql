-- triggers/routes.sql
CREATE FUNCTION qutecart.tg_routes() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_routes';
COMMENT ON FUNCTION qutecart.tg_routes() IS
    'Trigger of qutecart.routes: makes every session read the routes anew.';

CREATE TRIGGER t40_routes
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON qutecart.routes
    FOR EACH STATEMENT EXECUTE FUNCTION qutecart.tg_routes();
