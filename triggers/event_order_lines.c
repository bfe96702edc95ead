/*
 * triggers/event_order_lines.c
 *		Lines came in: orders that this transaction has told of are told with them.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/core/trigger.h"
#include "extension/orders/event.h"
#include "extension/webhook/told.h"

PG_FUNCTION_INFO_V1(qc_tg_event_order_lines);

static QcStmt read_orders = {
	.sql = "SELECT DISTINCT n.shop_id, n.order_id FROM new_rows n",
};

Datum
qc_tg_event_order_lines(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	uint64 n;

	if (qc_guc_restoring || !qc_told_is_any())
		return PointerGetDatum(NULL);
	qc_db_begin();
	qc_db_show_transition(data);
	n = qc_db_system(&read_orders, NULL);
	for (uint64 i = 0; i < n; i++)
		qc_order_tell_lines(qc_db_int8(i, 1), qc_db_int8(i, 2));
	qc_db_end();
	return PointerGetDatum(NULL);
}
