/*
 * triggers/event_order.c
 *		Orders that came in or changed; their lines follow (event_order_lines).
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "extension/core/guc.h"
#include "extension/core/trigger.h"
#include "extension/orders/event.h"

PG_FUNCTION_INFO_V1(qc_tg_event_order);

static char *
word(TriggerData *data, HeapTuple tuple, const char *column)
{
	bool is_null;

	return TextDatumGetCString(qc_trigger_column(data, tuple, column, &is_null));
}

static void
tell_new(TriggerData *data, int64 shop_id, int64 id)
{
	qc_order_tell_created(shop_id, id);
	if (strcmp(word(data, data->tg_trigtuple, "payment_status"), "Paid") == 0)
		qc_order_tell_paid(shop_id, id);
}

static void
tell_changed(TriggerData *data, int64 shop_id, int64 id)
{
	char *from = word(data, data->tg_trigtuple, "order_status");
	char *to = word(data, data->tg_newtuple, "order_status");
	char *paid = word(data, data->tg_newtuple, "payment_status");

	if (strcmp(from, to) != 0)
		qc_order_tell_status(shop_id, id, from, to);
	if (strcmp(paid, "Paid") == 0 &&
		strcmp(word(data, data->tg_trigtuple, "payment_status"), paid) != 0)
		qc_order_tell_paid(shop_id, id);
}

Datum
qc_tg_event_order(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	HeapTuple row = qc_trigger_result(data);
	int64 shop_id = qc_trigger_int8(data, row, "shop_id");
	int64 id = qc_trigger_int8(data, row, "id");

	if (qc_guc_restoring)
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
		tell_new(data, shop_id, id);
	else
		tell_changed(data, shop_id, id);
	return PointerGetDatum(NULL);
}
