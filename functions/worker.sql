-- functions/worker.sql

CREATE FUNCTION qutecart.worker_wait(timeout interval DEFAULT '10 seconds') RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_worker_wait';
COMMENT ON FUNCTION qutecart.worker_wait(interval) IS
    'Wake the background worker and wait until it has finished a round that began after this call; false when the time is over first. For tests and for scripts that need committed events applied.';
