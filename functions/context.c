/*
 * functions/context.c
 *		The accessors that policies call, and what a client may ask of its context.
 *
 * STABLE, LEAKPROOF, PARALLEL SAFE – never IMMUTABLE: a plan made for one shop would
 * serve its rows to the next.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_current_shop_id);
PG_FUNCTION_INFO_V1(qc_fn_current_user_id);
PG_FUNCTION_INFO_V1(qc_fn_current_customer_id);
PG_FUNCTION_INFO_V1(qc_fn_has_permission);

Datum
qc_fn_current_shop_id(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context()->shop_id;

	if (shop_id == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(shop_id);
}

Datum
qc_fn_current_user_id(PG_FUNCTION_ARGS)
{
	int64 user_id = qc_context()->user_id;

	if (user_id == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(user_id);
}

/* A person acting for a shop is no customer in that transaction. */
Datum
qc_fn_current_customer_id(PG_FUNCTION_ARGS)
{
	const QcContext *context = qc_context();

	if (context->user_id == 0 || context->actor != QC_ACTOR_CUSTOMER)
		PG_RETURN_NULL();
	PG_RETURN_INT64(context->user_id);
}

Datum
qc_fn_has_permission(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(qc_context_may(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
