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

#include "extension/billing/contract.h"
#include "extension/billing/subscription.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"

PG_FUNCTION_INFO_V1(qc_fn_set_subscription);
PG_FUNCTION_INFO_V1(qc_fn_subscription_transitions);

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
	const char *cause =
		psprintf("operator %s", GetUserNameFromId(GetSessionUserId(), true));
	QcSubscription contract;
	const char *complaint = NULL;
	bool is_there = qc_contract_load(shop_id, &contract) && contract.stripe_id == NULL;

	if (strcmp(plan, "free") == 0)
		return is_there && qc_contract_end(&contract, now, cause);
	if (!is_there)
		qc_contract_begin(&contract, shop_id);
	contract.state = state;
	complaint = qc_contract_choose(&contract, plan);
	if (complaint != NULL)
		ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED), errmsg("%s", complaint));
	if (!qc_subscription_is_live(state))
		contract.canceled_at = contract.ended_at = now;
	return qc_subscription_put(&contract, cause);
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
