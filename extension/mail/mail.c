/*
 * extension/mail/mail.c
 *		Enqueueing a mail: looked at in full before anything is written.
 *
 * The payload is the data with "to", "to_name" and "locale" among them, in no language:
 * the sender writes the words.  Data cannot replace those three.
 */
#include "postgres.h"

#include "access/xact.h"

#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/mail/compose.h"
#include "extension/mail/mail.h"
#include "extension/mail/message.h"
#include "extension/mail/suppression.h"
#include "extension/outbox/outbox.h"

/* Is there anybody to write to?  If not, the log says so. */
static bool
has_address(const QcMail *mail)
{
	if (mail->to != NULL && qc_message_is_address(mail->to))
		return true;
	ereport(LOG,
			errmsg("no mail \"%s\" is sent, there is no address to send it to",
				   mail->template_name),
			errdetail_log("Shop " INT64_FORMAT ".", mail->shop_id));
	return false;
}

/* The data with the three members that are ours, which come last and so win. */
static char *
payload(const QcMail *mail, const char *locale)
{
	const char *end = strrchr(mail->data, '}');
	bool is_empty = strspn(mail->data, "{ \t\r\n") == (size_t) (end - mail->data);
	QcJson json;

	qc_json_init(&json);
	appendBinaryStringInfo(&json.out, mail->data, (int) (end - mail->data));
	json.needs_comma = !is_empty;
	qc_json_text(&json, "to", mail->to);
	qc_json_text(&json, "to_name", mail->to_name);
	qc_json_text(&json, "locale", locale);
	qc_json_close(&json, '}');
	return json.out.data;
}

int64
qc_mail_enqueue(const QcMail *mail)
{
	QcMailDraft draft = {.name = mail->template_name,
						 .locale = mail->locale,
						 .to_name = mail->to_name,
						 .shop_id = mail->shop_id,
						 .at = GetCurrentTransactionStartTimestamp()};
	QcMailText text;

	if (!has_address(mail))
		return 0;
	draft.data = qc_value_read(mail->data);
	text = qc_mail_compose(&draft);
	if (!text.is_transactional && qc_suppression_reason(mail->to, false) != NULL)
		return 0;
	return qc_outbox_enqueue(psprintf("mail.%s", mail->template_name), mail->shop_id,
							 mail->key ? mail->key : "", payload(mail, text.locale));
}
