/*
 * extension/billing/subscription.c
 *		The one function that changes a subscription, and all that a change brings.
 *
 * A contract changes through qc_subscription_put() alone; triggers refuse every other
 * write of its state or plan, whoever makes it.  What the shop shows comes from the
 * live contract, else from the newest one.  A shop without a plan is on Free.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/notice.h"
#include "extension/billing/subdomain.h"
#include "extension/billing/subscription.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"

/* A contract's row as it stands. */
typedef struct Row
{
	int64 id; /* 0 = none */
	QcSubState state;
	int64 plan_id;
} Row;

/* What the shop shows. */
typedef struct Shown
{
	char *status;
	int64 plan_id;
	int64 pending_plan_id;
	bool cancels;
	bool is_entitled; /* to a subdomain */
} Shown;

static QcStmt lock_shop = {
	.sql = "SELECT FROM qutecart.shops s WHERE s.id = $1 FOR NO KEY UPDATE",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt find_row = {
	.sql = "SELECT c.id, c.status, c.plan_id FROM qutecart.subscriptions c"
		   " WHERE c.shop_id = $1 AND c.stripe_subscription_id IS NOT DISTINCT FROM $2"
		   " AND (c.stripe_subscription_id IS NOT NULL OR c.ended_at IS NULL)",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt find_other_live = {
	.sql = "SELECT FROM qutecart.subscriptions c WHERE c.shop_id = $1"
		   " AND c.stripe_subscription_id IS DISTINCT FROM $2 AND c.status IN"
		   " ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete')",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt insert_row = {
	.sql = "INSERT INTO qutecart.subscriptions (shop_id, plan_id, status, amount)"
		   " VALUES ($1, $2, $3, 0) RETURNING id",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTOID},
};

/* $10: the amount of one unit in minor units, or -1 for the plan's own price. */
static QcStmt update_row = {
	.sql =
		"UPDATE qutecart.subscriptions c SET plan_id = $3, status = $4,"
		" stripe_subscription_id = $5, stripe_customer_id = $6, stripe_price_id = $7,"
		" stripe_status = $8, quantity = $9, amount = CASE"
		" WHEN $10 >= 0 THEN $10 * $9 / (10 ^ coalesce((SELECT r.decimals"
		" FROM qutecart.currencies r WHERE r.code = $11), 2))::numeric"
		" ELSE (SELECT CASE WHEN $12 THEN coalesce(p.yearly_price, p.price * 12)"
		" ELSE p.price END * $9 FROM qutecart.plans p WHERE p.id = $3) END,"
		" currency = $11, billing_period = CASE WHEN $12 THEN 'yearly' ELSE 'monthly'"
		" END, cancel_at_period_end = $13, created_at = coalesce($14, c.created_at),"
		" trial_ends_at = $15, current_period_start = $16, current_period_end = $17,"
		" canceled_at = $18, ended_at = $19, stripe_folded_event = $20,"
		" stripe_folded_at = $21, updated_at = pg_catalog.now()"
		" WHERE c.shop_id = $1 AND c.id = $2",
	.nargs = 21,
	.argtypes = {INT8OID,        INT8OID,        INT8OID,        TEXTOID,
				 TEXTOID,        TEXTOID,        TEXTOID,        TEXTOID,
				 INT4OID,        INT8OID,        TEXTOID,        BOOLOID,
				 BOOLOID,        TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID,
				 TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID,
				 TIMESTAMPTZOID},
};

/* What the shop shows comes from its live contract, else from the newest one. */
static QcStmt show_on_shop = {
	.sql = "UPDATE qutecart.shops s SET subscription_status = c.status, plan_id = CASE"
		   " WHEN c.status IN ('canceled', 'incomplete_expired')"
		   " THEN (SELECT p.id FROM qutecart.plans p WHERE p.slug = 'free')"
		   " ELSE c.plan_id END, pending_plan_id = CASE WHEN NOT c.is_live THEN NULL"
		   " WHEN c.id = $2 THEN $3 ELSE s.pending_plan_id END,"
		   " cancel_at_period_end = c.cancel_at_period_end AND c.is_live,"
		   " stripe_customer_id = coalesce(c.stripe_customer_id, s.stripe_customer_id),"
		   " stripe_subscription_id = c.stripe_subscription_id,"
		   " trial_ends_at = c.trial_ends_at, trial_used_at = coalesce(s.trial_used_at,"
		   " CASE WHEN c.trial_ends_at IS NOT NULL THEN c.created_at END),"
		   " subscription_started_at = c.created_at, subscription_ends_at ="
		   " coalesce(c.ended_at, c.current_period_end), grace_ends_at = CASE"
		   " WHEN c.status = 'past_due' THEN coalesce(s.grace_ends_at,"
		   " pg_catalog.now() + pg_catalog.make_interval(days => $4)) END,"
		   " updated_at = pg_catalog.now()"
		   " FROM (SELECT l.*, l.status IN ('trialing', 'active', 'past_due', 'unpaid',"
		   " 'paused', 'incomplete') AS is_live FROM qutecart.subscriptions l"
		   " WHERE l.shop_id = $1 ORDER BY is_live DESC, l.created_at DESC, l.id DESC"
		   " LIMIT 1) c WHERE s.id = $1",
	.nargs = 4,
	.argtypes = {INT8OID, INT8OID, INT8OID, INT4OID},
};

static QcStmt read_shown = {
	.sql = "SELECT s.subscription_status, s.plan_id, s.pending_plan_id,"
		   " s.cancel_at_period_end, p.features @> '{\"premium_subdomain\": true}'"
		   " AND (s.subscription_status IN ('active', 'trialing')"
		   " OR s.subscription_status = 'past_due' AND s.grace_ends_at > $2)"
		   " FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id"
		   " WHERE s.id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, TIMESTAMPTZOID},
};

static QcStmt write_audit = {
	.sql = "INSERT INTO qutecart.audit_log (actor, shop_id, action, object, details)"
		   " VALUES ($1, $2, 'subscription.changed', $3, pg_catalog.jsonb_build_object("
		   "'from', $4::text, 'to', $5::text, 'plan_from', $6::bigint,"
		   " 'plan_to', $7::bigint, 'pending_plan', $8::bigint, 'cause', $9::text))",
	.nargs = 9,
	.argtypes = {TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT8OID, INT8OID, INT8OID,
				 TEXTOID},
};

static QcStmt graces_over = {
	.sql = "SELECT s.id FROM qutecart.shops s JOIN qutecart.tenants t"
		   " ON t.shop_id = s.id AND t.status = 'active'"
		   " WHERE s.subscription_status = 'past_due' AND s.grace_ends_at <= $1"
		   " ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

static QcStmt plans_due = {
	.sql = "SELECT s.id, c.id, s.pending_plan_id,"
		   " coalesce(c.stripe_subscription_id, 'contract-' || c.id)"
		   " FROM qutecart.shops s JOIN qutecart.subscriptions c ON c.shop_id = s.id"
		   " AND c.status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')"
		   " WHERE s.pending_plan_id IS NOT NULL AND c.current_period_end <= $1"
		   " ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

static QcStmt move_row = {
	.sql = "UPDATE qutecart.subscriptions c SET plan_id = $3,"
		   " updated_at = pg_catalog.now() WHERE c.shop_id = $1 AND c.id = $2",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT8OID},
};

static int64 changing_shop = 0; /* the shop whose contract is being written */

bool
qc_subscription_is_changing(int64 shop_id)
{
	return changing_shop != 0 && changing_shop == shop_id;
}

bool
qc_subscription_lock_shop(int64 shop_id)
{
	QcArgs args = {0};
	bool found;

	qc_args_int8(&args, shop_id);
	qc_db_begin();
	found = qc_db_system(&lock_shop, &args) > 0;
	qc_db_end();
	return found;
}

bool
qc_subscription_has_other_live(int64 shop_id, const char *stripe_id)
{
	QcArgs args = {0};
	bool found;

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, stripe_id);
	qc_db_begin();
	found = qc_db_system(&find_other_live, &args) > 0;
	qc_db_end();
	return found;
}

static Row
read_row(const QcSubscription *wanted)
{
	QcArgs args = {0};
	Row row = {.state = QC_SUB_NONE};

	qc_args_int8(&args, wanted->shop_id);
	qc_args_text(&args, wanted->stripe_id);
	if (qc_db_system(&find_row, &args) > 0)
	{
		row.id = qc_db_int8(0, 1);
		row.state = qc_subscription_state(qc_db_text(0, 2));
		row.plan_id = qc_db_int8(0, 3);
	}
	return row;
}

static void
need_transition(const Row *row, QcSubState to)
{
	QcSubEvent event = row->id == 0 ? QC_SUB_FIRST_SEEN : QC_SUB_REPORTED;

	if (row->state == to && row->id != 0)
		return;
	if (!qc_subscription_may_become(row->state, event, to))
		ereport(ERROR, qc_err(QC_ERR_STATE_CHANGE_REFUSED),
				errmsg("a subscription cannot change from \"%s\" to \"%s\"",
					   qc_subscription_state_name(row->state),
					   qc_subscription_state_name(to)),
				errhint("A subscription that has ended stays so; begin a new one."));
}

static void
need_no_other_live(const QcSubscription *wanted)
{
	if (qc_subscription_is_live(wanted->state) &&
		qc_subscription_has_other_live(wanted->shop_id, wanted->stripe_id))
		ereport(ERROR, qc_err(QC_ERR_CONFLICT),
				errmsg("the shop has another live subscription"),
				errhint("Cancel one of the two at Stripe first."));
}

static void
arg_time(QcArgs *args, TimestampTz time)
{
	qc_args_datum(args, TimestampTzGetDatum(time), TIMESTAMP_NOT_FINITE(time));
}

static int64
add_row(const QcSubscription *wanted)
{
	QcArgs args = {0};

	qc_args_int8(&args, wanted->shop_id);
	qc_args_int8(&args, wanted->plan_id);
	qc_args_text(&args, qc_subscription_state_name(wanted->state));
	(void) qc_db_system(&insert_row, &args);
	return qc_db_int8(0, 1);
}

static void
write_row(const QcSubscription *wanted, int64 id)
{
	QcArgs args = {0};

	qc_args_int8(&args, wanted->shop_id);
	qc_args_int8(&args, id);
	qc_args_int8(&args, wanted->plan_id);
	qc_args_text(&args, qc_subscription_state_name(wanted->state));
	qc_args_text(&args, wanted->stripe_id);
	qc_args_text(&args, wanted->customer_id);
	qc_args_text(&args, wanted->price_id);
	qc_args_text(&args, wanted->stripe_status);
	qc_args_int4(&args, wanted->quantity);
	qc_args_int8(&args, wanted->unit_amount);
	qc_args_text(&args, wanted->currency ? wanted->currency : "USD");
	qc_args_bool(&args, wanted->is_yearly);
	qc_args_bool(&args, wanted->cancels_at_period_end);
	arg_time(&args, wanted->started_at);
	arg_time(&args, wanted->trial_ends_at);
	arg_time(&args, wanted->period_start);
	arg_time(&args, wanted->period_end);
	arg_time(&args, wanted->canceled_at);
	arg_time(&args, wanted->ended_at);
	qc_args_text(&args, wanted->folded_event);
	arg_time(&args, wanted->folded_at);
	qc_db_expect(qc_db_system(&update_row, &args), 1, "writing a subscription");
}

static void
write_shop(int64 shop_id, int64 contract_id, int64 pending_plan_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, contract_id);
	qc_args_id(&args, pending_plan_id);
	qc_args_int4(&args, qc_guc_grace_days);
	qc_db_expect(qc_db_system(&show_on_shop, &args), 1,
				 "writing a shop's subscription");
}

static Shown
read_shop(int64 shop_id, TimestampTz at)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	arg_time(&args, at);
	qc_db_expect(qc_db_system(&read_shown, &args), 1, "reading a shop's subscription");
	return (Shown){.status = qc_db_text(0, 1),
				   .plan_id = qc_db_int8(0, 2),
				   .pending_plan_id = qc_db_int8(0, 3),
				   .cancels = qc_db_bool(0, 4),
				   .is_entitled = qc_db_bool(0, 5)};
}

