/*
 * triggers/catalogue_shop.c
 *		After a shop was opened or closed: publish or withdraw its products.
 */
#include "postgres.h"

#include "extension/catalogue/publish.h"
#include "extension/core/guc.h"
#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_catalogue_shop);

Datum
qc_tg_catalogue_shop(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	bool is_null;
	bool is_active;

	if (qc_guc_restoring)
		return PointerGetDatum(NULL);
	is_active =
		DatumGetBool(qc_trigger_column(data, data->tg_newtuple, "is_active", &is_null));
	qc_publish_shop(qc_trigger_int8(data, data->tg_newtuple, "id"), is_active);
	return PointerGetDatum(NULL);
}
