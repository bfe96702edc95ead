/*
 * triggers/event_stock.c
 *		A product's stock fell to the threshold or below: told once, until it was above.
 *
 * The row that crosses the threshold tells; rows are locked one after the other, so of
 * two orders at the same time exactly one crosses.
 */
#include "postgres.h"

#include "extension/catalogue/event.h"
#include "extension/core/db.h"
#include "extension/core/guc.h"
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

Datum
qc_tg_event_stock(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	HeapTuple row = qc_trigger_result(data);
	int64 shop_id = qc_trigger_int8(data, row, "shop_id");
	int64 threshold;

	if (qc_guc_restoring || !qc_event_is_wanted(shop_id, TYPE))
		return PointerGetDatum(NULL);
	threshold = threshold_of(shop_id);
	if (quantity_of(data, data->tg_trigtuple) > threshold &&
		quantity_of(data, row) <= threshold)
		qc_product_tell_low_stock(
			&(QcProductBrief){.shop_id = shop_id,
							  .id = qc_trigger_int8(data, row, "id"),
							  .name = qc_trigger_text(data, row, "name"),
							  .handle = qc_trigger_text(data, row, "handle"),
							  .code = qc_trigger_text(data, row, "code")},
			quantity_of(data, row), threshold);
	return PointerGetDatum(NULL);
}
