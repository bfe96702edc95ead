/*
 * extension/stripe/apply.c
 *		The queue of stored events: claimed one by one, applied, retried, given up.
 *
 * An event is locked, then its shop, then what changes.  Its effect and its new status
 * are one subtransaction, so a crash leaves it due and a failure undoes it whole; what
 * failed waits with growing pauses and holds up no other event.  Sessions that apply
 * at the same time skip each other's events.
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "extension/core/db.h"
#include "extension/stripe/apply.h"
#include "extension/stripe/effect.h"
#include "extension/worker/wake.h"

#define MAX_TRIES     12
#define FIRST_PAUSE   10             /* seconds; doubles with each try */
#define LONGEST_PAUSE (12 * 60 * 60) /* seconds */

static QcStmt claim = {
	.sql = "SELECT e.id, e.payload, e.attempts FROM qutecart.stripe_events e"
		   " WHERE e.status IN ('pending', 'parked')"
		   " AND e.next_attempt_at <= pg_catalog.now()"
		   " ORDER BY e.next_attempt_at, e.created_at, e.id"
		   " LIMIT 1 FOR UPDATE SKIP LOCKED",
};

static QcStmt settle = {
	.sql = "UPDATE qutecart.stripe_events e SET status = $2, shop_id = $3,"
		   " error = NULL, attempts = e.attempts + 1, finished_at = pg_catalog.now()"
		   " WHERE e.id = $1",
	.nargs = 3,
	.argtypes = {TEXTOID, TEXTOID, INT8OID},
};

static QcStmt find_next_due = {
	.sql = "SELECT min(e.next_attempt_at) FROM qutecart.stripe_events e"
		   " WHERE e.status IN ('pending', 'parked')",
};

static QcStmt postpone = {
	.sql = "UPDATE qutecart.stripe_events e SET status = $2, error = $3,"
		   " attempts = e.attempts + 1, shop_id = coalesce($5, e.shop_id),"
		   " next_attempt_at = pg_catalog.now() + pg_catalog.make_interval(secs => $4),"
		   " finished_at = CASE WHEN $2 = 'dead' THEN pg_catalog.now() END"
		   " WHERE e.id = $1",
	.nargs = 5,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID, FLOAT8OID, INT8OID},
};

/*
 * What waited for this subscription, or for this shop's other one to end, is due now;
 * being looked at in vain does not count as a try.
 */
static QcStmt wake_waiting = {
	.sql = "UPDATE qutecart.stripe_events e SET next_attempt_at = pg_catalog.now(),"
		   " attempts = greatest(e.attempts - 1, 0) WHERE e.status = 'parked'"
		   " AND (e.object_id = $1 OR e.shop_id = $2)",
	.nargs = 2,
	.argtypes = {TEXTOID, INT8OID},
};

static QcStmt revive = {
	.sql = "UPDATE qutecart.stripe_events e SET status = 'pending', attempts = 0,"
		   " error = NULL, next_attempt_at = pg_catalog.now(), finished_at = NULL"
		   " WHERE e.id = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

/* A claimed event. */
typedef struct Claim
{
	char *id;
	Datum payload; /* bytea */
	int32 attempts;
} Claim;

/* Seconds to wait after so many tries, of which half is left to chance. */
static double
pause_after(int tries)
{
	double longest =
		Min(FIRST_PAUSE * (double) ((int64) 1 << Min(tries, 30)), LONGEST_PAUSE);

	return longest / 2 + pg_prng_double(&pg_global_prng_state) * longest / 2;
}

static void
put_off(const Claim *event, const char *status, const char *why, int64 shop_id,
		QcStripeCounts *counts)
{
	QcArgs args = {0};
	bool is_last = event->attempts + 1 >= MAX_TRIES;

	qc_args_text(&args, event->id);
	qc_args_text(&args, is_last ? "dead" : status);
	qc_args_text(&args, why);
	qc_args_datum(&args, Float8GetDatum(pause_after(event->attempts)), false);
	qc_args_id(&args, shop_id);
	(void) qc_db_system(&postpone, &args);
	if (is_last)
		counts->dead++;
	else if (strcmp(status, "parked") == 0)
		counts->parked++;
	else
		counts->failed++;
	if (is_last)
		ereport(LOG, errmsg("gave up a Stripe event after %d tries", MAX_TRIES),
				errdetail_log("Event %s: %s", event->id, why));
}

static void
finish(const Claim *event, const QcStripeEffect *effect, QcStripeCounts *counts)
{
	QcArgs settled = {0};
	QcArgs waiting = {0};

	qc_args_text(&settled, event->id);
	qc_args_text(&settled, effect->is_ignored ? "ignored" : "applied");
	qc_args_id(&settled, effect->shop_id);
	(void) qc_db_system(&settle, &settled);
	if (effect->is_ignored)
	{
		counts->ignored++;
		return;
	}
	qc_args_text(&waiting, effect->subscription);
	qc_args_int8(&waiting, effect->shop_id);
	(void) qc_db_system(&wake_waiting, &waiting);
	counts->applied++;
}

/*
 * Apply one event in a subtransaction.  Returns NULL, or the error's text when it was
 * undone; an order to stop is passed on.
 */
static char *
try_effect(const Claim *event, QcStripeEffect *effect)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	char *volatile problem = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		qc_stripe_effect(event->payload, effect);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		if (error->sqlerrcode == ERRCODE_QUERY_CANCELED ||
			error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN)
			ReThrowError(error);
		problem = pstrdup(error->message);
		FreeErrorData(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return problem;
}

static void
process(const Claim *event, QcStripeCounts *counts)
{
	QcStripeEffect effect = {0};
	char *problem = try_effect(event, &effect);

	if (problem != NULL)
		put_off(event, "pending", problem, effect.shop_id, counts);
	else if (effect.waits_for != NULL)
		put_off(event, "parked", effect.waits_for, effect.shop_id, counts);
	else
		finish(event, &effect, counts);
}

QcStripeCounts
qc_stripe_apply(int64 max)
{
	QcStripeCounts counts = {0};

	for (int64 i = 0; i < max; i++)
	{
		Claim event;

		CHECK_FOR_INTERRUPTS();
		qc_db_begin();
		if (qc_db_system(&claim, NULL) == 0)
		{
			qc_db_end();
			break;
		}
		event.id = qc_db_text(0, 1);
		event.payload = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2,
									  &(bool){false});
		event.attempts = qc_db_int4(0, 3);
		process(&event, &counts);
		qc_db_end();
	}
	return counts;
}

TimestampTz
qc_stripe_next_due(void)
{
	TimestampTz due;

	qc_db_begin();
	(void) qc_db_system(&find_next_due, NULL);
	due = qc_db_time(0, 1);
	qc_db_end();
	return due;
}

bool
qc_stripe_replay(const char *event_id)
{
	QcArgs args = {0};
	bool found;

	qc_args_text(&args, event_id);
	qc_db_begin();
	found = qc_db_system(&revive, &args) > 0;
	qc_db_end();
	if (found)
		qc_wake_worker();
	return found;
}
