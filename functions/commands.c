/*
 * functions/commands.c
 *		Beginning, finishing, showing and awaiting commands.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/uuid.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/http/await.h"
#include "extension/http/request.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_begin_command);
PG_FUNCTION_INFO_V1(qc_fn_finish_command);
PG_FUNCTION_INFO_V1(qc_fn_command);
PG_FUNCTION_INFO_V1(qc_fn_awaited);

static QcStmt show_command = {
	.sql = "SELECT c.id::text, c.kind, c.created_at, c.finished_at, c.reply_status,"
		   " c.reply_body::text FROM qutecart.commands c"
		   " WHERE c.shop_id = $1 AND c.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, UUIDOID},
	.is_read = true,
};

/* Pairs of a shop and a command: an id under another shop's number finds nothing. */
static QcStmt find_done = {
	.sql = "SELECT w.ticket, c.reply_status, c.reply_body::text"
		   " FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2),"
		   " pg_catalog.unnest($3)) AS w (ticket, shop_id, id)"
		   " JOIN qutecart.commands c ON c.shop_id = w.shop_id AND c.id = w.id::uuid"
		   " WHERE c.finished_at IS NOT NULL",
	.nargs = 3,
	.argtypes = {TEXTARRAYOID, INT8ARRAYOID, TEXTARRAYOID},
	.is_read = true,
};

Datum
qc_fn_begin_command(PG_FUNCTION_ARGS)
{
	QcCommand command = qc_command_begin(qc_arg_text(0), qc_context_need_shop());

	PG_RETURN_DATUM(qc_await_answer(qc_arg_text(1), &command));
}

Datum
qc_fn_finish_command(PG_FUNCTION_ARGS)
{
	QcCommand command = {.shop_id = PG_GETARG_INT64(0)};
	QcCommandReply reply = {.status = PG_GETARG_INT32(2), .body = qc_arg_text(3)};

	strlcpy(command.id,
			DatumGetCString(DirectFunctionCall1(uuid_out, PG_GETARG_DATUM(1))),
			sizeof(command.id));
	PG_RETURN_BOOL(qc_command_finish(&command, &reply));
}

static void
write_command(QcJson *json)
{
	bool is_done = !qc_db_is_null(0, 5);

	qc_json_open(json, NULL, '{');
	qc_json_text(json, "id", qc_db_text(0, 1));
	qc_json_text(json, "kind", qc_db_text(0, 2));
	qc_json_text(json, "status", is_done ? "done" : "pending");
	qc_json_time(json, "created_at", qc_db_time(0, 3));
	qc_json_time(json, "finished_at", qc_db_time(0, 4));
	if (is_done)
	{
		qc_json_open(json, "reply", '{');
		qc_json_int(json, "status", qc_db_int4(0, 5));
		qc_json_raw(json, "body", qc_db_text(0, 6));
		qc_json_close(json, '}');
	}
	else
		qc_json_null(json, "reply");
	qc_json_close(json, '}');
}

Datum
qc_fn_command(PG_FUNCTION_ARGS)
{
	QcArgs args = {0};
	QcJson json;

	qc_args_int8(&args, qc_context_need_shop());
	qc_args_datum(&args, PG_GETARG_DATUM(0), false);
	qc_json_init(&json);
	qc_db_begin();
	if (qc_db_run(&show_command, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("command not found"));
	if (qc_db_is_null(0, 5))
		qc_reply_header("Retry-After", "1");
	write_command(&json);
	qc_db_end();
	PG_RETURN_DATUM(qc_json_datum(&json));
}

static Datum
text_list(Datum *values, int n)
{
	return PointerGetDatum(
		construct_array(values, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The arguments of find_done: tickets, shops, ids. */
static void
read_tickets(ArrayType *tickets, QcArgs *args)
{
	Datum *given;
	bool *nulls;
	Datum *columns[3];
	int n = 0;
	int total;

	deconstruct_array(tickets, TEXTOID, -1, false, TYPALIGN_INT, &given, &nulls,
					  &total);
	for (int i = 0; i < lengthof(columns); i++)
		columns[i] = palloc(sizeof(Datum) * (total + 1));
	for (int i = 0; i < total; i++)
	{
		QcCommand command;

		if (nulls[i] || !qc_command_parse(TextDatumGetCString(given[i]), &command))
			continue;
		columns[0][n] = given[i];
		columns[1][n] = Int64GetDatum(command.shop_id);
		columns[2][n++] = CStringGetTextDatum(command.id);
	}
	qc_args_datum(args, text_list(columns[0], n), false);
	qc_args_datum(args,
				  PointerGetDatum(construct_array(columns[1], n, INT8OID, 8,
												  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)),
				  false);
	qc_args_datum(args, text_list(columns[2], n), false);
}

Datum
qc_fn_awaited(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	QcArgs args = {0};
	uint64 n;

	InitMaterializedSRF(fcinfo, 0);
	read_tickets(PG_GETARG_ARRAYTYPE_P(0), &args);
	qc_db_begin();
	n = qc_db_system(&find_done, &args);
	for (uint64 i = 0; i < n; i++)
	{
		bool nulls[4] = {false};
		Datum values[4] = {
			qc_db_datum(i, 1, &nulls[0]),
			qc_db_datum(i, 2, &nulls[1]),
			CStringGetTextDatum(qc_await_headers(qc_db_int4(i, 2))),
			qc_db_datum(i, 3, &nulls[3]),
		};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	qc_db_end();
	return (Datum) 0;
}
