/*
 * extension/billing/plan_edit.h
 *		Writing plans: the rows, the prices that were, the log, what shops feel of it.
 */
#ifndef QC_BILLING_PLAN_EDIT_H
#define QC_BILLING_PLAN_EDIT_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "extension/billing/plan_fields.h"

/* Let nobody else write plans until the end of the transaction; reading goes on. */
extern void qc_plan_lock_all(void);

/* Read a plan; false when there is none.  By id it is locked, by slug it is not. */
extern bool qc_plan_lock(QcPlan *plan, int64 id);
extern bool qc_plan_find(QcPlan *plan, const char *slug);

/* The slugs of all plans in the order in which they are shown, as a list of char *. */
extern List *qc_plan_slugs(void);

/*
 * Write a new plan, or what changed of a locked one; before: as it was read.  Writes
 * the audit log; a no-op when nothing changed.  A changed price moves to plan_prices
 * and leaves the plan without one at Stripe until it is made there: whoever subscribed
 * goes on paying what he paid.  Limits count at once, in every shop on the plan.
 * Raises conflict for a slug that is taken, validation_failed for an unknown currency.
 */
extern void qc_plan_create(QcPlan *plan);
extern bool qc_plan_update(const QcPlan *plan, const QcPlan *before);

#endif /* QC_BILLING_PLAN_EDIT_H */
