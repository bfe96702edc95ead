/*
 * extension/billing/comp.c
 *		A plan given to a shop for nothing until a date.
 *
 * It lies above the contract, whoever's that is, and never touches it: when it ends the
 * former state is there without being restored.  What it gives is in effective_limits.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/comp.h"
#include "extension/billing/subdomain.h"
#include "extension/billing/subscription.h"
#include "extension/billing/subscription_shown.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/tenant/audit.h"

/* A plan, and whether it is dearer than the one that the shop has without a comp. */
static QcStmt find_plan = {
	.sql = "SELECT p.id, p.is_active, p.price > coalesce((SELECT o.price"
		   " FROM qutecart.shops s JOIN qutecart.plans o ON o.id = s.plan_id"
		   " WHERE s.id = $1 AND (s.subscription_status IN ('active', 'trialing') OR"
		   " s.subscription_status = 'past_due' AND s.grace_ends_at > pg_catalog.now())"
		   "), 0) FROM qutecart.plans p WHERE p.slug = $2",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt find_running = {
	.sql = "SELECT k.id, k.ends_at FROM qutecart.comps k"
		   " WHERE k.shop_id = $1 AND k.ended_at IS NULL",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt insert_comp = {
	.sql = "INSERT INTO qutecart.comps (shop_id, plan_id, ends_at, reason)"
		   " VALUES ($1, $2, $3, $4) RETURNING id",
	.nargs = 4,
	.argtypes = {INT8OID, INT8OID, TIMESTAMPTZOID, TEXTOID},
};

static QcStmt close_comp = {
	.sql = "UPDATE qutecart.comps k SET ended_at = $3 WHERE k.shop_id = $1"
		   " AND k.id = $2 AND k.ended_at IS NULL",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TIMESTAMPTZOID},
};

static void
lock_shop(int64 shop_id)
{
	if (!qc_subscription_lock_shop(shop_id))
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
}

/* The id of the comp that has not been ended, and when it is to; 0 = none. */
static int64
running(int64 shop_id, TimestampTz *ends_at)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	if (qc_db_system(&find_running, &args) == 0)
		return 0;
	*ends_at = qc_db_time(0, 2);
	return qc_db_int8(0, 1);
}

static int64
need_plan(int64 shop_id, const char *slug)
{
	QcArgs args = {0};
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, slug);
	if (qc_db_system(&find_plan, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("plan \"%s\" not found", slug));
	if (!qc_db_bool(0, 2))
		qc_fields_add(&errors, "plan", "The plan is retired and cannot be chosen.");
	else if (!qc_db_bool(0, 3))
		qc_fields_add(&errors, "plan",
					  "The plan must be dearer than the one that the shop has.");
	qc_fields_raise(&errors);
	return qc_db_int8(0, 1);
}

static void
follow(int64 shop_id, TimestampTz at)
{
	if (qc_subscription_shown(shop_id, at).is_entitled)
		qc_subdomain_open(shop_id);
	else
		qc_subdomain_reserve(shop_id);
}

static char *
details(const char *plan, TimestampTz until, const char *reason)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	if (plan != NULL)
	{
		qc_json_text(&json, "plan", plan);
		qc_json_time(&json, "until", until);
	}
	qc_json_text(&json, "reason", reason);
	qc_json_close(&json, '}');
	return json.out.data;
}

static char *
object(int64 comp_id)
{
	return psprintf("comp-" INT64_FORMAT, comp_id);
}

int64
qc_comp_give(int64 shop_id, const char *plan, TimestampTz until, const char *reason)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	TimestampTz ends_at;
	QcArgs args = {0};
	int64 id;

	lock_shop(shop_id);
	qc_db_begin();
	id = running(shop_id, &ends_at);
	if (id != 0 && ends_at > now)
		ereport(ERROR, qc_err(QC_ERR_CONFLICT),
				errmsg("the shop has a plan for a time already"),
				errhint("End that one first."));
	if (id != 0)
		qc_comp_end(shop_id, id, now, "its time is over");
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, need_plan(shop_id, plan));
	qc_args_datum(&args, TimestampTzGetDatum(until), false);
	qc_args_text(&args, reason);
	(void) qc_db_system(&insert_comp, &args);
	id = qc_db_int8(0, 1);
	follow(shop_id, now);
	qc_audit("subscription.comp", shop_id, object(id), details(plan, until, reason));
	qc_db_end();
	return id;
}

void
qc_comp_end(int64 shop_id, int64 comp_id, TimestampTz at, const char *reason)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, comp_id);
	qc_args_datum(&args, TimestampTzGetDatum(at), false);
	qc_db_begin();
	if (qc_db_system(&close_comp, &args) > 0)
	{
		follow(shop_id, at);
		qc_audit("subscription.comp_end", shop_id, object(comp_id),
				 details(NULL, 0, reason));
	}
	qc_db_end();
}

void
qc_comp_take(int64 shop_id, const char *reason)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	TimestampTz ends_at;
	int64 id;

	lock_shop(shop_id);
	qc_db_begin();
	id = running(shop_id, &ends_at);
	if (id == 0 || ends_at <= now)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND),
				errmsg("the shop has no plan for a time"));
	qc_comp_end(shop_id, id, now, reason);
	qc_db_end();
}
