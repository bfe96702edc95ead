/*
 * functions/subscriptions.c
 *		Plans on offer, and what a shop has subscribed to.
 *
 * Ids at Stripe of a plan are nobody's business and stay here; those of a shop's own
 * subscription are its own.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_plans);
PG_FUNCTION_INFO_V1(qc_fn_current_subscription);
PG_FUNCTION_INFO_V1(qc_fn_subscription_history);

/* The formatter does not break concatenated strings. */
/* clang-format off */
#define UTC(column)                                                                    \
	"pg_catalog.to_char(" column                                                        \
	" AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

#define FLAG(name) "coalesce((p.features ->> '" name "')::boolean, false)"

/* A plan as JSON; storage_limit_mb and team_members_limit are its older names. */
#define PLAN_JSON                                                                      \
	"pg_catalog.json_build_object('id', p.id, 'name', p.name, 'slug', p.slug,"          \
	" 'description', p.description, 'price', p.price::pg_catalog.text, 'currency',"     \
	" p.currency, 'billing_period', p.billing_period, 'yearly_price',"                  \
	" p.yearly_price::pg_catalog.text, 'products_limit', p.products_limit,"             \
	" 'orders_per_month', p.orders_per_month, 'storage_mb', p.storage_mb,"              \
	" 'storage_limit_mb', p.storage_mb, 'staff_accounts', p.staff_accounts,"            \
	" 'team_members_limit', p.staff_accounts, 'features', p.features,"                  \
	" 'custom_domain', " FLAG("custom_domain") ", 'premium_subdomain', "                \
	FLAG("premium_subdomain") ", 'remove_branding', " FLAG("remove_branding")           \
	", 'priority_support', " FLAG("priority_support") ", 'api_access', "                \
	FLAG("api_access") ", 'advanced_analytics', " FLAG("advanced_analytics")            \
	", 'multi_currency', " FLAG("multi_currency") ", 'trial_days', p.trial_days,"       \
	" 'is_active', p.is_active, 'is_featured', p.is_featured, 'sort_order',"            \
	" p.sort_order, 'created_at', " UTC("p.created_at") ", 'updated_at', "              \
	UTC("p.updated_at") ")"

#define SUBSCRIPTION_MEMBERS                                                           \
	"'id', s.id, 'plan_id', s.plan_id, 'quantity', s.quantity, 'tenant_id', (SELECT"    \
	" t.id FROM qutecart.tenants t WHERE t.shop_id = s.shop_id), 'status', s.status,"   \
	" 'cancel_at_period_end', s.cancel_at_period_end, 'trial_ends_at', "                \
	UTC("s.trial_ends_at") ", 'current_period_start', " UTC("s.current_period_start")   \
	", 'current_period_end', " UTC("s.current_period_end") ", 'canceled_at', "          \
	UTC("s.canceled_at") ", 'ends_at', CASE WHEN s.ended_at IS NOT NULL THEN "          \
	UTC("s.ended_at") " WHEN s.cancel_at_period_end THEN "                              \
	UTC("s.current_period_end") " END, 'amount', s.amount::pg_catalog.text,"            \
	" 'currency', s.currency, 'billing_period', s.billing_period,"                      \
	" 'stripe_subscription_id', s.stripe_subscription_id, 'stripe_customer_id',"        \
	" s.stripe_customer_id, 'stripe_price_id', s.stripe_price_id, 'stripe_status',"     \
	" s.stripe_status, 'metadata', s.metadata, 'created_at', " UTC("s.created_at")      \
	", 'updated_at', " UTC("s.updated_at")

/* clang-format on */

static QcStmt read_plans = {
	.sql = "SELECT (" PLAN_JSON ")::pg_catalog.text FROM qutecart.plans p"
		   " WHERE p.is_active ORDER BY p.sort_order, p.id",
	.is_read = true,
};

