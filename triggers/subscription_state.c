/*
 * triggers/subscription_state.c
 *		t10: a subscription's state and plan change through its own function alone.
 *
 * The column names of state and plan come from the trigger's arguments.  A shop begins
 * on Free; while a dump is restored, rows come in as they were.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "extension/billing/subscription.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_subscription_state);

/* Trigger arguments: the shop's id, the state, the plan – names of columns. */
enum
{
	ARG_SHOP,
	ARG_STATE,
	ARG_PLAN
};

static QcSubState
state_of(TriggerData *data, HeapTuple tuple)
{
	bool is_null;
	Datum value =
		qc_trigger_column(data, tuple, qc_trigger_arg(data, ARG_STATE), &is_null);

	/* A NULL or a word that is none meets the column's own constraint. */
	return is_null ? QC_SUB_STATE_COUNT
				   : qc_subscription_state(TextDatumGetCString(value));
}

static const char *
word_of(QcSubState state)
{
	return state == QC_SUB_STATE_COUNT ? "?" : qc_subscription_state_name(state);
}

static void
refuse(QcSubState from, QcSubState to)
{
	ereport(ERROR, qc_err(QC_ERR_STATE_CHANGE_REFUSED),
			from == to ? errmsg("the plan of a subscription cannot be changed by hand")
					   : errmsg("a subscription cannot be changed from \"%s\" to \"%s\""
								" by hand",
								word_of(from), word_of(to)),
			errhint("Subscriptions change by Stripe's events, or by"
					" qutecart.set_subscription()."));
}

Datum
qc_tg_subscription_state(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	HeapTuple result = qc_trigger_result(data);
	const char *plan = qc_trigger_arg(data, ARG_PLAN);
	QcSubState from = QC_SUB_NONE;
	QcSubState to = state_of(data, result);
	bool same_plan = true;

	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		from = state_of(data, data->tg_trigtuple);
		same_plan = qc_trigger_int8(data, data->tg_trigtuple, plan) ==
					qc_trigger_int8(data, result, plan);
	}
	if ((from != to || !same_plan) && !qc_guc_restoring &&
		!qc_subscription_is_changing(
			qc_trigger_int8(data, result, qc_trigger_arg(data, ARG_SHOP))))
		refuse(from, to);
	return PointerGetDatum(result);
}
