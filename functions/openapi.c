/*
 * functions/openapi.c
 *		The OpenAPI document, for clients that are generated.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/http/openapi.h"

PG_FUNCTION_INFO_V1(qc_fn_openapi);

Datum
qc_fn_openapi(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(qc_openapi_document()));
}
