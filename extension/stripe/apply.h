/*
 * extension/stripe/apply.h
 *		Stored events take effect, each exactly once.
 */
#ifndef QC_STRIPE_APPLY_H
#define QC_STRIPE_APPLY_H

#include "postgres.h"

#include "datatype/timestamp.h"

/* What became of the events that were due. */
typedef struct QcStripeCounts
{
	int64 applied;
	int64 ignored;
	int64 parked; /* their shop or subscription is not known yet */
	int64 failed; /* will be tried again */
	int64 dead;   /* given up */
} QcStripeCounts;

/* Apply at most max events that are due, in a subtransaction each. */
extern QcStripeCounts qc_stripe_apply(int64 max);

/* When the next event is due; DT_NOEND = none waits. */
extern TimestampTz qc_stripe_next_due(void);

/* Make an event due again, whatever became of it; false when there is none. */
extern bool qc_stripe_replay(const char *event_id);

/* Fold all subscriptions of a shop anew from the stored events; returns how many. */
extern int64 qc_stripe_rebuild(int64 shop_id);

#endif /* QC_STRIPE_APPLY_H */
