/*
 * functions/route.c
 *		Publishing a function over HTTP.
 */
#include "postgres.h"

#include "commands/extension.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/core/args.h"
#include "extension/http/options.h"
#include "extension/http/publish.h"

PG_FUNCTION_INFO_V1(qc_fn_route);

Datum
qc_fn_route(PG_FUNCTION_ARGS)
{
	QcRouteDeclaration route = {
		.endpoint = qc_arg_text(0),
		.handler = qc_arg_text(1),
		.actor = qc_arg_text(2),
		.status = qc_arg_int4(3, 200),
		.lane = qc_arg_text(4),
		.max_body = qc_arg_int4(5, QC_DEFAULT_MAX_BODY),
		.bind = PG_ARGISNULL(6) ? NULL : PG_GETARG_JSONB_P(6),
		.durability = qc_arg_text(7),
		.is_builtin = creating_extension,
	};

	if (route.endpoint == NULL || route.handler == NULL)
		ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("endpoint and handler must not be null"));
	qc_route_publish(&route);
	PG_RETURN_VOID();
}
