/*
 * extension/billing/subscription.c
 *		The one function that changes a subscription.
 *
 * A contract changes through qc_subscription_put() alone; triggers refuse every other
 * write of its state or plan, whoever makes it.  What the shop shows comes from the
 * live contract, else from the newest one.  A shop without a plan is on Free.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/notice.h"
#include "extension/billing/subscription.h"
#include "extension/billing/subscription_shown.h"
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

/*
 * $10: the amount of one unit in minor units, -1 for the plan's own price, -2 for what
 * was agreed on before.
 */
static QcStmt update_row = {
	.sql =
		"UPDATE qutecart.subscriptions c SET plan_id = $3, status = $4,"
		" stripe_subscription_id = $5, stripe_customer_id = $6, stripe_price_id = $7,"
		" stripe_status = $8, quantity = $9, amount = CASE"
		" WHEN $10 >= 0 THEN $10 * $9 / (10 ^ coalesce((SELECT r.decimals"
		" FROM qutecart.currencies r WHERE r.code = $11), 2))::numeric"
		" WHEN $10 = -2 THEN c.amount"
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

static QcStmt move_row = {
	.sql = "UPDATE qutecart.subscriptions c SET plan_id = $3, amount = CASE"
		   " WHEN c.stripe_subscription_id IS NULL THEN p.price * c.quantity"
		   " ELSE c.amount END, updated_at = pg_catalog.now() FROM qutecart.plans p"
		   " WHERE p.id = $3 AND c.shop_id = $1 AND c.id = $2",
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

/* Whoever stays on his plan goes on paying what he paid, whatever it costs now. */
static void
write_row(const QcSubscription *wanted, int64 id, bool is_on_plan)
{
	bool keeps_amount = wanted->unit_amount < 0 && is_on_plan;
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
	qc_args_int8(&args, keeps_amount ? -2 : wanted->unit_amount);
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

/* Write the contract and the shop, the two tables that the triggers guard. */
static int64
write_both(const QcSubscription *wanted, const Row *row)
{
	volatile int64 id = row->id;

	changing_shop = wanted->shop_id;
	PG_TRY();
	{
		if (id == 0)
			id = add_row(wanted);
		write_row(wanted, id, row->id != 0 && row->plan_id == wanted->plan_id);
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
void
qc_subscription_move(int64 shop_id, int64 contract_id, int64 plan_id)
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

bool
qc_subscription_put(const QcSubscription *wanted, const char *cause)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	const char *object = wanted->stripe_id;
	QcShownSubscription before;
	Row row;
	bool changed;

	if (!qc_subscription_lock_shop(wanted->shop_id))
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
	qc_db_begin();
	row = read_row(wanted);
	need_transition(&row, wanted->state);
	need_no_other_live(wanted);
	before = qc_subscription_shown(wanted->shop_id, now);
	row.id = write_both(wanted, &row);
	if (object == NULL)
		object = psprintf("contract-" INT64_FORMAT, row.id);
	changed =
		qc_subscription_follow(wanted->shop_id, row.id, object, &before, cause, now);
	if (wanted->state == QC_SUB_TRIALING || wanted->state == QC_SUB_ACTIVE)
		qc_notice_subscription_started(wanted->shop_id, object, wanted->trial_ends_at);
	qc_db_end();
	return changed;
}
