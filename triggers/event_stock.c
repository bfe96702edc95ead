/*
 * triggers/event_stock.c
 *		A product's stock fell to the threshold or below: told once, until it was above.
 *
 * The row that crosses the threshold tells; rows are locked one after the other, so of
 * two orders at the same time exactly one crosses.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/core/settings.h"
#include "extension/core/trigger.h"
#include "extension/webhook/event.h"

PG_FUNCTION_INFO_V1(qc_tg_event_stock);

#define TYPE              "stock.low"
#define SETTING           "low_stock_threshold"
#define DEFAULT_THRESHOLD 5

static QcStmt read_threshold = {
	.sql = "SELECT s.low_stock_threshold FROM qutecart.shops s WHERE s.id = $1"
		   " AND s.low_stock_threshold IS NOT NULL",
	.nargs = 1,
	.argtypes = {INT8OID},
};

/* The shop's own threshold, else the marketplace's. */
static int64
threshold_of(int64 shop_id)
{
	int64 threshold = -1;
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_db_begin();
	if (qc_db_system(&read_threshold, &args) == 1)
		threshold = qc_db_int4(0, 1);
	qc_db_end();
	return threshold >= 0 ? threshold : qc_setting_int(SETTING, DEFAULT_THRESHOLD);
}

static int32
quantity_of(TriggerData *data, HeapTuple row)
{
	bool is_null;

	return DatumGetInt32(qc_trigger_column(data, row, "quantity", &is_null));
}

static void
write_text(QcJson *json, TriggerData *data, const char *column)
{
	bool is_null;
	Datum value = qc_trigger_column(data, data->tg_newtuple, column, &is_null);

	qc_json_text(json, column, is_null ? NULL : TextDatumGetCString(value));
}

static void
tell(TriggerData *data, int64 shop_id, int64 threshold)
{
	int64 id = qc_trigger_int8(data, data->tg_newtuple, "id");
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_int(&json, "shop_id", shop_id);
	qc_json_int(&json, "threshold", threshold);
	qc_json_open(&json, "product", '{');
	qc_json_int(&json, "id", id);
	write_text(&json, data, "name");
	write_text(&json, data, "handle");
	write_text(&json, data, "code");
	qc_json_int(&json, "quantity", quantity_of(data, data->tg_newtuple));
	qc_json_close(&json, '}');
	qc_json_close(&json, '}');
	qc_event_emit(shop_id, TYPE, psprintf("product:" INT64_FORMAT, id), json.out.data);
}

Datum
qc_tg_event_stock(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	int64 shop_id = qc_trigger_int8(data, data->tg_newtuple, "shop_id");
	int64 threshold;

	if (qc_guc_restoring || !qc_event_is_wanted(shop_id, TYPE))
		return PointerGetDatum(NULL);
	threshold = threshold_of(shop_id);
	if (quantity_of(data, data->tg_trigtuple) > threshold &&
		quantity_of(data, data->tg_newtuple) <= threshold)
		tell(data, shop_id, threshold);
	return PointerGetDatum(NULL);
}
