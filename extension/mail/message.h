/*
 * extension/mail/message.h
 *		A mail as it goes over the wire: RFC 5322 with MIME, text and HTML.
 *
 * Every header value is made here, from data that may hold anything: line breaks and
 * control characters never get into a header.  Pure.
 */
#ifndef QC_MAIL_MESSAGE_H
#define QC_MAIL_MESSAGE_H

#include "postgres.h"

#include "lib/stringinfo.h"

/* An address with the name of who has it. */
typedef struct QcMailbox
{
	const char *name; /* NULL = none */
	const char *address;
} QcMailbox;

typedef struct QcMimeMail
{
	QcMailbox from;
	QcMailbox to;
	QcMailbox reply_to; /* address NULL = none */
	const char *subject;
	const char *text;
	const char *html;
	const char *locale;          /* "en" */
	const char *id;              /* hexadecimal; of the row, so that it never changes */
	const char *unsubscribe_url; /* NULL = not offered */
	int64 time;                  /* seconds since 1970 */
} QcMimeMail;

/* The whole message, with CRLF at the end of each line; palloc'd. */
extern char *qc_message_build(const QcMimeMail *mail, size_t *len);

/*
 * One line of at most so many bytes: control characters, line breaks and what turns the
 * direction of writing around become blanks; cut between characters; palloc'd.
 */
extern char *qc_message_line(const char *text, size_t max);

/* Is it a bare address that can stand in an envelope and a header as it is? */
extern bool qc_message_is_address(const char *text);

/*
 * Read "Name <address>" or a bare address, as the settings have it; false when the
 * address will not do.  Parts are palloc'd.
 */
extern bool qc_message_read_mailbox(const char *text, QcMailbox *mailbox);

/* "Name <address>" for an API that takes UTF-8; palloc'd. */
extern char *qc_message_write_mailbox(const QcMailbox *mailbox);

#endif /* QC_MAIL_MESSAGE_H */
