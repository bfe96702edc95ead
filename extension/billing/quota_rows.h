/*
 * extension/billing/quota_rows.h
 *		Which rows take units: the only place that knows what a metric counts.
 */
#ifndef QC_BILLING_QUOTA_ROWS_H
#define QC_BILLING_QUOTA_ROWS_H

#include "postgres.h"

#include "access/htup.h"
#include "access/tupdesc.h"

#include "extension/billing/quota_entry.h"

/* Columns of a metric's table, found once per relation. */
typedef struct QcQuotaColumns
{
	QcMetric metric;
	AttrNumber shop_id;
	AttrNumber decides; /* deleted_at, created_at, bytes, role */
} QcQuotaColumns;

/* What one row takes: units of (shop, period); 0 units when it is not counted. */
typedef struct QcQuotaUnits
{
	int64 shop_id;
	int64 units;
	TimestampTz at; /* chooses the period of an order; else 0 */
} QcQuotaUnits;

extern void qc_quota_columns(QcMetric metric, TupleDesc desc, QcQuotaColumns *columns);
extern QcQuotaUnits qc_quota_row(const QcQuotaColumns *columns, HeapTuple row,
								 TupleDesc desc);

/* Units of the rows committed by now, nothing of the own transaction. */
extern int64 qc_quota_count_committed(const QcQuotaKey *key);

/* Units that prepared transactions may still add. */
extern int64 qc_quota_count_prepared(const QcQuotaKey *key);

#endif /* QC_BILLING_QUOTA_ROWS_H */
