/*
 * extension/worker/worker.c
 *		The background process: its registration, its life, its rounds.
 *
 * A round runs every chore until it finds nothing to do.  Between rounds the process
 * sleeps on its latch, without a transaction; commits that leave work set the latch,
 * a timer is the safety net.  It works only in a database that has the schema and is
 * its home; it looks again every few seconds.  An error or an order to stop ends the
 * process, and the postmaster starts another.
 *
 * Memory: a round lives in its own context, reset at its end; nothing is kept.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/dbcommands.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "tcop/tcopprot.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "extension/core/guc.h"
#include "extension/install/install.h"
#include "extension/worker/chores.h"
#include "extension/worker/state.h"
#include "extension/worker/worker.h"

#define RESTART_SECONDS   2
#define LOOK_FOR_SCHEMA   5000  /* milliseconds */
#define LOOK_FOR_DATABASE 30000 /* milliseconds */

PGDLLEXPORT void qc_worker_main(Datum argument);

void
qc_worker_init(void)
{
	BackgroundWorker worker = {
		.bgw_name = "qutecart worker",
		.bgw_type = "qutecart worker",
		.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION,
		.bgw_start_time = BgWorkerStart_RecoveryFinished,
		.bgw_restart_time = RESTART_SECONDS,
		.bgw_library_name = "qutecart",
		.bgw_function_name = "qc_worker_main",
	};

	qc_worker_state_init();
	if (*qc_guc_database != '\0')
		RegisterBackgroundWorker(&worker);
}

/* Sleep until woken or the time is over; then do what signals asked for. */
static void
sleep_for(long milliseconds)
{
	pgstat_report_activity(STATE_IDLE, NULL);
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					 milliseconds, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
	if (ConfigReloadPending)
	{
		ConfigReloadPending = false;
		ProcessConfigFile(PGC_SIGHUP);
	}
}

static void
begin(const char *what)
{
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pgstat_report_activity(STATE_RUNNING, what);
}

static void
end(void)
{
	PopActiveSnapshot();
	CommitTransactionCommand();
	pgstat_report_stat(false);
}

/*
 * Wait in a process that is bound to no database until ours exists; the next process
 * then connects to it.  Saves a FATAL in the log every few seconds.
 */
static void
pg_attribute_noreturn() wait_for_database(void)
{
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	qc_worker_attach(InvalidOid);
	qc_worker_set_mode(QC_WORKER_NO_DATABASE);
	ereport(LOG, errmsg("the worker waits for database \"%s\"", qc_guc_database));
	for (;;)
	{
		bool exists;

		begin("looking for the database");
		exists = OidIsValid(get_database_oid(qc_guc_database, true));
		end();
		if (exists)
		{
			qc_worker_expect_database(true);
			proc_exit(1);
		}
		sleep_for(LOOK_FOR_DATABASE);
	}
}

/* Has the database our extension and its last table? */
static bool
has_schema(void)
{
	Oid schema = get_namespace_oid("qutecart", true);

	return OidIsValid(get_extension_oid("qutecart", true)) && OidIsValid(schema) &&
		   OidIsValid(get_relname_relid("stripe_events", schema)) &&
		   OidIsValid(get_relname_relid("outbox", schema)) &&
		   OidIsValid(get_relname_relid("installation", schema));
}

static QcWorkerMode
look_around(void)
{
	QcWorkerMode mode = QC_WORKER_WORKING;

	begin("looking for the schema");
	if (!has_schema())
		mode = QC_WORKER_NO_SCHEMA;
	else if (!qc_install_is_home())
		mode = QC_WORKER_NOT_HOME;
	end();
	qc_worker_set_mode(mode);
	return mode;
}

/* Run each chore until it finds nothing to do. */
static void
run_chores(void)
{
	for (int i = 0; i < qc_chore_count; i++)
	{
		int64 n;

		do
		{
			CHECK_FOR_INTERRUPTS();
			begin(qc_chores[i].name);
			n = qc_chores[i].run();
			end();
		} while (n > 0);
	}
}

static long
shortest_interval(void)
{
	long shortest = LOOK_FOR_SCHEMA;

	for (int i = 0; i < qc_chore_count; i++)
		shortest = Min(shortest, qc_chores[i].interval);
	return shortest;
}

/* One round; returns how long to sleep after it. */
static long
run_round(void)
{
	long pause = LOOK_FOR_SCHEMA;

	qc_worker_begin_round();
	if (look_around() == QC_WORKER_WORKING)
	{
		run_chores();
		pause = shortest_interval();
	}
	qc_worker_end_round();
	return pause;
}

void
qc_worker_main(Datum argument)
{
	MemoryContext round;

	pqsignal(SIGTERM, die);
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	BackgroundWorkerUnblockSignals();
	if (!qc_worker_expects_database())
		wait_for_database();
	qc_worker_expect_database(false);
	BackgroundWorkerInitializeConnection(qc_guc_database, NULL, 0);
	qc_worker_expect_database(true);
	qc_worker_attach(MyDatabaseId);
	round = AllocSetContextCreate(TopMemoryContext, "qutecart worker round",
								  ALLOCSET_DEFAULT_SIZES);
	for (;;)
	{
		long pause;

		MemoryContextSwitchTo(round);
		pause = run_round();
		MemoryContextReset(round);
		sleep_for(pause);
	}
}
