/*
 * triggers/event_product.c
 *		Products that came, changed or went, told once per transaction, as they ended.
 *
 * Hangs on products and on their variants; the argument names the column that holds the
 * product's id.  A customer changes nothing of a product but its stock, by ordering.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "utils/builtins.h"

#include "extension/catalogue/snapshot.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/core/trigger.h"
#include "extension/tenant/context.h"
#include "extension/webhook/event.h"
#include "extension/webhook/told.h"

PG_FUNCTION_INFO_V1(qc_tg_event_product);

#define CREATED "product.created"
#define UPDATED "product.updated"
#define DELETED "product.deleted"

static void
begin_data(QcJson *json, int64 shop_id)
{
	qc_json_init(json);
	qc_json_open(json, NULL, '{');
	qc_json_int(json, "shop_id", shop_id);
}

static void
emit(QcJson *json, int64 shop_id, int64 id, const char *type)
{
	qc_json_close(json, '}');
	qc_event_emit(shop_id, type, psprintf("product:" INT64_FORMAT, id), json->out.data);
}

static void
tell(TriggerData *data, int64 shop_id, int64 id, const char *type)
{
	QcJson json;
	char *product;

	if (qc_told_includes(data, shop_id, id))
		return;
	qc_told_remember(shop_id, id);
	product = qc_snapshot_product(shop_id, id);
	if (product == NULL)
		return;
	begin_data(&json, shop_id);
	qc_json_raw(&json, "product", product);
	emit(&json, shop_id, id, type);
}

static void
write_text(QcJson *json, TriggerData *data, HeapTuple row, const char *column)
{
	bool is_null;
	Datum value = qc_trigger_column(data, row, column, &is_null);

	qc_json_text(json, column, is_null ? NULL : TextDatumGetCString(value));
}

/* A deleted product is told from its last row: there is nothing to read any more. */
static void
tell_deleted(TriggerData *data, int64 shop_id, int64 id)
{
	HeapTuple row = qc_trigger_result(data);
	QcJson json;

	qc_told_remember(shop_id, id);
	begin_data(&json, shop_id);
	qc_json_open(&json, "product", '{');
	qc_json_int(&json, "id", id);
	write_text(&json, data, row, "name");
	write_text(&json, data, row, "handle");
	write_text(&json, data, row, "code");
	qc_json_close(&json, '}');
	emit(&json, shop_id, id, DELETED);
}

static bool
is_deleted(TriggerData *data, HeapTuple row)
{
	bool is_null;

	(void) qc_trigger_column(data, row, "deleted_at", &is_null);
	return !is_null;
}

/* What happened to a product, judging by its own row; NULL = nothing to tell. */
static const char *
kind_of_change(TriggerData *data)
{
	bool was_there = !TRIGGER_FIRED_BY_INSERT(data->tg_event) &&
					 !is_deleted(data, data->tg_trigtuple);
	bool is_there = !TRIGGER_FIRED_BY_DELETE(data->tg_event) &&
					!is_deleted(data, qc_trigger_result(data));

	if (was_there && is_there)
		return UPDATED;
	if (was_there)
		return DELETED;
	return is_there ? CREATED : NULL;
}

Datum
qc_tg_event_product(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	const char *id_column = qc_trigger_arg(data, 0);
	bool is_product = strcmp(id_column, "id") == 0;
	HeapTuple row = qc_trigger_result(data);
	int64 shop_id = qc_trigger_int8(data, row, "shop_id");
	int64 id = qc_trigger_int8(data, row, id_column);
	const char *type = is_product ? kind_of_change(data) : UPDATED;

	if (qc_guc_restoring || type == NULL || qc_context()->actor == QC_ACTOR_CUSTOMER ||
		!qc_event_is_wanted(shop_id, type))
		return PointerGetDatum(NULL);
	if (strcmp(type, DELETED) == 0)
		tell_deleted(data, shop_id, id);
	else
		tell(data, shop_id, id, type);
	return PointerGetDatum(NULL);
}
