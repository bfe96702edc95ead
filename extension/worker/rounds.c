/*
 * extension/worker/rounds.c
 *		What the worker does in transactions: look around, settle and claim, run chores.
 *
 * A turn is one transaction: is this database still ours to serve, then the turn of
 * deliver.c.  A round is a turn and all chores; there is one after each wake-up, when
 * something is due, and once a minute.  Where there is nothing to do there is no query.
 *
 * An error undoes the transaction it happened in and nothing else: it is logged, and
 * tried again after a pause that grows.  What was sent meanwhile waits in memory.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "extension/install/install.h"
#include "extension/outbox/claim.h"
#include "extension/outbox/rotate.h"
#include "extension/worker/chores.h"
#include "extension/worker/deliver.h"
#include "extension/worker/rounds.h"
#include "extension/worker/sending.h"
#include "extension/worker/state.h"

#define SAFETY_MS      60000 /* a round without being woken */
#define LOOK_AROUND_MS 5000  /* where there is nothing to serve */
#define CHORE_AGAIN_MS                                                                 \
	1000                   /* at least, when something that was due could not be done */
#define ROUNDS_APART_MS  4 /* however often we are woken */
#define FIRST_PAUSE_MS   500 /* after an error; doubles */
#define LONGEST_PAUSE_MS 30000

static MemoryContext round_context;
static QcWorkerMode mode = QC_WORKER_DOWN;
static bool is_alone = false;      /* do we hold the lock of the only worker? */
static bool is_resumed = false;    /* are the leases of the dead given back? */
static TimestampTz round_at = 0;   /* the next one, unless woken before */
static TimestampTz retry_at = 0;   /* nothing before, after an error */
static bool should_round = false;  /* have we been woken? */
static TimestampTz rounded_at = 0; /* end of the last round */
static int errors = 0;             /* in a row */

void
qc_rounds_init(void)
{
	round_context = AllocSetContextCreate(TopMemoryContext, "qutecart worker round",
										  ALLOCSET_DEFAULT_SIZES);
}

static TimestampTz
in_ms(long milliseconds)
{
	return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), milliseconds);
}

static long
ms_until(TimestampTz time)
{
	return TimestampDifferenceMilliseconds(GetCurrentTimestamp(), time);
}

static void
begin(const char *what)
{
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pgstat_report_activity(STATE_RUNNING, what);
	MemoryContextSwitchTo(round_context);
}

static void
end(void)
{
	PopActiveSnapshot();
	CommitTransactionCommand();
	pgstat_report_stat(false);
	MemoryContextSwitchTo(round_context);
}

/* Has the database our extension and the tables that we read? */
static bool
has_schema(void)
{
	Oid schema = get_namespace_oid("qutecart", true);

	return OidIsValid(get_extension_oid("qutecart", true)) && OidIsValid(schema) &&
		   OidIsValid(get_relname_relid("stripe_events", schema)) &&
		   OidIsValid(get_relname_relid("outbox_log", schema)) &&
		   OidIsValid(get_relname_relid("installation", schema));
}

static QcWorkerMode
look_around(void)
{
	if (!has_schema())
		return QC_WORKER_NO_SCHEMA;
	if (!qc_install_is_current())
		return QC_WORKER_OTHER_VERSION;
	is_alone = is_alone || qc_outbox_try_own(true);
	if (!is_alone)
		return QC_WORKER_NOT_ALONE;
	if (!qc_install_is_home())
		return QC_WORKER_NOT_HOME;
	return QC_WORKER_WORKING;
}

/* May results be written there?  Of a copy too: they tell what it did. */
static bool
can_settle(void)
{
	return mode == QC_WORKER_WORKING || mode == QC_WORKER_NOT_HOME;
}

/*
 * Give back the leases of the dead, once; but not while results of our own leases are
 * still to come.
 */
static bool
is_ready_to_claim(void)
{
	if (mode != QC_WORKER_WORKING)
		is_resumed = false;
	else if (!is_resumed && qc_sending_on_way() + qc_deliver_unsettled() == 0)
	{
		(void) qc_outbox_resume();
		is_resumed = true;
	}
	return is_resumed;
}

static void
enter_mode(QcWorkerMode now)
{
	mode = now;
	if (mode != QC_WORKER_WORKING)
		qc_sending_drop_held();
	if (mode == QC_WORKER_NO_SCHEMA)
		qc_deliver_drop_finished();
	qc_worker_set_mode(mode);
}

