/*
 * extension/mail/value.h
 *		The data of a mail as a tree: what a template's placeholders are looked up in.
 *
 * Pure but for qc_value_read(): plain C and palloc, so that unit tests reach it.
 */
#ifndef QC_MAIL_VALUE_H
#define QC_MAIL_VALUE_H

#include "postgres.h"

typedef enum QcValueKind
{
	QC_VALUE_NULL,
	QC_VALUE_FALSE,
	QC_VALUE_TRUE,
	QC_VALUE_TEXT,
	QC_VALUE_NUMBER,
	QC_VALUE_LIST,
	QC_VALUE_OBJECT
} QcValueKind;

typedef struct QcValue
{
	QcValueKind kind;
	const char *text;      /* of a text or number */
	const char *name;      /* as a member of an object */
	struct QcValue *first; /* member or element */
	struct QcValue *last;
	struct QcValue *next; /* member or element of the same parent */
} QcValue;

extern QcValue *qc_value_new(QcValueKind kind);
extern QcValue *qc_value_text(const char *text); /* NULL pointer = null */
extern QcValue *qc_value_bool(bool is_true);

/* Append an element to a list. */
extern void qc_value_append(QcValue *list, QcValue *element);

/* Give an object a member, in place of the one of that name. */
extern void qc_value_put(QcValue *object, const char *name, QcValue *member);

/* A member by name; NULL when there is none or this is no object. */
extern QcValue *qc_value_get(const QcValue *object, const char *name);
extern QcValue *qc_value_get_len(const QcValue *object, const char *name, size_t len);

/* A member's text; NULL when it has none. */
extern const char *qc_value_get_text(const QcValue *object, const char *name);

/* Is it something: not null, false, zero, an empty text, list or object? */
extern bool qc_value_is_true(const QcValue *value);

/*
 * Read JSON text; in the current memory context.  Raises PostgreSQL's own error for what
 * is no JSON, and validation_failed for what is no object, or nested too deeply.
 */
extern QcValue *qc_value_read(const char *json);

#endif /* QC_MAIL_VALUE_H */
