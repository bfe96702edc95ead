/*
 * extension/mail/compose.h
 *		From a kind of mail, a language and data to subject, HTML and text.
 */
#ifndef QC_MAIL_COMPOSE_H
#define QC_MAIL_COMPOSE_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "extension/mail/value.h"

typedef struct QcMailDraft
{
	const char *name;            /* of the kind: "welcome" */
	const char *locale;          /* wished for; NULL = the marketplace's */
	const char *to_name;         /* NULL = none */
	int64 shop_id;               /* 0 = not about a shop */
	QcValue *data;               /* is changed; NULL = the kind's sample */
	const char *unsubscribe_url; /* NULL = none is known yet */
	TimestampTz at;              /* what the year in the footer comes from */
} QcMailDraft;

/* The words of one kind in one language, as the tables have them. */
typedef struct QcMailWords
{
	char *locale;
	char *subject;
	char *preheader;
	char *html;
	char *text;
	char *layout_html;
	char *layout_text;
	char *style;  /* a JSON object, as the following: inline CSS by name */
	char *colour; /* the layout's, by name */
	char *fields; /* what is localized, see localize.h */
	char *sample;
	char *colour_name; /* a template */
	bool is_transactional;
} QcMailWords;

typedef struct QcMailText
{
	const char *locale; /* the one that is used */
	bool is_rtl;
	bool is_transactional;
	char *subject; /* one line */
	char *html;
	char *text;
} QcMailText;

/*
 * Load the words of a kind: in the language wished for, else its parent's, else the
 * marketplace's, else English; *words lives in the current memory context.  False when
 * there is no such kind or it has no words at all.
 */
extern bool qc_mail_find_words(const char *name, const char *locale,
							   QcMailWords *words);

/*
 * Write a mail, in the current memory context.  Raises validation_failed, which names
 * the field, when a value is missing or of another sort; not_found for an unknown kind.
 */
extern QcMailText qc_mail_compose(const QcMailDraft *draft);

/* The same with words that are at hand, for a template that is about to be stored. */
extern QcMailText qc_mail_compose_words(const QcMailDraft *draft,
										const QcMailWords *words);

/* An absolute URL of the app: a path below it, or a URL as it is; palloc'd. */
extern char *qc_mail_url(const char *path);

#endif /* QC_MAIL_COMPOSE_H */
