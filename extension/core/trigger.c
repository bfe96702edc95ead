/*
 * extension/core/trigger.c
 *		Guard and accessors shared by all trigger functions.
 *
 * Trigger code takes names from its arguments (TG_ARGV), never from the trigger's or
 * the table's own name: on a shard those differ.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "extension/core/db.h"
#include "extension/core/trigger.h"

static Oid schema = InvalidOid;

static void
forget_schema(Datum arg, int cache, uint32 hash)
{
	schema = InvalidOid;
}

/* Looked up once per backend and again when schemas change: triggers run per row. */
static Oid
our_schema(void)
{
	static bool is_watching = false;

	if (OidIsValid(schema))
		return schema;
	if (!is_watching)
		CacheRegisterSyscacheCallback(NAMESPACEOID, forget_schema, (Datum) 0);
	is_watching = true;
	schema = get_namespace_oid("qutecart", false);
	return schema;
}

TriggerData *
qc_trigger_begin(FunctionCallInfo fcinfo)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	Relation table;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				errmsg("this function can only be called as a trigger"));
	table = data->tg_relation;
	if (table->rd_rel->relowner != qc_db_owner() ||
		RelationGetNamespace(table) != our_schema())
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("this trigger function serves the tables of schema \"%s\" only",
					   "qutecart"));
	return data;
}

HeapTuple
qc_trigger_result(TriggerData *data)
{
	return TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? data->tg_newtuple
												   : data->tg_trigtuple;
}

Datum
qc_trigger_column(TriggerData *data, HeapTuple tuple, const char *name, bool *is_null)
{
	TupleDesc desc = RelationGetDescr(data->tg_relation);
	int column = SPI_fnumber(desc, name);

	if (column <= 0)
		elog(ERROR, "trigger expects a column \"%s\"", name);
	return heap_getattr(tuple, column, desc, is_null);
}

int64
qc_trigger_int8(TriggerData *data, HeapTuple tuple, const char *name)
{
	bool is_null;
	Datum value = qc_trigger_column(data, tuple, name, &is_null);

	return is_null ? 0 : DatumGetInt64(value);
}

char *
qc_trigger_text(TriggerData *data, HeapTuple tuple, const char *name)
{
	bool is_null;
	Datum value = qc_trigger_column(data, tuple, name, &is_null);

	return is_null ? NULL : TextDatumGetCString(value);
}

const char *
qc_trigger_arg(TriggerData *data, int n)
{
	if (n >= data->tg_trigger->tgnargs)
		elog(ERROR, "trigger function expects %d arguments", n + 1);
	return data->tg_trigger->tgargs[n];
}