static QcStmt read_plan_of_shop = {
	.sql = "SELECT (" PLAN_JSON ")::pg_catalog.text, p.slug FROM qutecart.shops s"
		   " JOIN qutecart.plans p ON p.id = s.plan_id WHERE s.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

static QcStmt read_current = {
	.sql = "SELECT h.name, (" PLAN_JSON ")::pg_catalog.text, h.subscription_status,"
		   " h.trial_ends_at, h.subscription_ends_at, h.grace_ends_at,"
		   " h.cancel_at_period_end, e.plan_slug <> 'free', t.subdomain,"
		   " (SELECT n.slug FROM qutecart.plans n WHERE n.id = h.pending_plan_id),"
		   " (SELECT n.slug FROM qutecart.plans n WHERE n.id = k.plan_id), k.ends_at"
		   " FROM qutecart.shops h JOIN qutecart.plans p ON p.id = h.plan_id"
		   " JOIN qutecart.effective_limits e ON e.shop_id = h.id"
		   " LEFT JOIN qutecart.tenants t ON t.shop_id = h.id AND t.status = 'active'"
		   " LEFT JOIN qutecart.comps k ON k.shop_id = h.id AND k.ended_at IS NULL"
		   " AND k.ends_at > pg_catalog.now() WHERE h.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

static QcStmt read_latest = {
	.sql = "SELECT pg_catalog.json_build_object(" SUBSCRIPTION_MEMBERS
		   ")::pg_catalog.text FROM qutecart.subscriptions s WHERE s.shop_id = $1"
		   " ORDER BY s.created_at DESC, s.id DESC LIMIT 1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

static QcStmt read_history = {
	.sql = "SELECT pg_catalog.json_build_object(" SUBSCRIPTION_MEMBERS
		   ", 'plan', " PLAN_JSON ")::pg_catalog.text FROM qutecart.subscriptions s"
		   " JOIN qutecart.plans p ON p.id = s.plan_id WHERE s.shop_id = $1"
		   " ORDER BY s.created_at DESC, s.id DESC",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

static uint64
run_for_shop(QcStmt *stmt, int64 shop_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	return qc_db_run(stmt, &args);
}

static void
write_list(QcJson *json, const char *key, uint64 n)
{
	qc_json_open(json, key, '[');
	for (uint64 i = 0; i < n; i++)
		qc_json_raw(json, NULL, qc_db_text(i, 1));
	qc_json_close(json, ']');
}

Datum
qc_fn_plans(PG_FUNCTION_ARGS)
{
	bool has_plan;
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_db_begin();
	write_list(&json, "plans", qc_db_run(&read_plans, NULL));
	has_plan = qc_context_is_member() &&
			   run_for_shop(&read_plan_of_shop, qc_context()->shop_id) == 1;
	qc_json_raw(&json, "current_plan", has_plan ? qc_db_text(0, 1) : "null");
	qc_json_text(&json, "current_plan_slug", has_plan ? qc_db_text(0, 2) : "free");
	qc_db_end();
	qc_json_close(&json, '}');
	return qc_json_datum(&json);
}

/* The members that come from the row of read_current. */
static void
write_current(QcJson *json)
{
	char *subdomain = qc_db_text(0, 9);

	qc_json_raw(json, "plan", qc_db_text(0, 2));
	qc_json_text(json, "status", qc_db_text(0, 3));
	qc_json_time(json, "trial_ends_at", qc_db_time(0, 4));
	qc_json_time(json, "subscription_ends_at", qc_db_time(0, 5));
	qc_json_time(json, "grace_ends_at", qc_db_time(0, 6));
	qc_json_text(json, "pending_plan", qc_db_text(0, 10));
	qc_json_text(json, "comp_plan", qc_db_text(0, 11));
	qc_json_time(json, "comp_ends_at", qc_db_time(0, 12));
	qc_json_bool(json, "cancel_at_period_end", qc_db_bool(0, 7));
	qc_json_bool(json, "is_premium", qc_db_bool(0, 8));
	qc_json_bool(json, "has_subdomain", subdomain != NULL);
	qc_json_text(json, "subdomain_url",
				 subdomain ? psprintf("https://%s.%s", subdomain, qc_guc_base_domain)
						   : NULL);
}

Datum
qc_fn_current_subscription(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_db_begin();
	qc_db_expect(run_for_shop(&read_current, shop_id), 1, "reading a subscription");
	qc_json_open(&json, "shop", '{');
	qc_json_int(&json, "id", shop_id);
	qc_json_text(&json, "name", qc_db_text(0, 1));
	qc_json_close(&json, '}');
	write_current(&json);
	qc_json_raw(&json, "subscription",
				run_for_shop(&read_latest, shop_id) == 1 ? qc_db_text(0, 1) : "null");
	qc_db_end();
	qc_json_close(&json, '}');
	return qc_json_datum(&json);
}

Datum
qc_fn_subscription_history(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_db_begin();
	write_list(&json, "subscriptions", run_for_shop(&read_history, shop_id));
	qc_db_end();
	qc_json_close(&json, '}');
	return qc_json_datum(&json);
}
