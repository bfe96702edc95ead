/*
 * extension/mail/bounce.c
 *		What a provider reports of mails that went out: bounces and complaints.
 *
 * Whoever can send such a report can end somebody's mail, so nothing is read before its
 * signature fits.  A report may come twice: an address is suppressed once.
 */
#include "postgres.h"

#include <time.h>

#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/json_check.h"
#include "extension/mail/bounce.h"
#include "extension/mail/message.h"
#include "extension/mail/suppression.h"
#include "extension/mail/value.h"

#define MAX_DEPTH 12

static void
pg_attribute_noreturn() refuse(QcError error, const char *sentence)
{
	ereport(ERROR, qc_err(error), errmsg("%s", sentence));
}

static bool
is_object(const char *body, int len)
{
	while (len > 0 && strchr(" \t\r\n", *body) != NULL)
		body++, len--;
	return len > 0 && *body == '{';
}

static void
check(const QcWebhookHead *head, const char *body, int len)
{
	const char *secrets = qc_guc_resend_webhook_secrets;

	if (secrets == NULL || strspn(secrets, ", ") == strlen(secrets))
		ereport(ERROR, qc_err(QC_ERR_NOT_CONFIGURED),
				errmsg("no webhook secret of the mail provider is configured"),
				errhint("Set qutecart.resend_webhook_secrets."));
	if (len > QC_BOUNCE_MAX_BODY)
		refuse(QC_ERR_PAYLOAD_TOO_LARGE, "the event is too large");
	if (!qc_standard_webhooks_verify(head, body, len, secrets, (int64) time(NULL)))
		refuse(QC_ERR_INVALID_SIGNATURE, "Invalid signature");
	if (!qc_json_is_sound(body, len, MAX_DEPTH) || !is_object(body, len))
		refuse(QC_ERR_INVALID_PAYLOAD, "Invalid payload");
}

/* Why the event's addresses get no more mail; NULL = it is about something else. */
static const char *
reason_of(const char *type, const QcValue *data)
{
	const char *bounce = qc_value_get_text(qc_value_get(data, "bounce"), "type");

	if (type != NULL && strcmp(type, "email.complained") == 0)
		return "complaint";
	if (type != NULL && strcmp(type, "email.bounced") == 0 && bounce != NULL &&
		pg_strcasecmp(bounce, "Permanent") == 0)
		return "bounce";
	return NULL;
}

int
qc_bounce_receive(const QcWebhookHead *head, const char *body, int len)
{
	const QcValue *event;
	const QcValue *data;
	const QcValue *to;
	const char *reason;
	int n = 0;

	check(head, body, len);
	event = qc_value_read(pnstrdup(body, len));
	data = qc_value_get(event, "data");
	to = qc_value_get(data, "to");
	reason = reason_of(qc_value_get_text(event, "type"), data);
	if (reason == NULL || to == NULL || to->kind != QC_VALUE_LIST)
		return 0;
	for (const QcValue *address = to->first; address; address = address->next)
	{
		QcMailbox mailbox;

		if (address->text != NULL && qc_message_read_mailbox(address->text, &mailbox))
			n += qc_suppression_add(
				mailbox.address, reason,
				psprintf("resend %s", qc_message_line(head->id, 200)));
	}
	return n;
}
