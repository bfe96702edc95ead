/*
 * triggers/shop_is_fixed.c
 *		A row stays with its shop for ever.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_shop_is_fixed);

Datum
qc_tg_shop_is_fixed(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);

	if (qc_trigger_int8(data, data->tg_trigtuple, "shop_id") !=
		qc_trigger_int8(data, data->tg_newtuple, "shop_id"))
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("a row cannot move to another shop"),
				errhint("Make a new row there and delete this one."));
	return PointerGetDatum(data->tg_newtuple);
}
