/*
 * triggers/product_approval.c
 *		Before a member writes a product: it waits for approval, if that is asked for.
 *
 * The setting's name is the trigger's argument.  Members cannot set is_approved
 * themselves, so this is the only place where their products lose it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/spi.h"
#include "utils/rel.h"

#include "extension/core/settings.h"
#include "extension/core/trigger.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_tg_product_approval);

Datum
qc_tg_product_approval(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	HeapTuple row = qc_trigger_result(data);
	TupleDesc desc = RelationGetDescr(data->tg_relation);
	int column = SPI_fnumber(desc, "is_approved");
	Datum value = BoolGetDatum(false);
	bool is_null = false;

	if (!qc_context_is_member() || !qc_setting_bool(qc_trigger_arg(data, 0), false))
		return PointerGetDatum(row);
	return PointerGetDatum(
		heap_modify_tuple_by_cols(row, desc, 1, &column, &value, &is_null));
}
