/*
 * extension/billing/subscription_clock.c
 *		What time does to subscriptions, and what a changed plan does to its shops.
 *
 * Each decides by the time it is given; shops that somebody else is at work on are left
 * for the next run.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/comp.h"
#include "extension/billing/contract.h"
#include "extension/billing/notice.h"
#include "extension/billing/subdomain.h"
#include "extension/billing/subscription.h"
#include "extension/billing/subscription_shown.h"
#include "extension/core/db.h"

static QcStmt graces_over = {
	.sql = "SELECT s.id FROM qutecart.shops s JOIN qutecart.tenants t"
		   " ON t.shop_id = s.id AND t.status = 'active'"
		   " WHERE s.subscription_status = 'past_due' AND s.grace_ends_at <= $1"
		   " AND NOT EXISTS (SELECT FROM qutecart.comps k JOIN qutecart.plans q"
		   "  ON q.id = k.plan_id WHERE k.shop_id = s.id AND k.ended_at IS NULL"
		   "  AND k.ends_at > $1 AND q.features @> '{\"premium_subdomain\": true}')"
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

/* Contracts without Stripe: nobody else ends their trials and periods. */
static QcStmt contracts_due = {
	.sql = "SELECT s.id FROM qutecart.shops s JOIN qutecart.subscriptions c"
		   " ON c.shop_id = s.id AND c.stripe_subscription_id IS NULL"
		   " AND c.ended_at IS NULL WHERE c.status = 'trialing' AND c.trial_ends_at <="
		   " $1 OR c.cancel_at_period_end AND c.current_period_end <= $1"
		   " ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

static QcStmt comps_due = {
	.sql = "SELECT s.id, k.id FROM qutecart.shops s JOIN qutecart.comps k"
		   " ON k.shop_id = s.id AND k.ended_at IS NULL AND k.ends_at <= $1"
		   " ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

static QcStmt shops_on_plan = {
	.sql = "SELECT s.id FROM qutecart.shops s WHERE s.plan_id = $1 OR EXISTS (SELECT"
		   " FROM qutecart.comps k WHERE k.shop_id = s.id AND k.plan_id = $1"
		   " AND k.ended_at IS NULL) ORDER BY s.id FOR NO KEY UPDATE",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static int64
id_of(SPITupleTable *rows, int64 row, int column)
{
	bool is_null;

	return DatumGetInt64(
		SPI_getbinval(rows->vals[row], rows->tupdesc, column, &is_null));
}

static SPITupleTable *
find(QcStmt *stmt, TimestampTz at, int64 *n)
{
	QcArgs args = {0};

	qc_args_datum(&args, TimestampTzGetDatum(at), false);
	*n = qc_db_system(stmt, &args);
	return SPI_tuptable;
}

int64
qc_subscription_end_grace(TimestampTz at)
{
	SPITupleTable *shops;
	int64 n;

	qc_db_begin();
	shops = find(&graces_over, at, &n);
	for (int64 i = 0; i < n; i++)
	{
		int64 shop_id = id_of(shops, i, 1);
		QcShownSubscription shown = qc_subscription_shown(shop_id, at);

		qc_subdomain_reserve(shop_id);
		qc_subscription_log(shop_id, NULL, &shown, &shown, "grace ended");
		qc_notice_subscription_changed(shop_id, shown.status, shown.plan_id);
	}
	qc_db_end();
	return n;
}

int64
qc_subscription_start_pending_plans(TimestampTz at)
{
	SPITupleTable *due;
	int64 n;

	qc_db_begin();
	due = find(&plans_due, at, &n);
	for (int64 i = 0; i < n; i++)
	{
		int64 shop_id = id_of(due, i, 1);
		int64 id = id_of(due, i, 2);
		char *object = SPI_getvalue(due->vals[i], due->tupdesc, 4);
		QcShownSubscription before = qc_subscription_shown(shop_id, at);

		qc_subscription_move(shop_id, id, id_of(due, i, 3));
		(void) qc_subscription_follow(shop_id, id, object, &before,
									  "pending plan started", at);
	}
	qc_db_end();
	return n;
}

int64
qc_subscription_end_contracts(TimestampTz at)
{
	SPITupleTable *due;
	int64 n;

	qc_db_begin();
	due = find(&contracts_due, at, &n);
	for (int64 i = 0; i < n; i++)
	{
		QcSubscription contract;

		if (qc_contract_load(id_of(due, i, 1), &contract))
			(void) qc_contract_end(&contract, at,
								   contract.state == QC_SUB_TRIALING ? "trial ended"
																	 : "period ended");
	}
	qc_db_end();
	return n;
}

int64
qc_subscription_end_comps(TimestampTz at)
{
	SPITupleTable *due;
	int64 n;

	qc_db_begin();
	due = find(&comps_due, at, &n);
	for (int64 i = 0; i < n; i++)
		qc_comp_end(id_of(due, i, 1), id_of(due, i, 2), at, "its time is over");
	qc_db_end();
	return n;
}

void
qc_subscription_review(int64 plan_id)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	QcArgs args = {0};
	SPITupleTable *shops;
	int64 n;

	qc_args_int8(&args, plan_id);
	qc_db_begin();
	n = qc_db_system(&shops_on_plan, &args);
	shops = SPI_tuptable;
	for (int64 i = 0; i < n; i++)
	{
		int64 shop_id = id_of(shops, i, 1);

		if (qc_subscription_shown(shop_id, now).is_entitled)
			qc_subdomain_open(shop_id);
		else
			qc_subdomain_reserve(shop_id);
	}
	qc_db_end();
}
