/*
 * triggers/event_payout.c
 *		Payouts that were begun, paid, or have failed.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/core/trigger.h"
#include "extension/webhook/event.h"

PG_FUNCTION_INFO_V1(qc_tg_event_payout);

#define TIME_FORM "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'"

static QcStmt read_payout = {
	.sql = "SELECT pg_catalog.json_build_object('id', p.id, 'amount', p.amount,"
		   " 'currency', p.currency, 'status', p.status, 'reference', p.reference,"
		   " 'reason', p.reason, 'created_at', pg_catalog.to_char(p.created_at"
		   "  AT TIME ZONE 'UTC', " TIME_FORM "), 'settled_at', pg_catalog.to_char("
		   "  p.settled_at AT TIME ZONE 'UTC', " TIME_FORM "))::text,"
		   " CASE p.status WHEN 'pending' THEN 'payout.created'"
		   "  ELSE 'payout.' || p.status END"
		   " FROM qutecart.payouts p WHERE p.shop_id = $1 AND p.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

Datum
qc_tg_event_payout(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	HeapTuple row = qc_trigger_result(data);
	int64 shop_id = qc_trigger_int8(data, row, "shop_id");
	int64 id = qc_trigger_int8(data, row, "id");
	QcArgs args = {0};
	QcJson json;

	if (qc_guc_restoring)
		return PointerGetDatum(NULL);
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, id);
	qc_db_begin();
	if (qc_db_system(&read_payout, &args) == 1)
	{
		qc_json_init(&json);
		qc_json_open(&json, NULL, '{');
		qc_json_int(&json, "shop_id", shop_id);
		qc_json_raw(&json, "payout", qc_db_text(0, 1));
		qc_json_close(&json, '}');
		qc_event_emit(shop_id, qc_db_text(0, 2), psprintf("payout:" INT64_FORMAT, id),
					  json.out.data);
	}
	qc_db_end();
	return PointerGetDatum(NULL);
}
