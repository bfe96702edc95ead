/*
 * functions/worker.c
 *		Waiting for the background worker.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "extension/worker/state.h"

PG_FUNCTION_INFO_V1(qc_fn_worker_wait);

Datum
qc_fn_worker_wait(PG_FUNCTION_ARGS)
{
	Interval *timeout = PG_GETARG_INTERVAL_P(0);
	int64 milliseconds =
		timeout->time / 1000 + (int64) timeout->day * SECS_PER_DAY * 1000;

	PG_RETURN_BOOL(qc_worker_wait((int) Min(Max(milliseconds, 0), PG_INT32_MAX)));
}
