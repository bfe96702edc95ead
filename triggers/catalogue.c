/*
 * triggers/catalogue.c
 *		After each statement on products: publish what it changed.
 *
 * While a dump is restored the catalogue's own rows come with it.
 */
#include "postgres.h"

#include "extension/catalogue/publish.h"
#include "extension/core/guc.h"
#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_catalogue);

Datum
qc_tg_catalogue(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);

	if (qc_guc_restoring)
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
		qc_publish_inserted(data);
	else if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		qc_publish_updated(data);
	else if (TRIGGER_FIRED_BY_DELETE(data->tg_event))
		qc_publish_deleted(data);
	else
		qc_publish_nothing();
	return PointerGetDatum(NULL);
}
