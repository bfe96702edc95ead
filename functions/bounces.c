/*
 * functions/bounces.c
 *		What the mail provider reports of mails that went out.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/args.h"
#include "extension/core/json.h"
#include "extension/mail/bounce.h"

PG_FUNCTION_INFO_V1(qc_fn_receive_resend_event);

Datum
qc_fn_receive_resend_event(PG_FUNCTION_ARGS)
{
	bytea *payload = PG_ARGISNULL(0) ? NULL : PG_GETARG_BYTEA_PP(0);
	QcWebhookHead head = {.id = qc_arg_text(1),
						  .timestamp = qc_arg_text(2),
						  .signatures = qc_arg_text(3)};
	QcJson reply;
	int n = qc_bounce_receive(&head, payload ? VARDATA_ANY(payload) : "",
							  payload ? VARSIZE_ANY_EXHDR(payload) : 0);

	qc_json_init(&reply);
	qc_json_open(&reply, NULL, '{');
	qc_json_bool(&reply, "received", true);
	qc_json_int(&reply, "suppressed", n);
	qc_json_close(&reply, '}');
	PG_RETURN_DATUM(qc_json_datum(&reply));
}
