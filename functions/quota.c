/*
 * functions/quota.c
 *		What operators ask of the escrow: count anew, compare, look, agree on a limit.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/date.h"

#include "extension/billing/limit_override.h"
#include "extension/billing/operator.h"
#include "extension/billing/quota_count.h"
#include "extension/core/args.h"
#include "extension/core/db.h"

PG_FUNCTION_INFO_V1(qc_fn_recount);
PG_FUNCTION_INFO_V1(qc_fn_usage_audit);
PG_FUNCTION_INFO_V1(qc_fn_quota_entries);
PG_FUNCTION_INFO_V1(qc_fn_set_limit_override);
PG_FUNCTION_INFO_V1(qc_fn_clear_limit_override);

static QcStmt count_rows = {
	.sql =
		"SELECT s.id, u.metric, u.period, u.used FROM qutecart.shops s"
		" CROSS JOIN LATERAL ("
		"  SELECT 'products', NULL::date, (SELECT count(*) FROM qutecart.products p"
		"   WHERE p.shop_id = s.id AND p.deleted_at IS NULL)"
		"  UNION ALL SELECT 'orders', m.month::date, (SELECT count(*)"
		"   FROM qutecart.orders o WHERE o.shop_id = s.id"
		"   AND o.created_at >= pg_catalog.timezone('UTC', m.month)"
		"   AND o.created_at < pg_catalog.timezone('UTC', m.month + interval '1 month'))"
		"   FROM pg_catalog.date_trunc('month', pg_catalog.timezone('UTC',"
		"    pg_catalog.now())) m (month)"
		"  UNION ALL SELECT 'storage', NULL, (SELECT"
		"   coalesce(pg_catalog.sum(m.bytes), 0)::bigint FROM qutecart.media m"
		"   WHERE m.shop_id = s.id)"
		"  UNION ALL SELECT 'staff', NULL, (SELECT count(*) FROM qutecart.shop_members m"
		"   WHERE m.shop_id = s.id AND m.role = 'staff')"
		" ) u (metric, period, used)"
		" WHERE $1 IS NULL OR s.id = $1 ORDER BY s.id, u.metric",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
	.is_latest = true,
};

/* All entries of this database, or of one shop, each pinned while it is visited. */
static void
visit_entries(int64 shop_id, void (*visit)(QcQuotaEntry *entry, void *arg), void *arg)
{
	int n;
	QcQuotaKey *keys = qc_quota_entry_keys(shop_id, &n);

	for (int i = 0; i < n; i++)
	{
		QcQuotaUse *use = qc_quota_use(&keys[i]);

		CHECK_FOR_INTERRUPTS();
		visit(use->entry, arg);
	}
}

static void
drop(QcQuotaEntry *entry, void *arg)
{
	qc_quota_entry_drop(entry);
}

Datum
qc_fn_recount(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int64 shop_id = qc_arg_int8(0, 0);
	QcArgs args = {0};
	uint64 n;

	qc_operator_need();
	InitMaterializedSRF(fcinfo, 0);
	visit_entries(shop_id, drop, NULL);
	qc_args_id(&args, shop_id);
	qc_db_begin();
	n = qc_db_system(&count_rows, &args);
	for (uint64 i = 0; i < n; i++)
	{
		Datum values[4];
		bool nulls[4];

		for (int j = 0; j < 4; j++)
			values[j] = qc_db_datum(i, j + 1, &nulls[j]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	qc_db_end();
	return (Datum) 0;
}

static void
put_key(const QcQuotaKey *key, Datum *values, bool *nulls)
{
	values[0] = Int64GetDatum(key->shop_id);
	values[1] = CStringGetTextDatum(qc_metric_name(key->metric));
	values[2] = DateADTGetDatum(key->period);
	nulls[2] = key->period == QC_QUOTA_NO_PERIOD;
}

static void
audit(QcQuotaEntry *entry, void *arg)
{
	ReturnSetInfo *result = arg;
	QcQuotaAudit found = qc_quota_audit(entry);
	Datum values[6];
	bool nulls[6] = {false};

	if (found.is_right)
		return;
	put_key(&entry->key, values, nulls);
	values[3] = Int64GetDatum(found.counted);
	values[4] = Int64GetDatum(found.held);
	values[5] = Int64GetDatum(found.held - found.counted);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
qc_fn_usage_audit(PG_FUNCTION_ARGS)
{
	qc_operator_need();
	InitMaterializedSRF(fcinfo, 0);
	visit_entries(0, audit, fcinfo->resultinfo);
	return (Datum) 0;
}

static void
show(QcQuotaEntry *entry, void *arg)
{
	ReturnSetInfo *result = arg;
	QcQuotaEntry copy;
	bool is_counted;
	Datum values[8];
	bool nulls[8] = {false};

	SpinLockAcquire(&entry->mutex);
	copy = *entry;
	is_counted = qc_quota_entry_is_counted(entry);
	SpinLockRelease(&entry->mutex);
	put_key(&copy.key, values, nulls);
	values[3] = Int64GetDatum(copy.base);
	nulls[3] = !is_counted;
	values[4] = Int64GetDatum(copy.in_flight);
	values[5] = Int64GetDatum(copy.limit);
	nulls[5] = copy.limit_generation == 0;
	values[6] = BoolGetDatum(is_counted && !copy.is_uncertain);
	values[7] = Int32GetDatum(copy.pins - 1);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
qc_fn_quota_entries(PG_FUNCTION_ARGS)
{
	qc_operator_need();
	InitMaterializedSRF(fcinfo, 0);
	visit_entries(0, show, fcinfo->resultinfo);
	return (Datum) 0;
}

Datum
qc_fn_set_limit_override(PG_FUNCTION_ARGS)
{
	QcMetric metric = qc_metric_of_name(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	int64 limit = PG_GETARG_INT64(2);

	qc_operator_need();
	if (!qc_limit_override_fits(metric, limit))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("limit %lld is out of range", (long long) limit),
				errhint("Use -1 for unlimited, 0 for none, storage in MB."));
	qc_limit_override_set(PG_GETARG_INT64(0), metric, limit,
						  text_to_cstring(PG_GETARG_TEXT_PP(3)));
	PG_RETURN_VOID();
}

Datum
qc_fn_clear_limit_override(PG_FUNCTION_ARGS)
{
	QcMetric metric = qc_metric_of_name(text_to_cstring(PG_GETARG_TEXT_PP(1)));

	qc_operator_need();
	qc_limit_override_clear(PG_GETARG_INT64(0), metric, NULL);
	PG_RETURN_VOID();
}
