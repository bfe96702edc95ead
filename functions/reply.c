/*
 * functions/reply.c
 *		What a handler written in SQL may ask of its request and add to its reply.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/formatting.h"

#include "extension/http/request.h"

PG_FUNCTION_INFO_V1(qc_fn_request_header);
PG_FUNCTION_INFO_V1(qc_fn_reply_header);
PG_FUNCTION_INFO_V1(qc_fn_reply_status);

Datum
qc_fn_request_header(PG_FUNCTION_ARGS)
{
	const char *value = qc_request_header(asc_tolower(
		VARDATA_ANY(PG_GETARG_TEXT_PP(0)), VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(0))));

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(value));
}

/* What begins like this speaks to the gateway: a ticket lets it show a reply. */
#define INTERNAL_PREFIX "qutecart-"

Datum
qc_fn_reply_header(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

	if (pg_strncasecmp(name, INTERNAL_PREFIX, strlen(INTERNAL_PREFIX)) == 0)
		ereport(
			ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("header \"%s\" is not a handler's to set", name),
			errhint("Use a name that does not begin with \"%s\".", INTERNAL_PREFIX));
	qc_reply_header(name, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_VOID();
}

Datum
qc_fn_reply_status(PG_FUNCTION_ARGS)
{
	qc_reply_status(PG_GETARG_INT32(0));
	PG_RETURN_VOID();
}
