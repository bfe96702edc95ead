/*
 * extension/stripe/fold.h
 *		From all events of one subscription to what it is.
 */
#ifndef QC_STRIPE_FOLD_H
#define QC_STRIPE_FOLD_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "extension/stripe/events.h"

/* A plan as events name it. */
typedef struct QcStripePlan
{
	int64 id;
	int32 rank; /* by price; plans of one price have one rank */
	const char *slug;
	const char *price_id;        /* NULL = not at Stripe */
	const char *yearly_price_id; /* likewise */
	const char *former_price_ids; /* that subscribers may still pay; blanks between */
} QcStripePlan;

/*
 * Fold events (a list of QcStripeEvent) of one subscription into *out; false when
 * none carries the subscription.  The result depends on the set of events alone, not
 * on their order or number; now decides whether a pending plan has started.
 *
 * plans: list of QcStripePlan.  Events with a problem, or of a plan that is not known,
 * are left out.  out->shop_id is the caller's.
 */
extern bool qc_stripe_fold(List *events, List *plans, TimestampTz now,
						   QcSubscription *out);

/* The plan that an event's price, else its metadata, names; NULL when none. */
extern const QcStripePlan *qc_stripe_plan_of(const QcStripeEvent *event, List *plans);

#endif /* QC_STRIPE_FOLD_H */