static void
empty_outbox(void)
{
	if (mode != QC_WORKER_WORKING || !qc_outbox_rotation_is_due())
		return;
	begin("emptying a half of the outbox");
	qc_outbox_rotate();
	end();
}

static void
take_turn(void)
{
	begin("settling and claiming messages");
	enter_mode(look_around());
	if (can_settle())
		qc_deliver_turn(is_ready_to_claim());
	end();
	qc_deliver_committed();
	empty_outbox();
}

static bool
is_turn(void)
{
	return can_settle() && qc_deliver_is_turn();
}

/* A long queue of a chore holds up neither messages nor an order to leave. */
static TimestampTz
run_chore(const QcChore *chore)
{
	TimestampTz due;
	int64 n;

	do
	{
		CHECK_FOR_INTERRUPTS();
		begin(chore->name);
		n = chore->run();
		due = n > 0 ? DT_NOBEGIN : chore->next_due();
		end();
		qc_sending_proceed();
		if (n > 0 && is_turn())
			take_turn();
	} while (n > 0 && mode == QC_WORKER_WORKING && !qc_worker_is_asked_to_leave());
	return due;
}

static void
run_chores(void)
{
	for (int i = 0; i < qc_chore_count; i++)
	{
		TimestampTz due = run_chore(&qc_chores[i]);

		if (due != DT_NOEND)
			round_at = Min(round_at, Max(due, in_ms(CHORE_AGAIN_MS)));
	}
}

static void
run_round(void)
{
	qc_worker_begin_round();
	qc_deliver_look();
	take_turn();
	round_at = in_ms(mode == QC_WORKER_WORKING ? SAFETY_MS : LOOK_AROUND_MS);
	if (mode == QC_WORKER_WORKING)
		run_chores();
	should_round = false;
	rounded_at = GetCurrentTimestamp();
	qc_worker_end_round();
}

static void
recover(void)
{
	HOLD_INTERRUPTS();
	EmitErrorReport();
	AbortOutOfAnyTransaction();
	MemoryContextSwitchTo(round_context);
	FlushErrorState();
	qc_deliver_aborted();
	pgstat_report_stat(false);
	RESUME_INTERRUPTS();
	retry_at = in_ms(Min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Min(errors, 10)));
	round_at = retry_at;
	errors++;
}

/* Commits may wake us all the time: a round serves all of a moment. */
static bool
is_round(bool is_woken)
{
	TimestampTz now = GetCurrentTimestamp();

	should_round = should_round || is_woken;
	return round_at <= now || (should_round && TimestampDifferenceExceeds(
												   rounded_at, now, ROUNDS_APART_MS));
}

void
qc_rounds_run(bool is_woken)
{
	if (retry_at > GetCurrentTimestamp())
		return;
	PG_TRY();
	{
		if (is_round(is_woken))
			run_round();
		else if (is_turn())
			take_turn();
		errors = 0;
	}
	PG_CATCH();
	{
		recover();
	}
	PG_END_TRY();
	MemoryContextReset(round_context);
}

long
qc_rounds_pause(void)
{
	bool may_turn = retry_at <= GetCurrentTimestamp();
	long most = ms_until(may_turn ? round_at : retry_at);

	if (may_turn && should_round)
		most =
			Min(most,
				ms_until(TimestampTzPlusMilliseconds(rounded_at, ROUNDS_APART_MS)) + 1);
	return qc_deliver_pause(most, may_turn && can_settle());
}

const char *
qc_rounds_waits_for(void)
{
	switch (mode)
	{
		case QC_WORKER_WORKING:
			return "waiting for messages";
		case QC_WORKER_NO_SCHEMA:
			return "waiting for the extension and its tables";
		case QC_WORKER_NOT_HOME:
			return "keeping still: this database is a copy";
		case QC_WORKER_NOT_ALONE:
			return "keeping still: somebody else delivers the messages";
		case QC_WORKER_OTHER_VERSION:
			return "keeping still: the extension is of another version";
		default:
			return "starting";
	}
}

void
qc_rounds_finish(void)
{
	PG_TRY();
	{
		mode = QC_WORKER_NOT_HOME;
		if (qc_deliver_unsettled() > 0 && is_resumed)
		{
			begin("settling messages");
			qc_deliver_turn(false);
			end();
		}
	}
	PG_CATCH();
	{
		recover();
	}
	PG_END_TRY();
}
