/*
 * extension/worker/delivery.c
 *		One claimed message in the worker's memory, from its claim to its settlement.
 *
 * Each lives in a memory context of its own: one that hangs keeps nothing of the others
 * that were claimed with it.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "extension/worker/delivery.h"
#include "extension/worker/senders.h"

QcDelivery *
qc_delivery_new(const QcMessage *message, MemoryContext parent)
{
	MemoryContext context =
		AllocSetContextCreate(parent, "qutecart delivery", ALLOCSET_SMALL_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	QcDelivery *delivery = palloc0(sizeof(QcDelivery));

	delivery->context = context;
	delivery->message = *message;
	delivery->message.kind = pstrdup(message->kind);
	delivery->message.key = pstrdup(message->key);
	delivery->message.payload = pstrdup(message->payload);
	delivery->sender = qc_sender_of(message->kind);
	delivery->response.retry_after = -1;
	delivery->verdict.retry_after = -1;
	delivery->has_effect = true;
	MemoryContextSwitchTo(before);
	return delivery;
}

void
qc_delivery_free(QcDelivery *delivery)
{
	if (delivery->host != NULL)
		qc_hosts_leave(delivery->host);
	MemoryContextDelete(delivery->context);
}

void
qc_delivery_prepare(QcDelivery *delivery)
{
	MemoryContext before = MemoryContextSwitchTo(delivery->context);

	/* Prepared anew when the first try, together with others, was undone. */
	memset(&delivery->request, 0, sizeof(delivery->request));
	if (delivery->sender != NULL)
		delivery->is_wanted = delivery->sender->prepare(
			&delivery->message, &delivery->request, &delivery->verdict);
	else
		delivery->verdict = (QcVerdict){.outcome = QC_OUTCOME_DEAD,
										.reason = "nobody sends this kind",
										.retry_after = -1};
	MemoryContextSwitchTo(before);
}

/* What an answer means where the sender has no opinion of its own. */
static QcVerdict
usual_verdict(const QcResponse *response)
{
	QcVerdict verdict = {.outcome = QC_OUTCOME_RETRY,
						 .reason = response->error,
						 .retry_after = response->retry_after,
						 .counts_for_lane = true};
	int32 status = response->status;

	if (response->error != NULL)
		return verdict;
	if (status >= 200 && status <= 299)
	{
		verdict.outcome = QC_OUTCOME_DELIVERED;
		verdict.counts_for_lane = false;
	}
	else if (status != 408 && status != 429 && status < 500)
		verdict.outcome = QC_OUTCOME_DEAD;
	return verdict;
}

static void
ask_sender(QcDelivery *delivery)
{
	PG_TRY();
	{
		delivery->sender->judge(&delivery->message, &delivery->response,
								&delivery->verdict);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(delivery->context);
		EmitErrorReport();
		FlushErrorState();
		qc_delivery_fail(delivery, "judging the answer", ERRCODE_INTERNAL_ERROR);
	}
	PG_END_TRY();
}

void
qc_delivery_judge(QcDelivery *delivery, const QcResponse *response)
{
	MemoryContext before = MemoryContextSwitchTo(delivery->context);
	QcResponse *kept = &delivery->response;

	*kept = *response;
	kept->request = &delivery->request;
	if (response->body_len > 0)
		kept->body =
			memcpy(palloc(response->body_len), response->body, response->body_len);
	delivery->verdict = usual_verdict(kept);
	if (delivery->sender->judge != NULL)
		ask_sender(delivery);
	MemoryContextSwitchTo(before);
}

void
qc_delivery_fail(QcDelivery *delivery, const char *doing, int sqlstate)
{
	MemoryContext before = MemoryContextSwitchTo(delivery->context);

	delivery->is_wanted = false;
	delivery->has_effect = false;
	delivery->verdict =
		(QcVerdict){.outcome = QC_OUTCOME_RETRY,
					.reason = psprintf("%s failed with SQLSTATE %s", doing,
									   unpack_sql_state(sqlstate)),
					.retry_after = -1};
	MemoryContextSwitchTo(before);
}

void
qc_delivery_postpone(QcDelivery *delivery, int32 seconds)
{
	delivery->is_wanted = false;
	delivery->has_effect = false;
	delivery->verdict =
		(QcVerdict){.outcome = QC_OUTCOME_POSTPONED, .retry_after = seconds};
}

QcSettlement
qc_delivery_settlement(const QcDelivery *delivery)
{
	const QcSender *sender = delivery->sender;

	return (QcSettlement){
		.message = &delivery->message,
		.verdict = delivery->verdict,
		.status = delivery->response.status,
		.response = delivery->response.body,
		.response_len = delivery->response.body_len,
		.duration = delivery->response.duration,
		.is_secret = sender == NULL || (sender->is_secret != NULL &&
										sender->is_secret(&delivery->message)),
	};
}
