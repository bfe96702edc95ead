/*
 * extension/billing/contract.c
 *		What an operator does to a shop's contract, and whose contract it is.
 *
 * A contract with an id at Stripe is Stripe's: what it is comes from Stripe's events
 * alone.  The others are ours, and nobody but the clock and the operator changes them.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/contract.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"

static QcStmt find_contract = {
	.sql =
		"SELECT c.status, c.plan_id, s.pending_plan_id, c.stripe_subscription_id,"
		" c.stripe_customer_id, c.stripe_price_id, c.stripe_status, c.quantity,"
		" c.currency, c.billing_period = 'yearly', c.cancel_at_period_end,"
		" c.created_at, c.trial_ends_at, c.current_period_start, c.current_period_end,"
		" c.canceled_at, c.ended_at FROM qutecart.subscriptions c"
		" JOIN qutecart.shops s ON s.id = c.shop_id WHERE c.shop_id = $1 AND c.status"
		" IN ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete')",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt find_plan = {
	.sql = "SELECT p.id, p.currency, p.billing_period, p.is_active, p.trial_days"
		   " FROM qutecart.plans p WHERE p.slug = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

void
qc_contract_begin(QcSubscription *contract, int64 shop_id)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();

	*contract = (QcSubscription){.shop_id = shop_id,
								 .state = QC_SUB_ACTIVE,
								 .quantity = 1,
								 .unit_amount = -1,
								 .started_at = now,
								 .trial_ends_at = DT_NOEND,
								 .period_start = now,
								 .period_end = DT_NOEND,
								 .canceled_at = DT_NOEND,
								 .ended_at = DT_NOEND,
								 .folded_at = DT_NOEND};
}

bool
qc_contract_load(int64 shop_id, QcSubscription *contract)
{
	QcArgs args = {0};
	bool found;

	qc_args_int8(&args, shop_id);
	qc_db_begin();
	found = qc_db_system(&find_contract, &args) > 0;
	if (found)
		*contract = (QcSubscription){.shop_id = shop_id,
									 .state = qc_subscription_state(qc_db_text(0, 1)),
									 .plan_id = qc_db_int8(0, 2),
									 .pending_plan_id = qc_db_int8(0, 3),
									 .stripe_id = qc_db_keep_text(qc_db_text(0, 4)),
									 .customer_id = qc_db_keep_text(qc_db_text(0, 5)),
									 .price_id = qc_db_keep_text(qc_db_text(0, 6)),
									 .stripe_status = qc_db_keep_text(qc_db_text(0, 7)),
									 .quantity = qc_db_int4(0, 8),
									 .unit_amount = -1,
									 .currency = qc_db_keep_text(qc_db_text(0, 9)),
									 .is_yearly = qc_db_bool(0, 10),
									 .cancels_at_period_end = qc_db_bool(0, 11),
									 .started_at = qc_db_time(0, 12),
									 .trial_ends_at = qc_db_time(0, 13),
									 .period_start = qc_db_time(0, 14),
									 .period_end = qc_db_time(0, 15),
									 .canceled_at = qc_db_time(0, 16),
									 .ended_at = qc_db_time(0, 17),
									 .folded_at = DT_NOEND};
	qc_db_end();
	return found;
}

const char *
qc_contract_choose(QcSubscription *contract, const char *slug)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	const char *complaint = NULL;
	QcArgs args = {0};

	qc_args_text(&args, slug);
	qc_db_begin();
	if (qc_db_system(&find_plan, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("plan \"%s\" not found", slug));
	if (!qc_db_bool(0, 4) && contract->plan_id != qc_db_int8(0, 1))
		complaint = "The plan is retired and cannot be chosen.";
	contract->plan_id = qc_db_int8(0, 1);
	contract->currency = qc_db_keep_text(qc_db_text(0, 2));
	contract->is_yearly = strcmp(qc_db_text(0, 3), "yearly") == 0;
	if (contract->state == QC_SUB_TRIALING &&
		TIMESTAMP_NOT_FINITE(contract->trial_ends_at) && qc_db_int4(0, 5) > 0)
		contract->trial_ends_at = now + qc_db_int4(0, 5) * USECS_PER_DAY;
	qc_db_end();
	return complaint;
}

void
qc_contract_need_ours(const QcSubscription *contract)
{
	if (contract->stripe_id != NULL)
		ereport(ERROR, qc_err(QC_ERR_CONFLICT),
				errmsg("the shop's contract is Stripe's"),
				errdetail("What changes it must be said to Stripe, and comes back as"
						  " an event."),
				errhint("Change subscription \"%s\" in Stripe's dashboard, or give the"
						" shop a plan for a time instead.",
						contract->stripe_id));
}

bool
qc_contract_end(QcSubscription *contract, TimestampTz at, const char *cause)
{
	contract->state = QC_SUB_CANCELED;
	contract->pending_plan_id = 0;
	contract->canceled_at = Min(contract->canceled_at, at);
	contract->ended_at = at;
	return qc_subscription_put(contract, cause);
}

static void
lock_shop(int64 shop_id)
{
	if (!qc_subscription_lock_shop(shop_id))
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
}

static QcSubscription
need_contract(int64 shop_id)
{
	QcSubscription contract;

	lock_shop(shop_id);
	if (!qc_contract_load(shop_id, &contract))
		ereport(ERROR, qc_err(QC_ERR_STATE_CHANGE_REFUSED),
				errmsg("the shop has no live contract"),
				errhint("Change its plan, or give it one for a time."));
	qc_contract_need_ours(&contract);
	return contract;
}

static void
need_period(const QcSubscription *contract)
{
	if (TIMESTAMP_NOT_FINITE(contract->period_end) &&
		(contract->state != QC_SUB_TRIALING ||
		 TIMESTAMP_NOT_FINITE(contract->trial_ends_at)))
		ereport(ERROR, qc_err(QC_ERR_STATE_CHANGE_REFUSED),
				errmsg("the shop's contract has no period that could end"),
				errhint("Do it at once."));
}

QcSubscription
qc_contract_cancel(int64 shop_id, bool at_once, const char *cause)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	QcSubscription contract = need_contract(shop_id);

	if (at_once)
	{
		(void) qc_contract_end(&contract, now, cause);
		return contract;
	}
	need_period(&contract);
	if (contract.cancels_at_period_end)
		ereport(ERROR, qc_err(QC_ERR_STATE_CHANGE_REFUSED),
				errmsg("the shop's contract ends with its period already"));
	contract.cancels_at_period_end = true;
	contract.pending_plan_id = 0;
	contract.canceled_at = now;
	(void) qc_subscription_put(&contract, cause);
	return contract;
}

static void
refuse_plan(const char *sentence)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, "plan", "%s", sentence);
	qc_fields_raise(&errors);
}

QcSubscription
qc_contract_change_plan(int64 shop_id, const char *slug, bool at_once,
						const char *cause)
{
	QcSubscription contract;
	QcSubscription chosen;
	const char *complaint;

	lock_shop(shop_id);
	if (!qc_contract_load(shop_id, &contract))
		qc_contract_begin(&contract, shop_id);
	qc_contract_need_ours(&contract);
	chosen = contract;
	complaint = qc_contract_choose(&chosen, slug);
	if (strcmp(slug, "free") == 0)
		complaint = "Cancel the contract to put the shop on Free.";
	if (complaint != NULL)
		refuse_plan(complaint);
	if (chosen.plan_id == contract.plan_id && contract.pending_plan_id == 0)
		ereport(ERROR, qc_err(QC_ERR_STATE_CHANGE_REFUSED),
				errmsg("the shop is on plan \"%s\" already", slug));
	if (at_once)
		contract = chosen;
	contract.pending_plan_id = at_once ? 0 : chosen.plan_id;
	if (!at_once)
		need_period(&contract);
	(void) qc_subscription_put(&contract, cause);
	return contract;
}

QcSubscription
qc_contract_extend_trial(int64 shop_id, int32 days, const char *cause)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	QcSubscription contract = need_contract(shop_id);

	if (contract.state != QC_SUB_TRIALING ||
		TIMESTAMP_NOT_FINITE(contract.trial_ends_at))
		ereport(ERROR, qc_err(QC_ERR_STATE_CHANGE_REFUSED),
				errmsg("the shop is on no trial that ends"),
				errhint("Give it a plan for a time instead."));
	contract.trial_ends_at = Max(contract.trial_ends_at, now) + days * USECS_PER_DAY;
	(void) qc_subscription_put(&contract, cause);
	return contract;
}
