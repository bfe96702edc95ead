/*
 * extension/mail/template.h
 *		Templates in Mustache's manner, rendered over the data of one mail.
 *
 *	{{name}} {{a.b}} {{.}}            a value; escaped in HTML
 *	{{#name}} … {{/name}}             once if it is something, per element of a list
 *	{{^name}} … {{/name}}             if it is nothing
 *	{{! words }}                      a comment
 *	{{{name}}}                        unescaped; in layouts only
 *
 * There are no partials, lambdas or other delimiters.  Every name must be known, in
 * sections too: a placeholder whose value is absent or null is a problem, never a gap.
 * Lines that hold nothing but one section tag or comment leave no line behind.  Pure.
 */
#ifndef QC_MAIL_TEMPLATE_H
#define QC_MAIL_TEMPLATE_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "extension/mail/value.h"

#define QC_TEMPLATE_MAX (256 * 1024) /* bytes, of a template and of what it becomes */

typedef enum QcTemplateMode
{
	QC_TEMPLATE_TEXT,  /* nothing is escaped */
	QC_TEMPLATE_HTML,  /* values are escaped */
	QC_TEMPLATE_LAYOUT /* HTML that may place finished parts as {{{name}}} */
} QcTemplateMode;

typedef struct QcTemplateProblem
{
	const char *sentence; /* what is wrong, without a full stop; palloc'd */
	const char *name; /* of the value that is missing; NULL = the template is wrong */
	int line;         /* where, from 1 */
} QcTemplateProblem;

/*
 * Append what the template becomes to *out; false when there is a problem, and then out
 * holds nothing of use.
 */
extern bool qc_template_render(const char *template_text, QcTemplateMode mode,
							   const QcValue *data, StringInfo out,
							   QcTemplateProblem *problem);

/* Is it well-formed, whatever the data? */
extern bool qc_template_check(const char *template_text, QcTemplateMode mode,
							  QcTemplateProblem *problem);

#endif /* QC_MAIL_TEMPLATE_H */
