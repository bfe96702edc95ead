/*
 * extension/billing/quota_warning.h
 *		Telling the vendor that 80, 90 or 100 % of a limit are used.
 */
#ifndef QC_BILLING_QUOTA_WARNING_H
#define QC_BILLING_QUOTA_WARNING_H

#include "postgres.h"

#include "extension/billing/quota_use.h"

/* Usage moved from before to after: was a threshold crossed? */
extern bool qc_quota_warning_is_due(int64 before, int64 after, int64 limit);

/*
 * Write the warnings of the thresholds in (before, after]; one that its shop, metric and
 * period has had already is not written again.
 */
extern void qc_quota_warning_write(const QcQuotaKey *key, int64 before, int64 after,
								   int64 limit);

#endif /* QC_BILLING_QUOTA_WARNING_H */
