-- functions/health.sql
-- Is all well?  In full for operators, in one word for everybody.

CREATE FUNCTION qutecart.health() RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_health';
COMMENT ON FUNCTION qutecart.health() IS
    'The state of this installation: {status, problems, database, version, extension_version, is_home, worker {mode, pid, rounds, last_round_at, in_flight, held, delivered, failed, batches}, pg_cron {installed, jobs, jobs_wanted}, stripe_events {due, retrying, parked, dead, oldest_due_at}, outbox {waiting, leased, retrying, parked, dead_24h, oldest_due_at, closed_circuits, bytes}}. status is "ok" or "failing"; problems are sentences, some of which do not make it fail. Counts stop at 10000, and those of the outbox are made among so many; dead_24h leaves out what was replayed; those of the worker begin with the server: messages delivered, attempts failed, batches settled; held = claimed, waiting for a connection. jobs is null for who may not see pg_cron''s table. Operators only.';

CREATE FUNCTION qutecart.check_health() RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_check_health';
COMMENT ON FUNCTION qutecart.check_health() IS
    'What a monitor asks: {"status":"ok","service":"qutecart"}, with status 503 and "failing" when the background worker is missing or the library does not fit the database. Admins get all of qutecart.health().';

SELECT qutecart.route('GET /api/health', 'qutecart.check_health');
