/*
 * triggers/event_return.c
 *		Returns that came in, and their products, told as one.
 *
 * Hangs on returns and on their details; the argument names the column that holds the
 * return's id.
 */
#include "postgres.h"

#include "extension/core/guc.h"
#include "extension/core/trigger.h"
#include "extension/orders/event.h"

PG_FUNCTION_INFO_V1(qc_tg_event_return);

Datum
qc_tg_event_return(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	const char *id_column = qc_trigger_arg(data, 0);

	if (!qc_guc_restoring)
		qc_order_tell_returned(qc_trigger_int8(data, data->tg_trigtuple, "shop_id"),
							   qc_trigger_int8(data, data->tg_trigtuple, id_column));
	return PointerGetDatum(NULL);
}
