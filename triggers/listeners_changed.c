/*
 * triggers/listeners_changed.c
 *		An endpoint was written: every backend forgets which shops have none.
 */
#include "postgres.h"

#include "extension/core/trigger.h"
#include "extension/webhook/listener.h"

PG_FUNCTION_INFO_V1(qc_tg_listeners_changed);

Datum
qc_tg_listeners_changed(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);

	qc_listener_changed(data->tg_relation);
	return PointerGetDatum(NULL);
}
