/*
 * functions/shop_subscriptions.c
 *		All shops' subscriptions as operators see them: list, one in full, totals.
 *
 * Read past row-level security, by who may list them alone.  The numbers' definitions
 * stand in the functions' comments.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "extension/billing/operator.h"
#include "extension/billing/subscription.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/core/page.h"

PG_FUNCTION_INFO_V1(qc_fn_list_subscriptions);
PG_FUNCTION_INFO_V1(qc_fn_read_subscription);
PG_FUNCTION_INFO_V1(qc_fn_subscription_totals);

#define PERMISSION "admin.subscription-plan.subscription.list"

/* The formatter does not break concatenated strings. */
/* clang-format off */
#define UTC(column)                                                                    \
	"pg_catalog.to_char(" column                                                        \
	" AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

/* What a contract brings in a month. */
#define MRR(c) "pg_catalog.round(CASE " c ".billing_period WHEN 'yearly' THEN "         \
	c ".amount / 12 ELSE " c ".amount END, 2)"

#define SUBSCRIPTIONS                                                                  \
	"SELECT s.id, pg_catalog.jsonb_build_object('shop_id', s.id, 'shop_name', s.name,"  \
	" 'owner_email', u.email, 'status', s.subscription_status, 'plan', p.slug,"         \
	" 'plan_in_force', e.plan_slug, 'pending_plan', n.slug, 'mrr', CASE WHEN c.status"  \
	"  IN ('active', 'past_due') THEN " MRR("c") " ELSE 0.00 END::text,"                \
	" 'currency', coalesce(c.currency, p.currency), 'billing_period',"                  \
	" c.billing_period, 'is_at_stripe', c.stripe_subscription_id IS NOT NULL,"          \
	" 'cancel_at_period_end', s.cancel_at_period_end, 'trial_ends_at', "                \
	UTC("c.trial_ends_at") ", 'current_period_end', " UTC("c.current_period_end")       \
	", 'grace_ends_at', " UTC("s.grace_ends_at") ", 'comp_plan', q.slug,"               \
	" 'comp_ends_at', " UTC("k.ends_at") ", 'created_at', " UTC("s.created_at")         \
	")::text FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id"           \
	" JOIN qutecart.effective_limits e ON e.shop_id = s.id"                             \
	" LEFT JOIN qutecart.plans n ON n.id = s.pending_plan_id"                           \
	" LEFT JOIN qutecart.subscriptions c ON c.shop_id = s.id AND c.status IN"           \
	"  ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete')"            \
	" LEFT JOIN qutecart.comps k ON k.shop_id = s.id AND k.ended_at IS NULL"            \
	"  AND k.ends_at > pg_catalog.now()"                                                \
	" LEFT JOIN qutecart.plans q ON q.id = k.plan_id"                                   \
	" LEFT JOIN LATERAL (SELECT o.email FROM qutecart.shop_members m"                   \
	"  JOIN qutecart.users o ON o.id = m.user_id WHERE m.shop_id = s.id"                \
	"  AND m.role = 'owner' ORDER BY m.user_id LIMIT 1) u ON true"

#define MATCHES(what)                                                                  \
	"pg_catalog.strpos(pg_catalog.lower(" what "), pg_catalog.lower($3)) > 0"
/* clang-format on */

static QcStmt read_page = {
	.sql = SUBSCRIPTIONS
	" WHERE ($1 IS NULL OR s.subscription_status = $1) AND ($2 IS NULL OR p.slug = $2)"
	" AND ($3 IS NULL OR " MATCHES("s.name") " OR " MATCHES("s.email") " OR " MATCHES(
		"u.email") ")"
				   " AND ($4 IS NULL OR c.status = 'trialing' AND c.trial_ends_at <="
				   " pg_catalog.now() + pg_catalog.make_interval(days => $4))"
				   " AND ($5 IS NULL OR (s.subscription_status = 'past_due') = $5)"
				   " AND ($6 IS NULL OR s.cancel_at_period_end = $6)"
				   " AND ($7 IS NULL OR (k.id IS NOT NULL) = $7)"
				   " AND ($8 IS NULL OR s.id > $8) ORDER BY s.id LIMIT $9",
	.nargs = 9,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID, INT4OID, BOOLOID, BOOLOID, BOOLOID, INT8OID,
				 INT8OID},
	.is_read = true,
	.is_custom = true,
};

