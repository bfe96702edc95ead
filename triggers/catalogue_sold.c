/*
 * triggers/catalogue_sold.c
 *		After order lines came in: the catalogue counts the pieces sold.
 */
#include "postgres.h"

#include "extension/catalogue/publish.h"
#include "extension/core/guc.h"
#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_catalogue_sold);

Datum
qc_tg_catalogue_sold(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);

	if (!qc_guc_restoring)
		qc_publish_sold(data);
	return PointerGetDatum(NULL);
}
