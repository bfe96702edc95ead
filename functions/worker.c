/*
 * functions/worker.c
 *		Waiting for the background worker.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "extension/core/db.h"
#include "extension/worker/state.h"

#define LOOK_EVERY 1000 /* milliseconds, if no news come */

PG_FUNCTION_INFO_V1(qc_fn_worker_wait);
PG_FUNCTION_INFO_V1(qc_fn_worker_wait_message);

static QcStmt read_message = {
	.sql = "SELECT COALESCE((SELECT l.outcome FROM qutecart.outbox_log l"
		   "  WHERE l.message_id = $1 ORDER BY l.id DESC LIMIT 1),"
		   " (SELECT 'waiting' FROM qutecart.outbox o"
		   "  WHERE o.slot IN (0, 1) AND o.id = $1))",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
	.is_latest = true,
};

static int64
milliseconds(const Interval *interval)
{
	int64 n = interval->time / 1000 + (int64) interval->day * SECS_PER_DAY * 1000;

	return Min(Max(n, 0), PG_INT32_MAX);
}

Datum
qc_fn_worker_wait(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(qc_worker_wait((int) milliseconds(PG_GETARG_INTERVAL_P(0))));
}

/* NULL = there is no such message, or it is not committed. */
static char *
read_state(int64 id)
{
	QcArgs args = {0};
	char *state;

	qc_args_int8(&args, id);
	qc_db_begin();
	(void) qc_db_system(&read_message, &args);
	state = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	return state;
}

Datum
qc_fn_worker_wait_message(PG_FUNCTION_ARGS)
{
	int64 id = PG_GETARG_INT64(0);
	TimestampTz until = TimestampTzPlusMilliseconds(
		GetCurrentTimestamp(), milliseconds(PG_GETARG_INTERVAL_P(1)));
	char *state;

	qc_worker_watch();
	while ((state = read_state(id)) != NULL && strcmp(state, "waiting") == 0)
	{
		long left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), until);

		if (left <= 0)
			break;
		qc_worker_wake();
		qc_worker_wait_for_news((int) Min(left, LOOK_EVERY));
	}
	qc_worker_unwatch();
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(state));
}