static QcStmt read_one = {
	.sql = SUBSCRIPTIONS " WHERE s.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

/* The parts of one shop's subscription: name and JSON. */
static QcStmt read_parts = {
	.sql =
		"SELECT 'limits', pg_catalog.to_jsonb(e)::text FROM qutecart.effective_limits e"
		" WHERE e.shop_id = $1 UNION ALL SELECT 'overrides', coalesce("
		"pg_catalog.jsonb_agg(pg_catalog.to_jsonb(l) - 'shop_id' ORDER BY l.metric),"
		" '[]')::text FROM qutecart.limit_overrides l WHERE l.shop_id = $1"
		" UNION ALL SELECT 'contracts', coalesce(pg_catalog.jsonb_agg("
		"pg_catalog.to_jsonb(c) - 'shop_id' || pg_catalog.jsonb_build_object('amount',"
		" c.amount::text, 'plan', (SELECT p.slug FROM qutecart.plans p"
		" WHERE p.id = c.plan_id)) ORDER BY c.id DESC), '[]')::text"
		" FROM qutecart.subscriptions c WHERE c.shop_id = $1"
		" UNION ALL SELECT 'comps', coalesce(pg_catalog.jsonb_agg("
		"pg_catalog.to_jsonb(k) - 'shop_id' || pg_catalog.jsonb_build_object('plan',"
		" (SELECT p.slug FROM qutecart.plans p WHERE p.id = k.plan_id))"
		" ORDER BY k.id DESC), '[]')::text FROM qutecart.comps k WHERE k.shop_id = $1"
		" UNION ALL SELECT 'changes', coalesce(pg_catalog.jsonb_agg(h.change), '[]')"
		"::text FROM (SELECT pg_catalog.to_jsonb(g) - 'shop_id'"
		" || pg_catalog.jsonb_build_object('mrr_from', g.mrr_from::text, 'mrr_to',"
		" g.mrr_to::text) AS change FROM qutecart.subscription_changes g"
		" WHERE g.shop_id = $1 ORDER BY g.at DESC, g.id DESC LIMIT 100) h",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

/* Begin and end of the month of a day, UTC. */
#define MONTH                                                                          \
	" (SELECT pg_catalog.timezone('UTC', $1::timestamp) AS begins,"                    \
	" pg_catalog.timezone('UTC', $1::timestamp + interval '1 month') AS ends) m"

#define ENDED                                                                          \
	"coalesce(c.ended_at, CASE WHEN c.status IN ('canceled', 'incomplete_expired')"    \
	" THEN c.updated_at END, 'infinity')"

static QcStmt read_totals[] = {
	{.sql =
		 "SELECT 'revenue', coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object("
		 "'currency', r.currency, 'mrr', r.mrr::text, 'arr', (r.mrr * 12)::text,"
		 " 'contracts', r.n) ORDER BY r.currency), '[]')::text FROM (SELECT c.currency,"
		 " pg_catalog.sum(" MRR("c") ") AS mrr, count(*) AS n"
									 " FROM qutecart.subscriptions c"
									 " WHERE c.status IN ('active', 'past_due') AND $1 "
									 "IS NOT NULL GROUP BY c.currency) r",
	 .nargs = 1,
	 .argtypes = {DATEOID},
	 .is_read = true},
	{.sql =
		 "SELECT 'plans', pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('plan',"
		 " p.slug, 'shops', (SELECT count(*) FROM qutecart.shops s"
		 " WHERE s.plan_id = p.id), 'contracts', r.n, 'trialing', r.trialing,"
		 " 'past_due', r.past_due, 'canceling', r.canceling) ORDER BY p.sort_order,"
		 " p.id)::text FROM qutecart.plans p CROSS JOIN LATERAL (SELECT count(*) AS n,"
		 " count(*) FILTER (WHERE c.status = 'trialing') AS trialing,"
		 " count(*) FILTER (WHERE c.status = 'past_due') AS past_due,"
		 " count(*) FILTER (WHERE c.cancel_at_period_end) AS canceling"
		 " FROM qutecart.subscriptions c WHERE c.plan_id = p.id AND c.status IN"
		 " ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete')) r"
		 " WHERE $1 IS NOT NULL",
	 .nargs = 1,
	 .argtypes = {DATEOID},
	 .is_read = true},
	{.sql =
		 "SELECT 'trials', pg_catalog.jsonb_build_object('running', (SELECT count(*)"
		 " FROM qutecart.subscriptions c WHERE c.status = 'trialing'), 'ended', r.ended,"
		 " 'converted', r.converted, 'conversion', pg_catalog.round(r.converted::numeric"
		 " / nullif(r.ended, 0), 4))::text FROM (SELECT count(*) AS ended,"
		 " count(*) FILTER (WHERE EXISTS (SELECT FROM qutecart.subscription_changes g"
		 "  WHERE g.shop_id = c.shop_id AND g.contract_id = c.id"
		 "  AND g.status_to = 'active')) AS converted FROM qutecart.subscriptions c"
		 " CROSS JOIN" MONTH " WHERE least(c.trial_ends_at, c.ended_at) >= m.begins"
		 " AND least(c.trial_ends_at, c.ended_at) < least(m.ends, pg_catalog.now())"
		 " AND c.trial_ends_at IS NOT NULL AND c.status <> 'trialing') r",
	 .nargs = 1,
	 .argtypes = {DATEOID},
	 .is_read = true},
	{.sql =
		 "SELECT 'churn', pg_catalog.jsonb_build_object('paying_at_begin', r.n, 'ended',"
		 " r.ended, 'rate', pg_catalog.round(r.ended::numeric / nullif(r.n, 0), 4))"
		 "::text FROM (SELECT count(*) AS n, count(*) FILTER (WHERE " ENDED
		 " < m.ends) AS ended FROM qutecart.subscriptions c CROSS JOIN" MONTH
		 " WHERE c.created_at < m.begins AND " ENDED " >= m.begins AND c.amount > 0"
		 " AND c.status NOT IN ('incomplete', 'incomplete_expired')"
		 " AND coalesce(c.trial_ends_at, '-infinity') <= m.begins) r",
	 .nargs = 1,
	 .argtypes = {DATEOID},
	 .is_read = true},
	{.sql =
		 "SELECT 'history', coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object("
		 "'month', r.month::text, 'currency', r.currency, 'new', r.new::text,"
		 " 'expansion', r.up::text, 'contraction', r.down::text, 'lost', r.lost::text,"
		 " 'net', r.net::text) ORDER BY r.month, r.currency), '[]')::text FROM (SELECT"
		 " pg_catalog.date_trunc('month', pg_catalog.timezone('UTC', g.at))::date AS"
		 " month, g.currency, coalesce(pg_catalog.sum(g.mrr_to) FILTER (WHERE"
		 " g.mrr_from = 0), 0.00) AS new, coalesce(pg_catalog.sum(g.mrr_to - g.mrr_from)"
		 " FILTER (WHERE g.mrr_from > 0 AND g.mrr_to > g.mrr_from), 0.00) AS up,"
		 " coalesce(pg_catalog.sum(g.mrr_from - g.mrr_to) FILTER (WHERE g.mrr_to > 0"
		 " AND g.mrr_to < g.mrr_from), 0.00) AS down, coalesce(pg_catalog.sum("
		 "g.mrr_from) FILTER (WHERE g.mrr_to = 0), 0.00) AS lost,"
		 " pg_catalog.sum(g.mrr_to - g.mrr_from) AS net"
		 " FROM qutecart.subscription_changes g CROSS JOIN" MONTH
		 " WHERE g.at >= m.ends - interval '12 months' AND g.at < m.ends"
		 " AND g.mrr_from <> g.mrr_to GROUP BY 1, 2) r",
	 .nargs = 1,
	 .argtypes = {DATEOID},
	 .is_read = true},
};

static QcStmt first_of_month = {
	.sql = "SELECT pg_catalog.date_trunc('month', coalesce($1::timestamp,"
		   " pg_catalog.timezone('UTC', pg_catalog.now())))::date",
	.nargs = 1,
	.argtypes = {DATEOID},
	.is_read = true,
};

static void
check_filters(const char *status, int32 days)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (status != NULL && qc_subscription_state(status) == QC_SUB_STATE_COUNT)
		qc_fields_add(&errors, "status", "The selected status is invalid.");
	if (days < 0 || days > 730)
		qc_fields_add(&errors, "trial_ends_in",
					  "The trial ends in field must be between 0 and 730.");
	qc_fields_raise(&errors);
}

Datum
qc_fn_list_subscriptions(PG_FUNCTION_ARGS)
{
	QcPage page = qc_page(1, qc_arg_int4(8, 0));
	QcArgs args = {0};
	QcJson json;
	uint64 n;

	qc_operator_need_to(PERMISSION);
	check_filters(qc_arg_text(0), qc_arg_int4(3, 0));
	for (int i = 0; i < 3; i++)
		qc_args_text(&args, qc_arg_text(i));
	for (int i = 3; i < 8; i++)
		qc_args_datum(&args, qc_arg_datum(i), PG_ARGISNULL(i));
	qc_args_int8(&args, page.limit + 1);
	qc_json_reply_open(&json, "Subscription list");
	qc_json_open(&json, "subscriptions", '[');
	qc_db_begin();
	n = qc_db_system(&read_page, &args);
	for (uint64 i = 0; i < Min(n, page.limit); i++)
		qc_json_raw(&json, NULL, qc_db_text(i, 2));
	qc_json_close(&json, ']');
	qc_json_id(&json, "next_after", n > page.limit ? qc_db_int8(page.limit - 1, 1) : 0);
	qc_db_end();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_read_subscription(PG_FUNCTION_ARGS)
{
	QcArgs args = {0};
	QcJson json;
	uint64 n;

	qc_operator_need_to(PERMISSION);
	qc_json_reply_open(&json, "Subscription details");
	qc_args_int8(&args, PG_GETARG_INT64(0));
	qc_db_begin();
	if (qc_db_system(&read_one, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
	qc_json_raw(&json, "subscription", qc_db_text(0, 2));
	n = qc_db_system(&read_parts, &args);
	for (uint64 i = 0; i < n; i++)
		qc_json_raw(&json, qc_db_text(i, 1), qc_db_text(i, 2));
	qc_db_end();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_subscription_totals(PG_FUNCTION_ARGS)
{
	QcArgs day = {0};
	QcArgs month = {0};
	QcJson json;
	bool is_null;

	qc_operator_need_to(PERMISSION);
	qc_json_reply_open(&json, "Subscription totals");
	qc_args_datum(&day, qc_arg_datum(0), PG_ARGISNULL(0));
	qc_db_begin();
	(void) qc_db_system(&first_of_month, &day);
	qc_json_text(&json, "month", qc_db_output(0, 1));
	qc_args_datum(&month, qc_db_datum(0, 1, &is_null), false);
	for (int i = 0; i < lengthof(read_totals); i++)
	{
		(void) qc_db_system(&read_totals[i], &month);
		qc_json_raw(&json, qc_db_text(0, 1), qc_db_text(0, 2));
	}
	qc_db_end();
	return qc_json_reply_close(&json);
}
