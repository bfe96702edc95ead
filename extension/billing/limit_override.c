/*
 * extension/billing/limit_override.c
 *		A limit agreed on with one shop, in place of its plan's.
 *
 * It wins in every state of the subscription; see effective_limits.
 */
#include "postgres.h"

#include "extension/billing/limit_override.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/tenant/audit.h"

#define MAX_STORAGE_MB INT64CONST(8796093022207)

static QcStmt upsert_override = {
	.sql = "INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value, reason)"
		   " SELECT s.id, $2, $3, $4 FROM qutecart.shops s WHERE s.id = $1"
		   " ON CONFLICT (shop_id, metric) DO UPDATE SET"
		   " limit_value = excluded.limit_value, reason = excluded.reason,"
		   " created_at = pg_catalog.now()",
	.nargs = 4,
	.argtypes = {INT8OID, TEXTOID, INT8OID, TEXTOID},
};

static QcStmt delete_override = {
	.sql = "DELETE FROM qutecart.limit_overrides o"
		   " WHERE o.shop_id = $1 AND o.metric = $2",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static char *
details_of(const char *metric, int64 limit, const char *reason)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "metric", metric);
	qc_json_int(&json, "limit", limit);
	qc_json_text(&json, "reason", reason);
	qc_json_close(&json, '}');
	return json.out.data;
}

/* Only one row can match the key; none means that there is no such shop or override. */
static void
change_override(QcStmt *stmt, const QcArgs *args, const char *missing)
{
	uint64 n;

	qc_db_begin();
	n = qc_db_system(stmt, args);
	qc_db_end();
	if (n == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("%s not found", missing));
}

bool
qc_limit_override_fits(QcMetric metric, int64 limit)
{
	return limit >= QC_UNLIMITED &&
		   (metric != QC_METRIC_STORAGE || limit <= MAX_STORAGE_MB);
}

void
qc_limit_override_set(int64 shop_id, QcMetric metric, int64 limit, const char *reason)
{
	const char *name = qc_metric_name(metric);
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, name);
	qc_args_int8(&args, limit);
	qc_args_text(&args, reason);
	change_override(&upsert_override, &args, "shop");
	qc_audit("limit_override.set", shop_id, name, details_of(name, limit, reason));
}

void
qc_limit_override_clear(int64 shop_id, QcMetric metric, const char *reason)
{
	const char *name = qc_metric_name(metric);
	QcArgs args = {0};
	QcJson json;

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, name);
	change_override(&delete_override, &args, "override");
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "reason", reason);
	qc_json_close(&json, '}');
	qc_audit("limit_override.clear", shop_id, name, reason ? json.out.data : NULL);
}
