/*
 * functions/outbox.c
 *		The outbox, for operators.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/outbox/claim.h"
#include "extension/outbox/outbox.h"
#include "extension/outbox/settle.h"
#include "extension/worker/senders.h"

PG_FUNCTION_INFO_V1(qc_fn_enqueue);
PG_FUNCTION_INFO_V1(qc_fn_outbox_claim);
PG_FUNCTION_INFO_V1(qc_fn_outbox_settle);

static QcStmt find_leased = {
	.sql = "SELECT o.lane FROM qutecart.outbox o"
		   " WHERE o.leased_until > pg_catalog.clock_timestamp()",
};

static QcStmt read_message = {
	.sql = "SELECT o.slot, o.lane, o.attempts, o.kind FROM qutecart.outbox o"
		   " WHERE o.id = $1 AND o.slot IN (0, 1)",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_queue = true,
};

static const struct
{
	const char *name;
	QcOutcome outcome;
} outcomes[] = {
	{"delivered", QC_OUTCOME_DELIVERED},
	{"retry", QC_OUTCOME_RETRY},
	{"dead", QC_OUTCOME_DEAD},
	{"postponed", QC_OUTCOME_POSTPONED},
};

static void
check_message(const QcNewMessage *message, Jsonb *payload)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (message->kind == NULL || !qc_outbox_is_kind(message->kind))
		qc_fields_add(&errors, "kind", "The kind must look like mail.welcome.");
	else if (strncmp(message->kind, "webhook.", 8) == 0)
		qc_fields_add(&errors, "kind", "Webhooks are made by their events only.");
	if (payload == NULL || !JB_ROOT_IS_OBJECT(payload))
		qc_fields_add(&errors, "payload", "The payload must be an object.");
	if (message->shop_id < 0)
		qc_fields_add(&errors, "shop_id", "The shop must be a shop's id, or 0.");
	if (TIMESTAMP_NOT_FINITE(message->due_at))
		qc_fields_add(&errors, "due_at", "The time must be a finite one.");
	qc_fields_raise(&errors);
}

Datum
qc_fn_enqueue(PG_FUNCTION_ARGS)
{
	Jsonb *payload = PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1);
	QcNewMessage message = {
		.kind = qc_arg_text(0),
		.shop_id = qc_arg_int8(2, 0),
		.key = qc_arg_text(3),
		.due_at = qc_arg_int8(4, 0),
	};

	qc_outbox_need_platform("enqueue messages");
	check_message(&message, payload);
	if (message.key == NULL)
		message.key = "";
	message.document = payload;
	PG_RETURN_INT64(qc_outbox_enqueue_message(&message));
}

static void
need_ownership(void)
{
	if (!qc_outbox_try_own(false))
		ereport(ERROR, errcode(ERRCODE_OBJECT_IN_USE),
				errmsg("the messages are claimed by somebody else"),
				errdetail("The background worker, or another session, does it."));
}

/* The lanes of what is in flight, so that their limits hold from claim to claim. */
static void
count_flying(QcClaim *claim)
{
	int64 *lanes;

	qc_db_begin();
	claim->in_flight_count = (int) qc_db_system(&find_leased, NULL);
	lanes = SPI_palloc(sizeof(int64) * (claim->in_flight_count + 1));
	for (int i = 0; i < claim->in_flight_count; i++)
		lanes[i] = qc_db_int8(i, 1);
	claim->in_flight = lanes;
	qc_db_end();
}

static void
put_message(ReturnSetInfo *result, const QcMessage *message)
{
	Datum values[11] = {
		Int64GetDatum(message->id),
		Int64GetDatum(message->lease_token),
		UUIDPGetDatum(&message->public_id),
		CStringGetTextDatum(message->kind),
		Int64GetDatum(message->shop_id),
		Int64GetDatum(message->endpoint_id),
		Int64GetDatum(message->lane),
		CStringGetTextDatum(message->key),
		DirectFunctionCall1(jsonb_in, CStringGetDatum(message->payload)),
		Int32GetDatum(message->attempts),
		TimestampTzGetDatum(message->created_at),
	};
	bool nulls[11] = {false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
qc_fn_outbox_claim(PG_FUNCTION_ARGS)
{
	static int64 after_lane = 0; /* the circle goes on from call to call */
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int most = Min(Max(qc_arg_int4(0, 100), 1), 10000);
	QcClaim claim = {
		.per_lane = Max(qc_arg_int4(1, qc_guc_worker_per_lane), 1),
		.after_lane = after_lane,
	};

	qc_outbox_need_platform("claim messages");
	need_ownership();
	InitMaterializedSRF(fcinfo, 0);
	do
	{
		CHECK_FOR_INTERRUPTS();
		count_flying(&claim);
		claim.most = most;
		qc_outbox_claim(&claim);
		for (int i = 0; i < claim.count; i++)
			put_message(result, &claim.messages[i]);
		most -= claim.count;
	} while (claim.has_more && most > 0);
	after_lane = claim.after_lane;
	PG_RETURN_NULL();
}

static QcOutcome
outcome_of_name(const char *name)
{
	for (int i = 0; i < lengthof(outcomes); i++)
		if (name != NULL && strcmp(outcomes[i].name, name) == 0)
			return outcomes[i].outcome;
	ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("unrecognized outcome: \"%s\"", name ? name : ""),
			errhint("Use delivered, retry, dead or postponed."));
}

/* Find a message, whoever has it on lease; false when it is not there any more. */
static bool
find_message(QcMessage *message)
{
	QcArgs args = {0};
	bool found;

	qc_args_int8(&args, message->id);
	qc_db_begin();
	found = qc_db_system(&read_message, &args) == 1;
	if (found)
	{
		message->slot = DatumGetInt16(qc_db_datum(0, 1, &(bool){false}));
		message->lane = qc_db_int8(0, 2);
		message->attempts = qc_db_int4(0, 3);
		message->kind = qc_db_keep_text(qc_db_text(0, 4));
	}
	qc_db_end();
	return found;
}

Datum
qc_fn_outbox_settle(PG_FUNCTION_ARGS)
{
	QcOutcome outcome = outcome_of_name(qc_arg_text(2));
	char *response = qc_arg_text(5);
	QcMessage message = {.id = qc_arg_int8(0, 0), .lease_token = qc_arg_int8(1, 0)};
	QcSettlement settlement = {
		.message = &message,
		.verdict = {.outcome = outcome,
					.reason = qc_arg_text(3),
					.retry_after = qc_arg_int4(6, -1),
					.counts_for_lane = outcome == QC_OUTCOME_RETRY},
		.status = qc_arg_int4(4, 0),
		.response = response,
		.response_len = response ? strlen(response) : 0,
	};

	qc_outbox_need_platform("settle messages");
	need_ownership();
	if (!find_message(&message))
		PG_RETURN_BOOL(false);
	settlement.is_secret = qc_arg_bool(7, qc_sender_forgets(message.kind));
	qc_outbox_settle(&settlement, 1);
	PG_RETURN_BOOL(settlement.is_settled);
}
