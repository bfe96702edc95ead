/*
 * extension/worker/senders.c
 *		The table of senders.
 */
#include "postgres.h"

#include "extension/mail/sender.h"
#include "extension/webhook/sender.h"
#include "extension/worker/senders.h"

static const QcSender *const senders[] = {
	&qc_mail_sender,
	&qc_webhook_sender,
	NULL,
};

const QcSender *
qc_sender_of(const char *kind)
{
	for (int i = 0; senders[i] != NULL; i++)
		if (strncmp(kind, senders[i]->prefix, strlen(senders[i]->prefix)) == 0)
			return senders[i];
	return NULL;
}

bool
qc_sender_forgets(const char *kind)
{
	const QcSender *sender = qc_sender_of(kind);

	return sender == NULL ||
		   (sender->is_secret != NULL && sender->is_secret(&(QcMessage){.kind = kind}));
}
