/*
 * triggers/plan_price.c
 *		t10: before what Stripe knows of a plan changes, whoever changes it.
 *
 * A price at Stripe cannot be changed.  The one that is replaced is kept, for events of
 * those who still pay it, and the plan has none there until a new one is made.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "utils/rel.h"

#include "extension/core/db.h"
#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_plan_price);

/* Amounts as they were and will be; what differs, or is in another currency, is over. */
static QcStmt keep_former = {
	.sql =
		"INSERT INTO qutecart.plan_prices (plan_id, billing_period, amount, currency,"
		" stripe_price_id) SELECT $1, o.period, o.amount, $2, o.stripe_id"
		" FROM (VALUES ('monthly', $4::numeric, $5::numeric, $6::text),"
		" ('yearly', $7::numeric, $8::numeric, $9::text))"
		" o (period, amount, new_amount, stripe_id) WHERE o.amount IS NOT NULL"
		" AND (o.amount IS DISTINCT FROM o.new_amount OR $2 <> $3)"
		" RETURNING billing_period = 'yearly'",
	.nargs = 9,
	.argtypes = {INT8OID, TEXTOID, TEXTOID, NUMERICOID, NUMERICOID, TEXTOID, NUMERICOID,
				 NUMERICOID, TEXTOID},
};

static const char *const id_columns[] = {"stripe_price_id", "stripe_yearly_price_id"};
static const char *const amount_columns[] = {"price", "yearly_price"};

static void
add_amount(QcArgs *args, TriggerData *data, HeapTuple tuple, const char *column)
{
	bool is_null;
	Datum amount = qc_trigger_column(data, tuple, column, &is_null);

	qc_args_datum(args, amount, is_null);
}

/* Is the id at Stripe the one of before? */
static bool
keeps_id(TriggerData *data, const char *column)
{
	const char *before = qc_trigger_text(data, data->tg_trigtuple, column);
	const char *after = qc_trigger_text(data, data->tg_newtuple, column);

	return before != NULL && after != NULL && strcmp(before, after) == 0;
}

/* Keep the prices that are over; says of each of the two whether it is. */
static void
keep(TriggerData *data, bool is_over[2])
{
	HeapTuple before = data->tg_trigtuple;
	HeapTuple after = data->tg_newtuple;
	QcArgs args = {0};
	uint64 n;

	qc_args_int8(&args, qc_trigger_int8(data, before, "id"));
	qc_args_text(&args, qc_trigger_text(data, before, "currency"));
	qc_args_text(&args, qc_trigger_text(data, after, "currency"));
	for (int i = 0; i < 2; i++)
	{
		add_amount(&args, data, before, amount_columns[i]);
		add_amount(&args, data, after, amount_columns[i]);
		qc_args_text(&args, qc_trigger_text(data, before, id_columns[i]));
	}
	qc_db_begin();
	n = qc_db_system(&keep_former, &args);
	for (uint64 i = 0; i < n; i++)
		is_over[qc_db_bool(i, 1)] = true;
	qc_db_end();
}

Datum
qc_tg_plan_price(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	TupleDesc desc = RelationGetDescr(data->tg_relation);
	bool is_over[2] = {false, false};
	int columns[3] = {SPI_fnumber(desc, "needs_sync")};
	Datum values[3] = {BoolGetDatum(true)};
	bool nulls[3] = {false, true, true};
	int n = 1;

	keep(data, is_over);
	for (int i = 0; i < 2; i++)
		if (is_over[i] && keeps_id(data, id_columns[i]))
			columns[n++] = SPI_fnumber(desc, id_columns[i]);
	return PointerGetDatum(heap_modify_tuple_by_cols(qc_trigger_result(data), desc, n,
													 columns, values, nulls));
}
