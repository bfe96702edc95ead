/*
 * extension/billing/usage.h
 *		What a shop uses, read from the rows themselves.
 */
#ifndef QC_BILLING_USAGE_H
#define QC_BILLING_USAGE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "extension/billing/plan.h"

typedef struct QcUsage
{
	int64 shop_id;
	char *shop_name;
	char *plan_name; /* of the effective plan */
	char *plan_slug;
	char *status;                     /* of the subscription */
	TimestampTz trial_ends_at;        /* DT_NOEND = none */
	TimestampTz subscription_ends_at; /* DT_NOEND = none */
	int64 used[QC_METRIC_COUNT];   /* base units: bytes for storage; orders of month */
	int64 limits[QC_METRIC_COUNT]; /* base units or QC_UNLIMITED */
} QcUsage;

/*
 * Read a shop's usage as this transaction sees the rows; month is the first day of the
 * month whose orders count.  Raises not_found.  Text is palloc'd.
 */
extern void qc_usage_read(int64 shop_id, DateADT month, QcUsage *usage);

/*
 * One usage_history row per shop and metric for a month; what is written already stays.
 * Returns the number of rows written.
 */
extern int64 qc_usage_write_history(DateADT month);

#endif /* QC_BILLING_USAGE_H */
