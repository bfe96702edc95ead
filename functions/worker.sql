-- functions/worker.sql

CREATE FUNCTION qutecart.worker_wait(timeout interval DEFAULT '10 seconds') RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_worker_wait';
COMMENT ON FUNCTION qutecart.worker_wait(interval) IS
    'Wake the background worker and wait until it has finished a round that began after this call; false when the time is over first. For tests and for scripts that need committed events applied.';

CREATE FUNCTION qutecart.worker_wait(id bigint, timeout interval DEFAULT '10 seconds') RETURNS text
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_worker_wait_message';
COMMENT ON FUNCTION qutecart.worker_wait(bigint, interval) IS
    'Wait until an attempt was made to send a message of the outbox; wakes the background worker meanwhile. Returns what became of the last attempt: delivered, retry (it failed, another follows) or dead (given up); waiting when the time is over first; NULL when there is no such message, or its transaction has not committed. For tests and scripts.';