/* Write the contract and the shop, the two tables that the triggers guard. */
static int64
write_both(const QcSubscription *wanted, int64 row_id)
{
	volatile int64 id = row_id;

	changing_shop = wanted->shop_id;
	PG_TRY();
	{
		if (id == 0)
			id = add_row(wanted);
		write_row(wanted, id);
		write_shop(wanted->shop_id, id, wanted->pending_plan_id);
	}
	PG_FINALLY();
	{
		changing_shop = 0;
	}
	PG_END_TRY();
	return id;
}

/* The same for a plan that starts because its time has come. */
static void
write_plan(int64 shop_id, int64 contract_id, int64 plan_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, contract_id);
	qc_args_int8(&args, plan_id);
	changing_shop = shop_id;
	PG_TRY();
	{
		(void) qc_db_system(&move_row, &args);
		write_shop(shop_id, contract_id, 0);
	}
	PG_FINALLY();
	{
		changing_shop = 0;
	}
	PG_END_TRY();
}

static bool
is_same(const Shown *a, const Shown *b)
{
	return strcmp(a->status, b->status) == 0 && a->plan_id == b->plan_id &&
		   a->pending_plan_id == b->pending_plan_id && a->cancels == b->cancels;
}

static void
audit(int64 shop_id, const char *object, const Shown *before, const Shown *after,
	  const char *cause)
{
	QcArgs args = {0};

	qc_args_text(&args, "system");
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, object);
	qc_args_text(&args, before->status);
	qc_args_text(&args, after->status);
	qc_args_id(&args, before->plan_id);
	qc_args_id(&args, after->plan_id);
	qc_args_id(&args, after->pending_plan_id);
	qc_args_text(&args, cause);
	(void) qc_db_system(&write_audit, &args);
}

