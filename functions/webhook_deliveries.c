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
#include "extension/webhook/listener.h"

PG_FUNCTION_INFO_V1(qc_fn_list_webhook_deliveries);
PG_FUNCTION_INFO_V1(qc_fn_replay_webhook_deliveries);

/* One of the words, which end with NULL; an absent one is right. */
static void
check_outcome(const char *outcome, const char *const *words, const char *sentence)
{
	QcFieldErrors errors;
	bool is_known = outcome == NULL;

	for (int i = 0; words[i] != NULL && !is_known; i++)
		is_known = strcmp(outcome, words[i]) == 0;
	qc_fields_init(&errors);
	if (!is_known)
		qc_fields_add(&errors, "outcome", "%s", sentence);
	qc_fields_raise(&errors);
}

Datum
qc_fn_list_webhook_deliveries(PG_FUNCTION_ARGS)
{
	static const char *const words[] = {"delivered", "retry", "dead", NULL};
	QcDeliveryFilter filter = {.shop_id = qc_context_need_owned_shop(),
							   .endpoint_id = qc_arg_int8(0, 0),
							   .outcome = qc_arg_text(1),
							   .event_type = qc_arg_text(2),
							   .message_id = qc_arg_text(3)};
	QcPage page = qc_page(qc_arg_int4(4, 0), qc_arg_int4(5, 0));
	QcJson json;

	check_outcome(filter.outcome, words,
				  "The outcome must be delivered, retry or dead.");
	if (!PG_ARGISNULL(0))
		qc_endpoint_need(filter.shop_id, filter.endpoint_id);
	qc_json_reply_open(&json, "deliveries");
	qc_delivery_write(&json, &filter, page);
	return qc_json_reply_close(&json);
}

/* 0 would stand for all of them, and is the number of none. */
static int64
delivery_asked_for(FunctionCallInfo fcinfo, int arg)
{
	int64 id = qc_arg_int8(arg, 0);

	return id == 0 && !PG_ARGISNULL(arg) ? -1 : id;
}

Datum
qc_fn_replay_webhook_deliveries(PG_FUNCTION_ARGS)
{
	static const char *const words[] = {"dead", "delivered", "all", NULL};
	char *outcome = qc_arg_text(5);
	QcReplayWish wish = {.shop_id = qc_context_need_owned_shop(),
						 .endpoint_id = qc_arg_int8(0, -1),
						 .message_id = qc_arg_text(1),
						 .delivery_id = delivery_asked_for(fcinfo, 2),
						 .since = qc_arg_int8(3, 0),
						 .until = qc_arg_int8(4, 0),
						 .outcome = outcome ? outcome : "dead",
						 .is_dry_run = qc_arg_bool(6, false)};
	QcJson json;

	qc_listener_need_paid(wish.shop_id);
	qc_endpoint_need_enabled(wish.shop_id, wish.endpoint_id);
	check_outcome(outcome, words, "The outcome must be dead, delivered or all.");
	if (strcmp(wish.outcome, "all") == 0)
		wish.outcome = NULL;
	qc_json_reply_open(&json, wish.is_dry_run ? "messages found" : "messages enqueued");
	qc_delivery_replay(&json, &wish);
	return qc_json_reply_close(&json);
}
