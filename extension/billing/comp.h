/*
 * extension/billing/comp.h
 *		A plan given to a shop for nothing until a date.
 */
#ifndef QC_BILLING_COMP_H
#define QC_BILLING_COMP_H

#include "postgres.h"

#include "datatype/timestamp.h"

/*
 * Give a shop a plan until that time; returns its id.  Raises not_found for an unknown
 * shop or plan, validation_failed for a retired plan and for one that is not dearer
 * than what the shop has by itself, conflict when another one runs.
 */
extern int64 qc_comp_give(int64 shop_id, const char *plan, TimestampTz until,
						  const char *reason);

/* End the one that runs now; raises not_found when there is none. */
extern void qc_comp_take(int64 shop_id, const char *reason);

/* End that one: the shop is what its own contract makes of it.  It is locked. */
extern void qc_comp_end(int64 shop_id, int64 comp_id, TimestampTz at,
						const char *reason);

#endif /* QC_BILLING_COMP_H */
