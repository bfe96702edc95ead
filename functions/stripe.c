/*
 * functions/stripe.c
 *		Receiving, applying and replaying Stripe's events.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/core/args.h"
#include "extension/core/json.h"
#include "extension/stripe/apply.h"
#include "extension/stripe/events.h"

PG_FUNCTION_INFO_V1(qc_fn_receive_stripe_event);
PG_FUNCTION_INFO_V1(qc_fn_apply_stripe_events);
PG_FUNCTION_INFO_V1(qc_fn_stripe_replay);
PG_FUNCTION_INFO_V1(qc_fn_stripe_rebuild);

Datum
qc_fn_receive_stripe_event(PG_FUNCTION_ARGS)
{
	bytea *payload = PG_ARGISNULL(0) ? NULL : PG_GETARG_BYTEA_PP(0);
	QcJson reply;

	(void) qc_stripe_receive(payload ? VARDATA_ANY(payload) : "",
							 payload ? VARSIZE_ANY_EXHDR(payload) : 0, qc_arg_text(1));
	qc_json_init(&reply);
	qc_json_open(&reply, NULL, '{');
	qc_json_bool(&reply, "received", true);
	qc_json_close(&reply, '}');
	PG_RETURN_DATUM(qc_json_datum(&reply));
}

Datum
qc_fn_apply_stripe_events(PG_FUNCTION_ARGS)
{
	QcStripeCounts counts = qc_stripe_apply(qc_arg_int4(0, 100));
	QcJson reply;

	qc_json_init(&reply);
	qc_json_open(&reply, NULL, '{');
	qc_json_int(&reply, "applied", counts.applied);
	qc_json_int(&reply, "ignored", counts.ignored);
	qc_json_int(&reply, "parked", counts.parked);
	qc_json_int(&reply, "failed", counts.failed);
	qc_json_int(&reply, "dead", counts.dead);
	qc_json_close(&reply, '}');
	PG_RETURN_DATUM(qc_json_datum(&reply));
}

Datum
qc_fn_stripe_replay(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(qc_stripe_replay(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

Datum
qc_fn_stripe_rebuild(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(qc_stripe_rebuild(PG_GETARG_INT64(0)));
}
