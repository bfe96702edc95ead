/*
 * extension/webhook/sender.c
 *		From a claimed row to a signed request, and what the answer means.
 *
 * The body is the payload as it is stored, the id the row's: both are the same at every
 * attempt.  Time and signature are made anew.  An endpoint that answers 410, or has
 * failed for FAILING_DAYS, is switched off.
 */
#include "postgres.h"

#include <time.h>

#include "utils/timestamp.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/core/version.h"
#include "extension/mail/owner.h"
#include "extension/outbox/circuit.h"
#include "extension/webhook/endpoint.h"
#include "extension/webhook/sender.h"
#include "extension/webhook/signer.h"

#define PREFIX       "webhook."
#define FAILING_DAYS 5
#define ASK_AGAIN    300 /* seconds, while the key is not configured */

static QcStmt read_names = {
	.sql = "SELECT s.name, pg_catalog.split_part(w.url, '?', 1)"
		   " FROM qutecart.webhook_endpoints w"
		   " JOIN qutecart.shops s ON s.id = w.shop_id"
		   " WHERE w.shop_id = $1 AND w.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

/* Decide without sending; always false. */
static bool
settle_as(QcVerdict *verdict, QcOutcome outcome, const char *reason)
{
	*verdict =
		(QcVerdict){.outcome = outcome,
					.reason = reason,
					.retry_after = outcome == QC_OUTCOME_POSTPONED ? ASK_AGAIN : -1};
	return false;
}

static void
add_header(QcRequest *request, const char *name, const char *value)
{
	request->headers = lappend(request->headers, psprintf("%s: %s", name, value));
}

/* Sign and add the headers; false when the cipher refuses. */
static bool
sign(const QcMessage *message, const QcSigner *signer, QcRequest *request)
{
	int64 now = (int64) time(NULL);
	char id[sizeof("msg_") + 2 * UUID_LEN] = "msg_";
	char *signatures;

	qc_crypto_hex(message->public_id.data, UUID_LEN, id + strlen(id));
	signatures = qc_sign_message(signer->keys, signer->count, id, now, request->body,
								 request->body_len);
	if (signatures == NULL)
		return false;
	add_header(request, "Content-Type", "application/json");
	add_header(request, "User-Agent", "QuteCart-Webhooks/" QC_VERSION);
	add_header(request, "webhook-id", id);
	add_header(request, "webhook-timestamp", psprintf(INT64_FORMAT, now));
	add_header(request, "webhook-signature", signatures);
	return true;
}

static bool
prepare(const QcMessage *message, QcRequest *request, QcVerdict *verdict)
{
	const QcSigner *signer = qc_signer_get(message->shop_id, message->endpoint_id);

	if (!signer->exists)
		return settle_as(verdict, QC_OUTCOME_DEAD, "The endpoint is deleted.");
	if (!signer->is_enabled)
		return settle_as(verdict, QC_OUTCOME_DEAD, "The endpoint is disabled.");
	if (signer->verdict == QC_SEAL_NO_KEY)
		return settle_as(verdict, QC_OUTCOME_POSTPONED,
						 "The key of its secret is not configured.");
	if (signer->verdict != QC_SEAL_OPENED)
		return settle_as(verdict, QC_OUTCOME_DEAD, "Its secret cannot be opened.");
	*request = (QcRequest){.protocol = QC_PROTOCOL_HTTP,
						   .method = "POST",
						   .url = pstrdup(signer->url),
						   .body = message->payload,
						   .body_len = strlen(message->payload),
						   .is_user_address = true};
	if (!sign(message, signer, request))
		return settle_as(verdict, QC_OUTCOME_DEAD, "It could not be signed.");
	return true;
}

/* What an answer other than 2xx says, and whether it is of the endpoint as a whole. */
static const struct
{
	int from;
	int to;
	bool counts_for_lane;
	const char *reason;
} refusals[] = {
	{300, 399, true, "The endpoint redirects, and redirects are not followed."},
	{401, 401, true, "The endpoint refuses whatever comes."},
	{403, 405, true, "The endpoint refuses whatever comes."},
	{408, 408, true, "The endpoint took too long."},
	{429, 429, true, "The endpoint asks to be sent less."},
	{400, 499, false, "The endpoint refuses this message."},
	{500, 599, true, "The endpoint has failed."},
	{1, 999, true, "The endpoint gave no answer that is known."},
};

static void
judge(const QcMessage *message, const QcResponse *response, QcVerdict *verdict)
{
	*verdict = (QcVerdict){.outcome = QC_OUTCOME_RETRY,
						   .retry_after = response->retry_after,
						   .reason = response->error,
						   .counts_for_lane = true};
	if (response->status >= 200 && response->status <= 299)
	{
		verdict->outcome = QC_OUTCOME_DELIVERED;
		verdict->reason = NULL;
		return;
	}
	if (response->status == 410)
	{
		verdict->outcome = QC_OUTCOME_DEAD;
		verdict->reason = "The endpoint is gone.";
		return;
	}
	for (int i = 0; i < lengthof(refusals); i++)
	{
		if (response->status < refusals[i].from || response->status > refusals[i].to)
			continue;
		verdict->reason = refusals[i].reason;
		verdict->counts_for_lane = refusals[i].counts_for_lane;
		return;
	}
}

static char *
mail_data(TimestampTz since, const QcResponse *response, const QcVerdict *verdict)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "shop_name", qc_db_text(0, 1));
	qc_json_text(&json, "endpoint_url", qc_db_text(0, 2));
	qc_json_time(&json, "failing_since", since);
	qc_json_text(&json, "last_error",
				 response->status > 0
					 ? psprintf("The endpoint answered %d.", response->status)
				 : verdict->reason ? verdict->reason
								   : "There was no answer.");
	qc_json_close(&json, '}');
	return json.out.data;
}

static void
write_to_owner(const QcMessage *message, TimestampTz since, const QcResponse *response,
			   const QcVerdict *verdict)
{
	QcMail mail = {.template_name = "webhook_endpoint_disabled"};
	QcArgs args = {0};

	qc_mail_to_owner(&mail, message->shop_id);
	qc_args_int8(&args, message->shop_id);
	qc_args_int8(&args, message->endpoint_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_names, &args), 1, "reading an endpoint's names");
	mail.data = mail_data(since, response, verdict);
	(void) qc_mail_enqueue(&mail);
	qc_db_end();
}

static void
settled(const QcMessage *message, const QcResponse *response, const QcVerdict *verdict)
{
	TimestampTz since;

	if (verdict->outcome == QC_OUTCOME_DELIVERED || response == NULL)
		return;
	if (response->status == 410)
	{
		(void) qc_endpoint_disable(message->shop_id, message->endpoint_id,
								   QC_ENDPOINT_GONE);
		return;
	}
	since = qc_outbox_failing_since(message->lane);
	if (since == DT_NOEND ||
		since > GetCurrentTimestamp() - FAILING_DAYS * USECS_PER_DAY)
		return;
	if (qc_endpoint_disable(message->shop_id, message->endpoint_id,
							QC_ENDPOINT_FAILING))
		write_to_owner(message, since, response, verdict);
}

const QcSender qc_webhook_sender = {
	.prefix = PREFIX,
	.prepare = prepare,
	.judge = judge,
	.settled = settled,
};
