/*
 * functions/schedule.c
 *		CALL qutecart.schedule() and unschedule().
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/worker/cron.h"

PG_FUNCTION_INFO_V1(qc_fn_schedule);
PG_FUNCTION_INFO_V1(qc_fn_unschedule);

Datum
qc_fn_schedule(PG_FUNCTION_ARGS)
{
	if (!qc_cron_schedule())
		ereport(NOTICE,
				errmsg("pg_cron is not installed in this database, so no job"
					   " was scheduled"),
				errhint("Set cron.database_name, restart, CREATE EXTENSION pg_cron, and"
						" call this again; or call the functions qutecart.job_*() from"
						" another scheduler."));
	PG_RETURN_VOID();
}

Datum
qc_fn_unschedule(PG_FUNCTION_ARGS)
{
	qc_cron_unschedule();
	PG_RETURN_VOID();
}
