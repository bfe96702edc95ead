/*
 * extension/worker/worker.c
 *		The background process: its registration, its start, its sleep, its end.
 *
 * It sleeps without a transaction on one set of events: its latch, which commits that
 * leave work set; the sockets of all requests on their way, gathered in one descriptor;
 * a timer; the end of the postmaster.  An order to stop ends it at once, whatever is on
 * its way: leases say what must be sent again.
 *
 * It can be asked to leave its database, so that this can be dropped; then it ends, and
 * the process after it waits without a database.
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "extension/core/compat.h"
#include "extension/core/guc.h"
#include "extension/worker/deliver.h"
#include "extension/worker/hooks.h"
#include "extension/worker/http.h"
#include "extension/worker/rounds.h"
#include "extension/worker/sending.h"
#include "extension/worker/state.h"
#include "extension/worker/worker.h"

#define RESTART_SECONDS   1
#define LOOK_FOR_DATABASE 30000 /* milliseconds */
#define LOOK_FOR_LEAVE    1000  /* … while somebody wants the database for himself */
#define REST_AFTER        60000 /* milliseconds without a request on its way */

PGDLLEXPORT void qc_worker_main(Datum argument);

/* What a database's own settings must not decide for us. */
static const struct
{
	const char *name;
	const char *value;
} settings[] = {
	{"application_name", "qutecart worker"},
	{"default_transaction_deferrable", "off"},
	{"default_transaction_isolation", "read committed"},
	{"default_transaction_read_only", "off"},
	{"lock_timeout", "3s"}, /* who locks a table for long must not stop deliveries */
	{"jit", "off"},
};

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
	qc_worker_hooks_init();
	if (*qc_guc_database != '\0')
		RegisterBackgroundWorker(&worker);
}

/* Do what signals ask for; has something changed? */
static bool
obey_signals(void)
{
	CHECK_FOR_INTERRUPTS();
	if (!ConfigReloadPending)
		return false;
	ConfigReloadPending = false;
	ProcessConfigFile(PGC_SIGHUP);
	return true;
}

static bool
database_exists(void)
{
	bool exists;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pgstat_report_activity(STATE_RUNNING, "looking for the database");
	exists = OidIsValid(get_database_oid(qc_guc_database, true));
	PopActiveSnapshot();
	CommitTransactionCommand();
	pgstat_report_stat(true);
	pgstat_report_activity(STATE_IDLE, "waiting for the database");
	return exists;
}

/*
 * Wait in a process that is bound to no database until ours exists and nobody wants it
 * for himself; the next process then connects to it.  Saves a FATAL in the log every
 * few seconds.
 */
static void
pg_attribute_noreturn() wait_for_database(void)
{
	bool is_told = false;

	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	qc_worker_attach(InvalidOid);
	qc_worker_set_mode(QC_WORKER_NO_DATABASE);
	for (;;)
	{
		bool is_wanted = qc_worker_is_asked_to_leave();

		if (!is_wanted && database_exists())
		{
			qc_worker_expect_database(true);
			proc_exit(1);
		}
		if (!is_wanted && !is_told)
			ereport(LOG,
					errmsg("the worker waits for database \"%s\"", qc_guc_database));
		is_told = is_told || !is_wanted;
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 is_wanted ? LOOK_FOR_LEAVE : LOOK_FOR_DATABASE,
						 PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		(void) qc_worker_take_wake();
		(void) obey_signals();
	}
}

static void
connect_to_database(void)
{
	/* If that fails the next process waits for it. */
	qc_worker_expect_database(false);
	BackgroundWorkerInitializeConnection(qc_guc_database, NULL, 0);
	qc_worker_expect_database(true);
	for (int i = 0; i < lengthof(settings); i++)
		SetConfigOption(settings[i].name, settings[i].value, PGC_SUSET, PGC_S_OVERRIDE);
	/* What is sent must not be lost in a crash as if it had never been committed. */
	if (synchronous_commit == SYNCHRONOUS_COMMIT_OFF)
		SetConfigOption("synchronous_commit", "local", PGC_SUSET, PGC_S_OVERRIDE);
	qc_worker_attach(MyDatabaseId);
}

static WaitEventSet *
make_events(void)
{
	WaitEventSet *events = qc_create_wait_event_set(TopMemoryContext, 3);

	AddWaitEventToSet(events, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, NULL);
	AddWaitEventToSet(events, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, NULL, NULL);
	AddWaitEventToSet(events, WL_SOCKET_READABLE, qc_http_fd(), NULL, NULL);
	return events;
}

/* What pg_stat_activity and health() show while we wait. */
static void
show_load(void)
{
	static int shown = -1;
	int on_way = qc_sending_on_way();
	char text[64];

	qc_worker_set_load(on_way, qc_sending_held());
	if (on_way == 0)
		strlcpy(text, qc_rounds_waits_for(), sizeof(text));
	else
		snprintf(text, sizeof(text), "delivering: %d in flight", on_way);
	pgstat_report_activity(STATE_IDLE, text);
	if (on_way == 0 && shown != 0)
		pgstat_report_stat(true);
	shown = on_way;
}

/* Connections that nobody has used for a while are closed. */
static long
rest_when_idle(long pause)
{
	static TimestampTz busy_at = 0;
	static bool is_resting = true;
	TimestampTz now = GetCurrentTimestamp();
	long idle;

	if (qc_sending_on_way() > 0)
	{
		busy_at = now;
		is_resting = false;
	}
	if (is_resting)
		return pause;
	idle = TimestampDifferenceMilliseconds(busy_at, now);
	if (idle < REST_AFTER)
		return Min(pause, REST_AFTER - idle);
	qc_http_rest();
	is_resting = true;
	return pause;
}

/* Sleep until there is something to do; were we woken? */
static bool
sleep_until_needed(WaitEventSet *events)
{
	WaitEvent event;
	bool is_changed;
	long pause = rest_when_idle(qc_rounds_pause());

	if (pause > 0)
		show_load();
	if (WaitEventSetWait(events, pause, &event, 1, PG_WAIT_EXTENSION) > 0 &&
		(event.events & WL_LATCH_SET) != 0)
		ResetLatch(MyLatch);
	is_changed = obey_signals();
	return qc_worker_take_wake() || is_changed;
}

void
qc_worker_main(Datum argument)
{
	WaitEventSet *events;

	pqsignal(SIGTERM, die);
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	BackgroundWorkerUnblockSignals();
	if (!qc_worker_expects_database() || qc_worker_is_asked_to_leave())
		wait_for_database();
	connect_to_database();
	qc_deliver_init();
	qc_rounds_init();
	events = make_events();
	for (;;)
	{
		bool is_woken = sleep_until_needed(events);

		qc_sending_proceed();
		if (qc_worker_is_asked_to_leave())
		{
			qc_rounds_finish();
			proc_exit(1);
		}
		qc_rounds_run(is_woken);
	}
}
