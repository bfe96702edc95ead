-- triggers/listeners_changed.sql
CREATE FUNCTION qutecart.tg_listeners_changed() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_listeners_changed';
COMMENT ON FUNCTION qutecart.tg_listeners_changed() IS
    'Trigger of webhook_endpoints: which shops have no endpoint is looked up again, by everybody, once the change is committed.';
