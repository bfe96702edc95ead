/*
 * extension/billing/plan_effect.c
 *		What a changed field of a plan does to the shops on it, in words.
 *
 * Counted from the rows, for the shops that the plan's limits are in force for.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "extension/billing/plan.h"
#include "extension/billing/plan_effect.h"
#include "extension/core/db.h"

/* Shops whose limit it is, and those that use more than $3. */
static QcStmt count_limited = {
	.sql =
		"SELECT count(*), count(*) FILTER (WHERE $3 >= 0 AND u.used > $3"
		" * CASE $2 WHEN 'storage' THEN 1048576 ELSE 1 END)"
		" FROM qutecart.effective_limits e CROSS JOIN LATERAL (SELECT CASE $2"
		"  WHEN 'products' THEN (SELECT count(*) FROM qutecart.products p"
		"   WHERE p.shop_id = e.shop_id AND p.deleted_at IS NULL)"
		"  WHEN 'orders' THEN (SELECT count(*) FROM qutecart.orders o"
		"   WHERE o.shop_id = e.shop_id AND o.created_at >= pg_catalog.timezone('UTC',"
		"   pg_catalog.date_trunc('month', pg_catalog.timezone('UTC',"
		"   pg_catalog.now()))))"
		"  WHEN 'storage' THEN (SELECT coalesce(pg_catalog.sum(m.bytes), 0)"
		"   FROM qutecart.media m WHERE m.shop_id = e.shop_id)"
		"  ELSE (SELECT count(*) FROM qutecart.shop_members m"
		"   WHERE m.shop_id = e.shop_id AND m.role = 'staff') END) u (used)"
		" WHERE e.plan_id = $1 AND NOT EXISTS (SELECT FROM qutecart.limit_overrides l"
		"  WHERE l.shop_id = e.shop_id AND l.metric = $2)",
	.nargs = 3,
	.argtypes = {INT8OID, TEXTOID, INT8OID},
};

/* Shops on the plan, those it is in force for, those that pay. */
static QcStmt count_shops = {
	.sql = "SELECT (SELECT count(*) FROM qutecart.shops s WHERE s.plan_id = $1),"
		   " (SELECT count(*) FROM qutecart.effective_limits e WHERE e.plan_id = $1),"
		   " (SELECT count(*) FROM qutecart.subscriptions c WHERE c.plan_id = $1"
		   "  AND c.status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused',"
		   "  'incomplete'))",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static const char *
shops(int64 n)
{
	return psprintf(INT64_FORMAT " shop%s", n, n == 1 ? "" : "s");
}

static char *
effect_of_limit(int64 plan_id, QcMetric metric, const char *before, const char *after)
{
	int64 old = strtoll(before, NULL, 10);
	int64 new = strtoll(after, NULL, 10);
	bool is_higher = old != QC_UNLIMITED && (new == QC_UNLIMITED || new > old);
	int64 over;
	int64 all;
	QcArgs args = {0};

	qc_args_int8(&args, plan_id);
	qc_args_text(&args, qc_metric_name(metric));
	qc_args_int8(&args, new);
	qc_db_begin();
	(void) qc_db_system(&count_limited, &args);
	all = qc_db_int8(0, 1);
	over = qc_db_int8(0, 2);
	qc_db_end();
	if (is_higher || over == 0)
		return psprintf("%s get%s a %s limit", shops(all), all == 1 ? "s" : "",
						is_higher ? "higher" : "lower");
	return psprintf("%s get%s a lower limit; %s will be over %s limit", shops(all),
					all == 1 ? "s" : "", shops(over), over == 1 ? "its" : "their");
}

static bool
has_name(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = names; (at = strstr(at, name)) != NULL; at += len)
		if ((at == names || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
			return true;
	return false;
}

/* The names of one list that another has not. */
static void
add_names(StringInfo out, const char *verb, const char *names, const char *others)
{
	char *rest = pstrdup(names);
	const char *before = psprintf("%s%s ", out->len ? "; " : "", verb);

	for (char *name; (name = strsep(&rest, ",")) != NULL;)
	{
		if (*name == '\0' || has_name(others, name))
			continue;
		appendStringInfo(out, "%s%s", before, name);
		before = ", ";
	}
}

static char *
effect_of_features(int64 in_force, const char *before, const char *after)
{
	StringInfoData out;

	initStringInfo(&out);
	add_names(&out, psprintf("%s get", shops(in_force)), after, before);
	add_names(&out, psprintf("%s lose", shops(in_force)), before, after);
	return out.data;
}

const char *
qc_plan_effect(int64 plan_id, QcPlanField field, const char *before, const char *after)
{
	int64 on_plan;
	int64 in_force;
	int64 contracts;
	QcArgs args = {0};

	if (plan_id == 0)
		return "new plan";
	qc_args_int8(&args, plan_id);
	qc_db_begin();
	(void) qc_db_system(&count_shops, &args);
	on_plan = qc_db_int8(0, 1);
	in_force = qc_db_int8(0, 2);
	contracts = qc_db_int8(0, 3);
	qc_db_end();
	switch (field)
	{
		case QC_PLAN_PRODUCTS_LIMIT:
			return effect_of_limit(plan_id, QC_METRIC_PRODUCTS, before, after);
		case QC_PLAN_ORDERS_PER_MONTH:
			return effect_of_limit(plan_id, QC_METRIC_ORDERS, before, after);
		case QC_PLAN_STORAGE_MB:
			return effect_of_limit(plan_id, QC_METRIC_STORAGE, before, after);
		case QC_PLAN_STAFF_ACCOUNTS:
			return effect_of_limit(plan_id, QC_METRIC_STAFF, before, after);
		case QC_PLAN_PRICE:
		case QC_PLAN_YEARLY_PRICE:
		case QC_PLAN_CURRENCY:
			return psprintf("new subscribers pay it; %s with a contract keep%s the old"
							" price",
							shops(contracts), contracts == 1 ? "s" : "");
		case QC_PLAN_TRIAL_DAYS:
			return "trials that begin from now on";
		case QC_PLAN_FEATURES:
			return effect_of_features(in_force, before, after);
		case QC_PLAN_IS_ACTIVE:
			return strcmp(after, "true") == 0
					   ? "shops can choose it"
					   : psprintf("no shop can choose it; %s stay%s on it",
								  shops(on_plan), on_plan == 1 ? "s" : "");
		default:
			return "is shown";
	}
}
