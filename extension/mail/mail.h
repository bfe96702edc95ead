/*
 * extension/mail/mail.h
 *		Writing to people: a template, its data, and an address, in the causing transaction.
 */
#ifndef QC_MAIL_MAIL_H
#define QC_MAIL_MAIL_H

#include "postgres.h"

typedef struct QcMail
{
	const char *template_name; /* "welcome": the kind is "mail.welcome" */
	int64 shop_id;             /* 0 = the platform's own */
	const char *key;     /* mails of one key leave in order; NULL or "" = no order */
	const char *to;      /* bare address */
	const char *to_name; /* NULL = none */
	const char *locale;  /* BCP 47; NULL = the marketplace's */
	const char *data;    /* JSON object with a value for each placeholder */
} QcMail;

/*
 * Enqueue one mail.  Raises validation_failed when the template needs a value that data
 * does not have, and names it.  Returns the message's id; 0 when nothing is sent: there
 * is no address (the log says so), or the mail is not transactional and the address is
 * suppressed.
 */
extern int64 qc_mail_enqueue(const QcMail *mail);

#endif /* QC_MAIL_MAIL_H */
