-- triggers/limits_changed.sql
CREATE FUNCTION qutecart.tg_limits_changed() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_limits_changed';
COMMENT ON FUNCTION qutecart.tg_limits_changed() IS
    'Trigger (column with the shop, or nothing for all shops): the limits kept in shared memory are read again once the change is committed.';
