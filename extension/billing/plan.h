/*
 * extension/billing/plan.h
 *		What a shop may use: the override, else the effective plan's limit.
 */
#ifndef QC_BILLING_PLAN_H
#define QC_BILLING_PLAN_H

#include "postgres.h"

#include "datatype/timestamp.h"

#define QC_UNLIMITED (-1)

typedef enum QcMetric
{
	QC_METRIC_PRODUCTS,
	QC_METRIC_ORDERS,
	QC_METRIC_STORAGE, /* bytes */
	QC_METRIC_STAFF,
	QC_METRIC_COUNT
} QcMetric;

extern const char *qc_metric_name(QcMetric metric);
extern QcMetric qc_metric_of_name(const char *name); /* raises when unknown */

/*
 * The effective limit of one metric in its base unit (bytes for storage), or
 * QC_UNLIMITED; *valid_until is when it changes by itself (the end of the grace
 * period), DT_NOEND if never.  A shop that does not exist raises not_found.
 */
extern int64 qc_plan_limit(int64 shop_id, QcMetric metric, TimestampTz *valid_until);

/* The effective plan's name, palloc'd. */
extern char *qc_plan_name(int64 shop_id);

#endif /* QC_BILLING_PLAN_H */
