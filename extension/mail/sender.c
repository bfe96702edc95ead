/*
 * extension/mail/sender.c
 *		From a claimed row to a mail on its way, and what the answer makes of it.
 *
 * The words are written at each attempt, so that a template that was mended counts; id,
 * date and key come from the row and never change.  Whether somebody may be written to
 * is asked at each attempt as well.
 */
#include "postgres.h"

#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "extension/core/crypto.h"
#include "extension/core/guc.h"
#include "extension/mail/compose.h"
#include "extension/mail/provider.h"
#include "extension/mail/sender.h"
#include "extension/mail/suppression.h"

#define PREFIX        "mail."
#define ASK_AGAIN     300 /* seconds, while nothing is configured */
#define DOWN_SECONDS  60  /* for which a provider that failed is left alone */
#define QUOTA_SECONDS 900

/*
 * So often the same provider is asked again when its answer was lost: it may have taken
 * the mail, and knows it by its id, as the other does not.
 */
#define PATIENCE 2

static const char *const secret_kinds[] = {PREFIX "verification_code",
										   PREFIX "password_reset"};

static bool
is_secret(const QcMessage *message)
{
	for (int i = 0; i < lengthof(secret_kinds); i++)
		if (strcmp(message->kind, secret_kinds[i]) == 0)
			return true;
	return false;
}

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

/* Is it a code that would come too late? */
static bool
is_over(const QcMessage *message, const QcValue *data)
{
	const char *minutes = qc_value_get_text(data, "minutes");

	return is_secret(message) && minutes != NULL &&
		   message->created_at + strtol(minutes, NULL, 10) * USECS_PER_MINUTE <=
			   GetCurrentTimestamp();
}

/* From and Reply-To as the settings have them; false when there is no sender. */
static bool
set_senders(QcMimeMail *mail)
{
	if (qc_guc_mail_from == NULL ||
		!qc_message_read_mailbox(qc_guc_mail_from, &mail->from))
		return false;
	if (qc_guc_mail_reply_to == NULL ||
		!qc_message_read_mailbox(qc_guc_mail_reply_to, &mail->reply_to))
		mail->reply_to.address = NULL;
	return true;
}

/* Write the words; false when the address does not want this mail. */
static bool
write_words(const QcMessage *message, QcValue *data, QcMimeMail *mail,
			QcVerdict *verdict)
{
	QcMailWords words;
	QcMailDraft draft = {.name = message->kind + strlen(PREFIX),
						 .locale = qc_value_get_text(data, "locale"),
						 .to_name = mail->to.name,
						 .shop_id = message->shop_id,
						 .data = data,
						 .at = message->created_at};
	QcMailText text;
	char *reason;

	if (!qc_mail_find_words(draft.name, draft.locale, &words))
		return settle_as(verdict, QC_OUTCOME_DEAD, "There is no such template.");
	reason = qc_suppression_reason(mail->to.address, words.is_transactional);
	if (reason != NULL)
		return settle_as(verdict, QC_OUTCOME_DEAD,
						 psprintf("The address is suppressed (%s).", reason));
	if (!words.is_transactional)
		draft.unsubscribe_url = mail->unsubscribe_url = qc_mail_url(
			psprintf("/api/unsubscribe/%s", qc_suppression_token(mail->to.address)));
	text = qc_mail_compose_words(&draft, &words);
	mail->subject = text.subject;
	mail->html = text.html;
	mail->text = text.text;
	mail->locale = text.locale;
	return true;
}

/* "0189abcd…" and "0189abcd-…": for the Message-ID, and as a key. */
static char *
id_of(const QcMessage *message)
{
	char *hex = palloc(2 * UUID_LEN + 1);

	qc_crypto_hex(message->public_id.data, UUID_LEN, hex);
	return hex;
}

static char *
key_of(const char *hex)
{
	return psprintf("%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
					hex + 20);
}

