/*
 * extension/billing/plan.c
 *		What a shop may use: the override, else the effective plan's limit.
 *
 * The only file that reads a limit.  The rule itself is the view effective_limits; the
 * quota asks here and keeps the answer for as long as its generation lasts.
 */
#include "postgres.h"

#include "extension/billing/plan.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"

static QcStmt read_limits = {
	.sql = "SELECT e.products_limit, e.orders_per_month, e.storage_bytes,"
		   " e.staff_accounts, e.valid_until, e.plan_name"
		   " FROM qutecart.effective_limits e WHERE e.shop_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_latest = true,
};

static const char *const names[QC_METRIC_COUNT] = {
	[QC_METRIC_PRODUCTS] = "products",
	[QC_METRIC_ORDERS] = "orders",
	[QC_METRIC_STORAGE] = "storage",
	[QC_METRIC_STAFF] = "staff",
};

const char *
qc_metric_name(QcMetric metric)
{
	return names[metric];
}

QcMetric
qc_metric_of_name(const char *name)
{
	for (int i = 0; i < QC_METRIC_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return (QcMetric) i;
	ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("unrecognized metric: \"%s\"", name),
			errhint("Use products, orders, storage or staff."));
}

/* Between qc_db_begin and qc_db_end: the row of one shop. */
static void
read_row(int64 shop_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	if (qc_db_system(&read_limits, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND),
				errmsg("shop %lld not found", (long long) shop_id));
}

int64
qc_plan_limit(int64 shop_id, QcMetric metric, TimestampTz *valid_until)
{
	int64 limit;

	qc_db_begin();
	read_row(shop_id);
	limit = qc_db_int8(0, metric + 1);
	*valid_until = qc_db_time(0, 5);
	qc_db_end();
	return limit;
}

char *
qc_plan_name(int64 shop_id)
{
	char *name;

	qc_db_begin();
	read_row(shop_id);
	name = qc_db_keep_text(qc_db_text(0, 6));
	qc_db_end();
	return name;
}
