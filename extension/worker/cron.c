/*
 * extension/worker/cron.c
 *		Our jobs in pg_cron: a table of name, time and command.
 *
 * The commands are bare calls: pg_cron's tables can be read by others, so no id ever
 * stands there.  pg_cron counts in GMT.  All jobs make up for missed runs, so those
 * that are due monthly are looked at daily.  They run as a role that may do nothing
 * else.
 */
#include "postgres.h"

#include "commands/dbcommands.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "utils/guc.h"

#include "extension/core/db.h"
#include "extension/worker/cron.h"

#define CRON_ROLE "qutecart_cron"

static const struct
{
	const char *name;
	const char *time;
	const char *command;
} jobs[] = {
	{"qutecart monthly reset", "10 0 * * *", "SELECT qutecart.job_monthly_reset()"},
	{"qutecart media expiry", "*/5 * * * *", "SELECT qutecart.job_media_expiry()"},
	{"qutecart subscription changes", "*/5 * * * *",
	 "SELECT qutecart.job_subscription_changes()"},
	{"qutecart retention", "40 3 * * *", "SELECT qutecart.job_retention()"},
};

static QcStmt add_job = {
	.sql = "SELECT cron.schedule_in_database($1, $2, $3, $4, $5)",
	.nargs = 5,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
};

static QcStmt remove_jobs = {
	.sql = "SELECT cron.unschedule(j.jobid) FROM cron.job j"
		   " WHERE j.username = $1 AND j.database = $2 AND j.jobname LIKE 'qutecart %'",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID},
};

static QcStmt count_jobs = {
	.sql = "SELECT count(*) FROM cron.job j WHERE j.username = $1 AND j.database = $2"
		   " AND j.active AND j.jobname LIKE 'qutecart %'",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID},
	.is_read = true,
};

static QcStmt let_role_see_its_runs = {
	.sql = "GRANT USAGE ON SCHEMA cron TO qutecart_cron",
};

static void
need_superuser(void)
{
	if (!superuser())
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only a superuser may schedule jobs"));
}

/* pg_cron runs the jobs of one database only; a copy of it has the tables in vain. */
bool
qc_cron_is_there(void)
{
	const char *served = GetConfigOption("cron.database_name", true, false);

	return OidIsValid(get_extension_oid("pg_cron", true)) && served != NULL &&
		   strcmp(served, get_database_name(MyDatabaseId)) == 0;
}

int
qc_cron_wanted(void)
{
	return lengthof(jobs);
}

static void
ours(QcArgs *args)
{
	qc_args_text(args, CRON_ROLE);
	qc_args_text(args, get_database_name(MyDatabaseId));
}

int64
qc_cron_count(void)
{
	QcArgs args = {0};
	int64 n;

	if (!qc_cron_is_there() || !superuser())
		return -1;
	ours(&args);
	qc_db_begin();
	(void) qc_db_run(&count_jobs, &args);
	n = qc_db_int8(0, 1);
	qc_db_end();
	return n;
}

bool
qc_cron_schedule(void)
{
	need_superuser();
	if (!qc_cron_is_there())
		return false;
	qc_db_begin();
	(void) qc_db_run(&let_role_see_its_runs, NULL);
	for (int i = 0; i < lengthof(jobs); i++)
	{
		QcArgs args = {0};

		qc_args_text(&args, jobs[i].name);
		qc_args_text(&args, jobs[i].time);
		qc_args_text(&args, jobs[i].command);
		qc_args_text(&args, get_database_name(MyDatabaseId));
		qc_args_text(&args, CRON_ROLE);
		(void) qc_db_run(&add_job, &args);
	}
	qc_db_end();
	return true;
}

void
qc_cron_unschedule(void)
{
	QcArgs args = {0};

	need_superuser();
	if (!qc_cron_is_there())
		return;
	ours(&args);
	qc_db_begin();
	(void) qc_db_run(&remove_jobs, &args);
	qc_db_end();
}
