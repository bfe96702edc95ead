/*
 * extension/billing/limit_override.h
 *		A limit agreed on with one shop, in place of its plan's.
 */
#ifndef QC_BILLING_LIMIT_OVERRIDE_H
#define QC_BILLING_LIMIT_OVERRIDE_H

#include "postgres.h"

#include "extension/billing/plan.h"

/* Is it -1, 0 or more, and not more than can be counted?  Storage in MB. */
extern bool qc_limit_override_fits(QcMetric metric, int64 limit);

/* Set or clear one, with the audit log; raises not_found without shop or override. */
extern void qc_limit_override_set(int64 shop_id, QcMetric metric, int64 limit,
								  const char *reason);
extern void qc_limit_override_clear(int64 shop_id, QcMetric metric, const char *reason);

#endif /* QC_BILLING_LIMIT_OVERRIDE_H */
