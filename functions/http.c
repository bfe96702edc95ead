/*
 * functions/http.c
 *		One function answers every HTTP request; another makes their commits durable.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/inet.h"
#include "utils/memutils.h"

#include "extension/http/dispatch.h"
#include "extension/http/durability.h"

PG_FUNCTION_INFO_V1(qc_fn_http);
PG_FUNCTION_INFO_V1(qc_fn_flush);

/* The shape of the result, made once per backend. */
static TupleDesc
result_shape(void)
{
	static TupleDesc shape = NULL;
	MemoryContext old;

	if (shape != NULL)
		return shape;
	old = MemoryContextSwitchTo(TopMemoryContext);
	shape = CreateTemplateTupleDesc(3);
	TupleDescInitEntry(shape, 1, "status", INT4OID, -1, 0);
	TupleDescInitEntry(shape, 2, "headers", TEXTOID, -1, 0);
	TupleDescInitEntry(shape, 3, "body", TEXTOID, -1, 0);
	shape = BlessTupleDesc(shape);
	MemoryContextSwitchTo(old);
	return shape;
}

/* The address without its network mask. */
static const char *
peer_of(Datum peer)
{
	char *text = DatumGetCString(DirectFunctionCall1(inet_out, peer));
	char *slash = strchr(text, '/');

	if (slash != NULL)
		*slash = '\0';
	return text;
}

Datum
qc_fn_http(PG_FUNCTION_ARGS)
{
	QcRawRequest raw = {
		.method = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0),
		.target = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1),
		.headers = PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2),
		.body = PG_ARGISNULL(3) ? NULL : PG_GETARG_BYTEA_PP(3),
		.peer = PG_ARGISNULL(4) ? NULL : peer_of(PG_GETARG_DATUM(4)),
	};
	QcReply reply;
	Datum values[3];
	bool nulls[3] = {false};

	if (raw.method == NULL || raw.target == NULL)
		ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("method and target must not be null"));
	qc_http_answer(&raw, &reply);
	values[0] = Int32GetDatum(reply.status);
	values[1] = CStringGetTextDatum(qc_reply_render(&reply));
	values[2] = PointerGetDatum(
		reply.text ? (text *) reply.text
				   : cstring_to_text_with_len(reply.body, (int) reply.body_len));
	return HeapTupleGetDatum(heap_form_tuple(result_shape(), values, nulls));
}

Datum
qc_fn_flush(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(qc_durability_flush()));
}