/* What follows from what the shop shows now: its subdomain, the log, the messages. */
static bool
follow(int64 shop_id, const char *object, const Shown *before, const char *cause,
	   TimestampTz at)
{
	Shown after = read_shop(shop_id, at);

	if (after.is_entitled)
		qc_subdomain_open(shop_id);
	else
		qc_subdomain_reserve(shop_id);
	if (is_same(before, &after))
		return false;
	audit(shop_id, object, before, &after, cause);
	qc_notice_subscription_changed(shop_id, before->status, before->plan_id);
	return true;
}

bool
qc_subscription_put(const QcSubscription *wanted, const char *cause)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	const char *object = wanted->stripe_id;
	Shown before;
	Row row;
	bool changed;

	if (!qc_subscription_lock_shop(wanted->shop_id))
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
	qc_db_begin();
	row = read_row(wanted);
	need_transition(&row, wanted->state);
	need_no_other_live(wanted);
	before = read_shop(wanted->shop_id, now);
	row.id = write_both(wanted, row.id);
	if (object == NULL)
		object = psprintf("contract-" INT64_FORMAT, row.id);
	changed = follow(wanted->shop_id, object, &before, cause, now);
	if (wanted->state == QC_SUB_TRIALING || wanted->state == QC_SUB_ACTIVE)
		qc_notice_subscription_started(wanted->shop_id, object, wanted->trial_ends_at);
	qc_db_end();
	return changed;
}

