/*
 * extension/mail/provider.h
 *		What mails are sent by: a mail server over SMTP, or Resend's HTTP API.
 *
 * The setting qutecart.mail_providers is their order.  One that fails is left alone for
 * a while and the next stands in; what this process knows of that dies with it.
 */
#ifndef QC_MAIL_PROVIDER_H
#define QC_MAIL_PROVIDER_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "extension/mail/message.h"
#include "extension/outbox/message.h"

typedef enum QcProvider
{
	QC_PROVIDER_NONE = -1,
	QC_PROVIDER_SMTP,
	QC_PROVIDER_RESEND
} QcProvider;

/* What an answer means for the mail, its address and the provider. */
typedef enum QcMailFate
{
	QC_MAIL_TAKEN,
	QC_MAIL_LATER,        /* the same way, after a while */
	QC_MAIL_BAD_ADDRESS,  /* nobody has it: never write there again */
	QC_MAIL_REFUSED,      /* this mail, for good */
	QC_MAIL_BAD_PROVIDER, /* it is not the mail: another way may work */
	QC_MAIL_NO_QUOTA      /* likewise, and it will last */
} QcMailFate;

/* The first provider that is configured and has not failed lately; NONE = none is set. */
extern QcProvider qc_provider_choose(TimestampTz now);

/* Is one configured that has not failed lately? */
extern bool qc_provider_is_any_up(TimestampTz now);

/* Which one a request went to. */
extern QcProvider qc_provider_of(const QcRequest *request);

/* Leave a provider alone for so many seconds. */
extern void qc_provider_mark_down(QcProvider provider, TimestampTz now, int seconds);

/* Make the request; false when the provider's setting makes no sense. */
extern bool qc_provider_request(QcProvider provider, const QcMimeMail *mail,
								const char *key, QcRequest *request);

/* Pure: reads nothing but the answer. */
extern QcMailFate qc_provider_fate(const QcResponse *response);

#endif /* QC_MAIL_PROVIDER_H */
