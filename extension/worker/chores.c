/*
 * extension/worker/chores.c
 *		The table of what the worker does in a round.
 *
 * Each chore does one batch in a transaction of its own, and is called again while
 * there was something to do.
 */
#include "postgres.h"

#include "extension/stripe/apply.h"
#include "extension/worker/chores.h"

#define EVENTS_PER_BATCH 100

static int64
apply_events(void)
{
	QcStripeCounts counts = qc_stripe_apply(EVENTS_PER_BATCH);

	return counts.applied + counts.ignored + counts.parked + counts.failed +
		   counts.dead;
}

const QcChore qc_chores[] = {
	{"applying Stripe events", apply_events, qc_stripe_next_due},
};

const int qc_chore_count = lengthof(qc_chores);
