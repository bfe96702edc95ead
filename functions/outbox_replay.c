/*
 * functions/outbox_replay.c
 *		Sending again what was given up, and giving up what waits.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "extension/core/args.h"
#include "extension/outbox/outbox.h"
#include "extension/outbox/replay.h"
#include "extension/worker/senders.h"

PG_FUNCTION_INFO_V1(qc_fn_outbox_replay);
PG_FUNCTION_INFO_V1(qc_fn_outbox_discard);

/* Six arguments in a row choose messages: id, kind, since, until, endpoint, shop. */
#define READ_FILTER(filter, first)                                                     \
	QcMessageFilter filter = {                                                         \
		.message_id = qc_arg_int8((first), 0),                                         \
		.kind = qc_arg_text((first) + 1),                                              \
		.since = qc_arg_int8((first) + 2, 0),                                          \
		.until = qc_arg_int8((first) + 3, 0),                                          \
		.endpoint_id = qc_arg_int8((first) + 4, 0),                                    \
		.shop_id = qc_arg_int8((first) + 5, QC_ANY_SHOP),                              \
	}

/* No message has such a number: it must not choose them all. */
static void
check_filter(const QcMessageFilter *filter, bool has_id, bool has_endpoint)
{
	if ((has_id && filter->message_id <= 0) ||
		(has_endpoint && filter->endpoint_id <= 0))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("a message's id and an endpoint are greater than 0"));
}

static void
put_replayed(const QcFoundMessage *found, void *arg)
{
	ReturnSetInfo *result = arg;
	Datum values[7] = {
		Int64GetDatum(found->message_id), Int64GetDatum(found->new_id),
		UUIDPGetDatum(&found->public_id), CStringGetTextDatum(found->kind),
		Int64GetDatum(found->shop_id),    Int64GetDatum(found->endpoint_id),
		BoolGetDatum(found->has_payload),
	};
	bool nulls[7] = {false, found->new_id == 0};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static void
put_discarded(const QcFoundMessage *found, void *arg)
{
	ReturnSetInfo *result = arg;
	Datum values[6] = {
		Int64GetDatum(found->message_id),  UUIDPGetDatum(&found->public_id),
		CStringGetTextDatum(found->kind),  Int64GetDatum(found->shop_id),
		Int64GetDatum(found->endpoint_id), BoolGetDatum(found->has_payload),
	};
	bool nulls[6] = {false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
qc_fn_outbox_replay(PG_FUNCTION_ARGS)
{
	READ_FILTER(filter, 0);

	qc_outbox_need_platform("replay messages");
	check_filter(&filter, !PG_ARGISNULL(0), !PG_ARGISNULL(4));
	filter.outcome = qc_arg_text(6);
	filter.is_dry_run = qc_arg_bool(7, false);
	InitMaterializedSRF(fcinfo, 0);
	(void) qc_outbox_replay(&filter, put_replayed, fcinfo->resultinfo);
	PG_RETURN_NULL();
}

Datum
qc_fn_outbox_discard(PG_FUNCTION_ARGS)
{
	READ_FILTER(filter, 1);
	char *reason = qc_arg_text(0);
	bool is_choice = false;

	qc_outbox_need_platform("discard messages");
	check_filter(&filter, !PG_ARGISNULL(1), !PG_ARGISNULL(5));
	for (int i = 1; i <= 6; i++)
		is_choice = is_choice || !PG_ARGISNULL(i);
	if (!is_choice || reason == NULL)
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("discarding takes a reason and a choice of messages"),
				errhint("Give at least one of id, kind, since, until, endpoint and"
						" shop."));
	filter.is_dry_run = qc_arg_bool(7, false);
	InitMaterializedSRF(fcinfo, 0);
	(void) qc_outbox_discard(&filter, reason, qc_sender_forgets, put_discarded,
							 fcinfo->resultinfo);
	PG_RETURN_NULL();
}
