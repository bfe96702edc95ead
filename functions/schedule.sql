-- functions/schedule.sql
-- The jobs as pg_cron's.  They run as qutecart_cron, which may do nothing else.

CREATE PROCEDURE qutecart.schedule()
    LANGUAGE c
    AS 'MODULE_PATHNAME', 'qc_fn_schedule';
COMMENT ON PROCEDURE qutecart.schedule() IS
    'Register our jobs with pg_cron, or bring them to this version. Without pg_cron in this database: a notice, nothing else; qutecart.health() shows it. Superusers only.';

CREATE PROCEDURE qutecart.unschedule()
    LANGUAGE c
    AS 'MODULE_PATHNAME', 'qc_fn_unschedule';
COMMENT ON PROCEDURE qutecart.unschedule() IS
    'Take our jobs out of pg_cron; other jobs stay. Superusers only.';