int64
qc_subscription_end_grace(TimestampTz at)
{
	QcArgs args = {0};
	SPITupleTable *shops;
	int64 n;

	arg_time(&args, at);
	qc_db_begin();
	n = qc_db_system(&graces_over, &args);
	shops = SPI_tuptable;
	for (int64 i = 0; i < n; i++)
	{
		bool is_null;
		int64 shop_id =
			DatumGetInt64(SPI_getbinval(shops->vals[i], shops->tupdesc, 1, &is_null));
		Shown shown = read_shop(shop_id, at);

		qc_subdomain_reserve(shop_id);
		audit(shop_id, NULL, &shown, &shown, "grace ended");
		qc_notice_subscription_changed(shop_id, shown.status, shown.plan_id);
	}
	qc_db_end();
	return n;
}

int64
qc_subscription_start_pending_plans(TimestampTz at)
{
	QcArgs args = {0};
	SPITupleTable *due;
	int64 n;

	arg_time(&args, at);
	qc_db_begin();
	n = qc_db_system(&plans_due, &args);
	due = SPI_tuptable;
	for (int64 i = 0; i < n; i++)
	{
		bool is_null;
		int64 shop_id =
			DatumGetInt64(SPI_getbinval(due->vals[i], due->tupdesc, 1, &is_null));
		int64 id =
			DatumGetInt64(SPI_getbinval(due->vals[i], due->tupdesc, 2, &is_null));
		int64 plan_id =
			DatumGetInt64(SPI_getbinval(due->vals[i], due->tupdesc, 3, &is_null));
		char *object = SPI_getvalue(due->vals[i], due->tupdesc, 4);
		Shown before = read_shop(shop_id, at);

		write_plan(shop_id, id, plan_id);
		(void) follow(shop_id, object, &before, "pending plan started", at);
	}
	qc_db_end();
	return n;
}
