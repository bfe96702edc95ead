/*
 * functions/webhook_deliveries.c
 *		The log of what was sent to a shop's webhooks, and sending it again.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/args.h"
#include "extension/core/json.h"
#include "extension/core/page.h"
#include "extension/tenant/context.h"
#include "extension/webhook/delivery.h"
#include "extension/webhook/endpoint.h"

PG_FUNCTION_INFO_V1(qc_fn_list_webhook_deliveries);

static void
check_outcome(const char *outcome)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (outcome != NULL && strcmp(outcome, "delivered") != 0 &&
		strcmp(outcome, "retry") != 0 && strcmp(outcome, "dead") != 0)
		qc_fields_add(&errors, "outcome",
					  "The outcome must be delivered, retry or dead.");
	qc_fields_raise(&errors);
}

Datum
qc_fn_list_webhook_deliveries(PG_FUNCTION_ARGS)
{
	QcDeliveryFilter filter = {.shop_id = qc_context_need_owned_shop(),
							   .endpoint_id = qc_arg_int8(0, 0),
							   .outcome = qc_arg_text(1),
							   .event_type = qc_arg_text(2),
							   .message_id = qc_arg_text(3)};
	QcPage page = qc_page(qc_arg_int4(4, 0), qc_arg_int4(5, 0));
	QcJson json;

	check_outcome(filter.outcome);
	if (!PG_ARGISNULL(0))
		qc_endpoint_need(filter.shop_id, filter.endpoint_id);
	qc_json_reply_open(&json, "deliveries");
	qc_delivery_write(&json, &filter, page);
	return qc_json_reply_close(&json);
}
