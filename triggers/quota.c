/*
 * triggers/quota.c
 *		Rows that come and go take units and give them back.
 *
 * After each row, never before: a row that ON CONFLICT drops was never made.  The first
 * argument of the trigger is the metric; where its columns stand is found once per
 * trigger and backend.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "utils/inval.h"
#include "utils/rel.h"

#include "extension/billing/quota.h"
#include "extension/billing/quota_rows.h"
#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_quota);

typedef struct Known
{
	Oid trigger; /* InvalidOid = empty place */
	QcQuotaColumns columns;
} Known;

#define PLACES 16

static Known known[PLACES];

static void
forget(Datum arg, Oid relation)
{
	memset(known, 0, sizeof(known));
}

static QcQuotaColumns
learn(TriggerData *data, Known *place)
{
	static bool is_watching = false;
	QcQuotaColumns columns;

	if (!is_watching)
		CacheRegisterRelcacheCallback(forget, (Datum) 0);
	is_watching = true;
	qc_quota_columns(qc_metric_of_name(qc_trigger_arg(data, 0)),
					 RelationGetDescr(data->tg_relation), &columns);
	place->columns = columns;
	place->trigger = data->tg_trigger->tgoid;
	return columns;
}

static QcQuotaColumns
columns_of(TriggerData *data)
{
	Known *place = &known[data->tg_trigger->tgoid % PLACES];

	return place->trigger == data->tg_trigger->tgoid ? place->columns
													 : learn(data, place);
}

static void
take(const QcQuotaColumns *columns, const QcQuotaUnits *units, int64 amount)
{
	if (amount > 0)
		qc_quota_take(units->shop_id, columns->metric, amount, units->at);
	else if (amount < 0)
		qc_quota_give_back(units->shop_id, columns->metric, -amount, units->at);
}

/* Within one shop and month only the difference counts; else the row moves. */
static void
change(const QcQuotaColumns *columns, const QcQuotaUnits *before,
	   const QcQuotaUnits *after)
{
	if (before->shop_id == after->shop_id &&
		(columns->metric != QC_METRIC_ORDERS ||
		 qc_quota_month(before->at) == qc_quota_month(after->at)))
	{
		take(columns, after, after->units - before->units);
		return;
	}
	take(columns, before, -before->units);
	take(columns, after, after->units);
}

Datum
qc_tg_quota(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	TupleDesc desc = RelationGetDescr(data->tg_relation);
	QcQuotaColumns columns = columns_of(data);
	QcQuotaUnits units;
	QcQuotaUnits after;

	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
	{
		qc_quota_empty(columns.metric);
		return PointerGetDatum(NULL);
	}
	units = qc_quota_row(&columns, data->tg_trigtuple, desc);
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
		take(&columns, &units, units.units);
	else if (TRIGGER_FIRED_BY_DELETE(data->tg_event))
		take(&columns, &units, -units.units);
	else
	{
		after = qc_quota_row(&columns, data->tg_newtuple, desc);
		change(&columns, &units, &after);
	}
	return PointerGetDatum(NULL);
}
