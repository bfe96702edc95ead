/*
 * triggers/event_product.c
 *		Products that came, changed or went.
 *
 * A customer changes nothing of a product but its stock, by ordering.
 */
#include "postgres.h"

#include "access/htup_details.h"

#include "extension/catalogue/event.h"
#include "extension/core/guc.h"
#include "extension/core/trigger.h"
#include "extension/tenant/context.h"
#include "extension/webhook/listener.h"

PG_FUNCTION_INFO_V1(qc_tg_event_product);

static bool
is_deleted(TriggerData *data, HeapTuple row)
{
	bool is_null;

	(void) qc_trigger_column(data, row, "deleted_at", &is_null);
	return !is_null;
}

Datum
qc_tg_event_product(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	HeapTuple row = qc_trigger_result(data);
	int64 shop_id = qc_trigger_int8(data, row, "shop_id");
	int64 id = qc_trigger_int8(data, row, "id");
	bool was_there;
	bool is_there;

	if (qc_guc_restoring || !qc_listener_may_exist(shop_id) ||
		qc_context()->actor == QC_ACTOR_CUSTOMER)
		return PointerGetDatum(NULL);
	was_there = !TRIGGER_FIRED_BY_INSERT(data->tg_event) &&
				!is_deleted(data, data->tg_trigtuple);
	is_there = !TRIGGER_FIRED_BY_DELETE(data->tg_event) && !is_deleted(data, row);
	if (was_there && is_there)
		qc_product_tell_updated(shop_id, id);
	else if (was_there)
		qc_product_tell_deleted(
			&(QcProductBrief){.shop_id = shop_id,
							  .id = id,
							  .name = qc_trigger_text(data, row, "name"),
							  .handle = qc_trigger_text(data, row, "handle"),
							  .code = qc_trigger_text(data, row, "code")});
	else if (is_there)
		qc_product_tell_created(shop_id, id);
	return PointerGetDatum(NULL);
}
