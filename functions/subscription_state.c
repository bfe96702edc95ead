/*
 * functions/subscription_state.c
 *		The operator's hand on a shop's plan, and the table of states to look at.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "extension/billing/subscription.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"

PG_FUNCTION_INFO_V1(qc_fn_set_subscription);
PG_FUNCTION_INFO_V1(qc_fn_subscription_transitions);

static QcStmt find_plan = {
	.sql = "SELECT p.id, p.currency, p.billing_period FROM qutecart.plans p"
		   " WHERE p.slug = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt find_contract = {
	.sql = "SELECT c.plan_id, c.created_at FROM qutecart.subscriptions c"
		   " WHERE c.shop_id = $1 AND c.stripe_subscription_id IS NULL"
		   " AND c.ended_at IS NULL",
	.nargs = 1,
	.argtypes = {INT8OID},
};

/* Read the contract by hand that the shop has; false when there is none. */
static bool
read_contract(QcSubscription *contract)
{
	QcArgs args = {0};

	qc_args_int8(&args, contract->shop_id);
	if (qc_db_system(&find_contract, &args) == 0)
		return false;
	contract->plan_id = qc_db_int8(0, 1);
	contract->started_at = qc_db_time(0, 2);
	return true;
}

static void
read_plan(QcSubscription *contract, const char *slug)
{
	QcArgs args = {0};

	qc_args_text(&args, slug);
	if (qc_db_system(&find_plan, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("plan \"%s\" not found", slug));
	contract->plan_id = qc_db_int8(0, 1);
	contract->currency = qc_db_text(0, 2);
	contract->is_yearly = strcmp(qc_db_text(0, 3), "yearly") == 0;
}

static QcSubState
need_state(const char *name)
{
	QcSubState state = qc_subscription_state(name);

	if (state == QC_SUB_NONE || state == QC_SUB_STATE_COUNT)
		ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED),
				errmsg("\"%s\" is no status of a subscription", name));
	return state;
}

/* Put the shop on a plan, or end its contract when the plan is Free. */
static bool
set(int64 shop_id, const char *plan, QcSubState state)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	QcSubscription contract = {.shop_id = shop_id,
							   .state = state,
							   .quantity = 1,
							   .unit_amount = -1,
							   .started_at = now,
							   .trial_ends_at = DT_NOEND,
							   .period_start = now,
							   .period_end = DT_NOEND,
							   .canceled_at = DT_NOEND,
							   .ended_at = DT_NOEND,
							   .folded_at = DT_NOEND};
	bool is_there = read_contract(&contract);

	if (strcmp(plan, "free") == 0)
	{
		if (!is_there)
			return false;
		contract.state = QC_SUB_CANCELED;
	}
	else
		read_plan(&contract, plan);
	if (!qc_subscription_is_live(contract.state))
		contract.canceled_at = contract.ended_at = now;
	return qc_subscription_put(
		&contract,
		psprintf("operator %s", GetUserNameFromId(GetSessionUserId(), true)));
}

Datum
qc_fn_set_subscription(PG_FUNCTION_ARGS)
{
	int64 shop_id = PG_GETARG_INT64(0);
	char *plan = text_to_cstring(PG_GETARG_TEXT_PP(1));
	QcSubState state = need_state(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	bool changed;

	if (!qc_subscription_lock_shop(shop_id))
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
	qc_db_begin();
	changed = set(shop_id, plan, state);
	qc_db_end();
	PG_RETURN_BOOL(changed);
}

Datum
qc_fn_subscription_transitions(PG_FUNCTION_ARGS)
{
	static const char *const events[] = {
		[QC_SUB_FIRST_SEEN] = "first_seen",
		[QC_SUB_REPORTED] = "reported",
		[QC_SUB_PAYMENT_FAILED] = "payment_failed",
		[QC_SUB_PAID] = "paid",
	};
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int from = 0; from < QC_SUB_STATE_COUNT; from++)
		for (int event = 0; event < lengthof(events); event++)
			for (int to = 0; to < QC_SUB_STATE_COUNT; to++)
			{
				Datum values[3];
				bool nulls[3] = {false, false, false};

				if (!qc_subscription_may_become(from, event, to))
					continue;
				values[0] = CStringGetTextDatum(qc_subscription_state_name(from));
				values[1] = CStringGetTextDatum(events[event]);
				values[2] = CStringGetTextDatum(qc_subscription_state_name(to));
				tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			}
	return (Datum) 0;
}
