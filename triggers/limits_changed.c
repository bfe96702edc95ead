/*
 * triggers/limits_changed.c
 *		A plan, a shop's plan or an override changed: limits are read again at commit.
 *
 * The first argument of the trigger names the column that says which shop; without one,
 * or for a statement, any shop may be meant.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/billing/quota.h"
#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_limits_changed);

Datum
qc_tg_limits_changed(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);

	if (!TRIGGER_FIRED_FOR_ROW(data->tg_event) || data->tg_trigger->tgnargs == 0)
		qc_quota_limits_changed(0);
	else
		qc_quota_limits_changed(
			qc_trigger_int8(data, data->tg_trigtuple, qc_trigger_arg(data, 0)));
	return PointerGetDatum(NULL);
}
