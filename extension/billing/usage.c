/*
 * extension/billing/usage.c
 *		What a shop uses, read from the rows themselves.
 *
 * Reports never ask the escrow: that is an upper bound, made for refusing.
 */
#include "postgres.h"

#include "extension/billing/usage.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"

static QcStmt read_usage = {
	.sql = "SELECT s.name, e.plan_name, e.plan_slug, s.subscription_status,"
		   " s.trial_ends_at, s.subscription_ends_at, e.products_limit,"
		   " e.orders_per_month, e.storage_bytes, e.staff_accounts,"
		   " (SELECT count(*) FROM qutecart.products p"
		   "   WHERE p.shop_id = $1 AND p.deleted_at IS NULL),"
		   " (SELECT count(*) FROM qutecart.orders o WHERE o.shop_id = $1"
		   "   AND o.created_at >= pg_catalog.timezone('UTC', $2::timestamp)"
		   "   AND o.created_at < pg_catalog.timezone('UTC',"
		   "    $2::timestamp + interval '1 month')),"
		   " (SELECT coalesce(pg_catalog.sum(m.bytes), 0)::bigint FROM qutecart.media m"
		   "   WHERE m.shop_id = $1),"
		   " (SELECT count(*) FROM qutecart.shop_members m"
		   "   WHERE m.shop_id = $1 AND m.role = 'staff')"
		   " FROM qutecart.shops s JOIN qutecart.effective_limits e ON e.shop_id = s.id"
		   " WHERE s.id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, DATEOID},
	.is_read = true,
};

static QcStmt write_history = {
	.sql =
		"INSERT INTO qutecart.usage_history"
		" (shop_id, metric, period, used, limit_value, plan_slug)"
		" SELECT e.shop_id, u.metric, $1, u.used, u.limit_value, e.plan_slug"
		" FROM qutecart.effective_limits e CROSS JOIN LATERAL ("
		"  SELECT 'products', (SELECT count(*) FROM qutecart.products p"
		"   WHERE p.shop_id = e.shop_id AND p.deleted_at IS NULL), e.products_limit"
		"  UNION ALL SELECT 'orders', (SELECT count(*) FROM qutecart.orders o"
		"   WHERE o.shop_id = e.shop_id"
		"   AND o.created_at >= pg_catalog.timezone('UTC', $1::timestamp)"
		"   AND o.created_at < pg_catalog.timezone('UTC',"
		"    $1::timestamp + interval '1 month')), e.orders_per_month"
		"  UNION ALL SELECT 'storage', (SELECT coalesce(pg_catalog.sum(m.bytes), 0)::bigint"
		"   FROM qutecart.media m WHERE m.shop_id = e.shop_id), e.storage_bytes"
		"  UNION ALL SELECT 'staff', (SELECT count(*) FROM qutecart.shop_members m"
		"   WHERE m.shop_id = e.shop_id AND m.role = 'staff'), e.staff_accounts"
		" ) u (metric, used, limit_value) ON CONFLICT DO NOTHING",
	.nargs = 1,
	.argtypes = {DATEOID},
};

/* Columns of read_usage; limits and used are in the order of QcMetric. */
enum
{
	SHOP_NAME = 1,
	PLAN_NAME,
	PLAN_SLUG,
	STATUS,
	TRIAL_ENDS_AT,
	SUBSCRIPTION_ENDS_AT,
	FIRST_LIMIT,
	FIRST_USED = FIRST_LIMIT + QC_METRIC_COUNT
};

void
qc_usage_read(int64 shop_id, DateADT month, QcUsage *usage)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_datum(&args, DateADTGetDatum(month), false);
	qc_db_begin();
	if (qc_db_system(&read_usage, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND),
				errmsg("shop %lld not found", (long long) shop_id));
	usage->shop_id = shop_id;
	usage->shop_name = qc_db_keep_text(qc_db_text(0, SHOP_NAME));
	usage->plan_name = qc_db_keep_text(qc_db_text(0, PLAN_NAME));
	usage->plan_slug = qc_db_keep_text(qc_db_text(0, PLAN_SLUG));
	usage->status = qc_db_keep_text(qc_db_text(0, STATUS));
	usage->trial_ends_at = qc_db_time(0, TRIAL_ENDS_AT);
	usage->subscription_ends_at = qc_db_time(0, SUBSCRIPTION_ENDS_AT);
	for (int i = 0; i < QC_METRIC_COUNT; i++)
	{
		usage->limits[i] = qc_db_int8(0, FIRST_LIMIT + i);
		usage->used[i] = qc_db_int8(0, FIRST_USED + i);
	}
	qc_db_end();
}

int64
qc_usage_write_history(DateADT month)
{
	QcArgs args = {0};
	int64 n;

	qc_args_datum(&args, DateADTGetDatum(month), false);
	qc_db_begin();
	n = qc_db_system(&write_history, &args);
	qc_db_end();
	return n;
}