static bool
prepare(const QcMessage *message, QcRequest *request, QcVerdict *verdict)
{
	QcValue *data = qc_value_read(message->payload);
	QcMimeMail mail = {.to = {.name = qc_value_get_text(data, "to_name"),
							  .address = qc_value_get_text(data, "to")},
					   .time = message->created_at / USECS_PER_SEC +
							   (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) *
								   INT64CONST(86400)};
	QcProvider provider = qc_provider_choose(GetCurrentTimestamp());

	if (mail.to.address == NULL || !qc_message_is_address(mail.to.address))
		return settle_as(verdict, QC_OUTCOME_DEAD,
						 "There is no address to send it to.");
	if (is_over(message, data))
		return settle_as(verdict, QC_OUTCOME_DEAD, "Its code is no longer valid.");
	if (provider == QC_PROVIDER_NONE)
		return settle_as(verdict, QC_OUTCOME_POSTPONED, "No mail provider is set.");
	if (!set_senders(&mail))
		return settle_as(verdict, QC_OUTCOME_POSTPONED,
						 "The setting qutecart.mail_from holds no address.");
	if (!write_words(message, data, &mail, verdict))
		return false;
	mail.id = id_of(message);
	if (!qc_provider_request(provider, &mail, key_of(mail.id), request))
		return settle_as(verdict, QC_OUTCOME_POSTPONED,
						 "The mail provider's setting holds no usable URL.");
	return true;
}

/* Leave the provider alone, and try the other one at once if there is one. */
static void
fail_over(const QcResponse *response, int seconds, QcVerdict *verdict)
{
	TimestampTz now = GetCurrentTimestamp();

	qc_provider_mark_down(qc_provider_of(response->request), now, seconds);
	verdict->outcome = QC_OUTCOME_RETRY;
	verdict->is_at_once = qc_provider_is_any_up(now);
	verdict->reason =
		response->error ? response->error
						: psprintf("The mail provider answered %d.", response->status);
}

static void
judge(const QcMessage *message, const QcResponse *response, QcVerdict *verdict)
{
	QcMailFate fate = qc_provider_fate(response);

	*verdict = (QcVerdict){.retry_after = response->retry_after};
	if (fate == QC_MAIL_LATER && response->error != NULL &&
		message->attempts >= PATIENCE)
		fate = QC_MAIL_BAD_PROVIDER;
	switch (fate)
	{
		case QC_MAIL_TAKEN:
			verdict->outcome = QC_OUTCOME_DELIVERED;
			break;
		case QC_MAIL_LATER:
			verdict->outcome = QC_OUTCOME_RETRY;
			verdict->reason = response->error ? response->error
											  : "The receiver asks to try again later.";
			break;
		case QC_MAIL_BAD_ADDRESS:
			verdict->outcome = QC_OUTCOME_DEAD;
			verdict->reason = "The address was refused.";
			break;
		case QC_MAIL_REFUSED:
			verdict->outcome = QC_OUTCOME_DEAD;
			verdict->reason = "The mail was refused.";
			break;
		case QC_MAIL_BAD_PROVIDER:
			fail_over(response, DOWN_SECONDS, verdict);
			break;
		case QC_MAIL_NO_QUOTA:
			fail_over(response, QUOTA_SECONDS, verdict);
			break;
	}
}

static void
settled(const QcMessage *message, const QcResponse *response, const QcVerdict *verdict)
{
	const char *address;

	if (verdict->outcome != QC_OUTCOME_DEAD || response == NULL ||
		response->request == NULL || qc_provider_fate(response) != QC_MAIL_BAD_ADDRESS)
		return;
	address = qc_value_get_text(qc_value_read(message->payload), "to");
	if (address != NULL)
		(void) qc_suppression_add(address, "bounce", "refused by the mail server");
}

const QcSender qc_mail_sender = {.prefix = PREFIX,
								 .prepare = prepare,
								 .judge = judge,
								 .settled = settled,
								 .is_secret = is_secret};
