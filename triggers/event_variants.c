/*
 * triggers/event_variants.c
 *		Variants came, changed or went: their product has changed.
 *
 * Set by set, for a product may have a hundred.  A customer changes nothing of a variant
 * but its stock, by ordering.
 */
#include "postgres.h"

#include "extension/catalogue/event.h"
#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/core/trigger.h"
#include "extension/tenant/context.h"
#include "extension/webhook/listener.h"

PG_FUNCTION_INFO_V1(qc_tg_event_variants);

#define VISIBLE(v)                                                                     \
	"(" v ".option1_name, " v ".option1_value, " v ".option2_name, " v                 \
	".option2_value, " v ".option3_name, " v ".option3_value, " v ".position, " v      \
	".sku, " v ".barcode, " v ".price, " v ".compare_at_price, " v ".quantity)"

static QcStmt of_inserted = {
	.sql = "SELECT DISTINCT n.shop_id, n.product_id FROM new_rows n",
};

static QcStmt of_updated = {
	.sql = "SELECT DISTINCT n.shop_id, n.product_id FROM new_rows n JOIN old_rows o"
		   " ON o.shop_id = n.shop_id AND o.id = n.id"
		   " WHERE " VISIBLE("n") " IS DISTINCT FROM " VISIBLE("o"),
};

static QcStmt of_deleted = {
	.sql = "SELECT DISTINCT o.shop_id, o.product_id FROM old_rows o",
};

static QcStmt *
statement_of(TriggerData *data)
{
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
		return &of_inserted;
	return TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? &of_updated : &of_deleted;
}

Datum
qc_tg_event_variants(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	uint64 n;

	if (qc_guc_restoring || qc_context()->actor == QC_ACTOR_CUSTOMER)
		return PointerGetDatum(NULL);
	qc_db_begin();
	qc_db_show_transition(data);
	n = qc_db_system(statement_of(data), NULL);
	for (uint64 i = 0; i < n; i++)
	{
		int64 shop_id = qc_db_int8(i, 1);

		if (qc_listener_may_exist(shop_id))
			qc_product_tell_updated(shop_id, qc_db_int8(i, 2));
	}
	qc_db_end();
	return PointerGetDatum(NULL);
}
