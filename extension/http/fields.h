/*
 * extension/http/fields.h
 *		What a request sends by name: fields of the query, of a form, of a JSON body.
 */
#ifndef QC_HTTP_FIELDS_H
#define QC_HTTP_FIELDS_H

#include "postgres.h"

#define QC_FIELDS_MAX 1000 /* in one query or form */

typedef enum QcFieldKind
{
	QC_FIELD_STRING, /* decoded text */
	QC_FIELD_NUMBER, /* JSON, as written */
	QC_FIELD_BOOLEAN,
	QC_FIELD_NULL,
	QC_FIELD_NESTED /* a JSON object or list, as written */
} QcFieldKind;

typedef struct QcField
{
	const char *name; /* without "[]" */
	const char *text; /* NUL-terminated */
	size_t len;
	QcFieldKind kind;
	bool is_list;   /* was written "name[]" */
	bool from_body; /* else from the query */
	bool is_json;   /* came as JSON, not as a form or query */
	bool is_used;
} QcField;

typedef struct QcFields
{
	QcField *list;
	int n;
	int capacity;
} QcFields;

extern QcField *qc_fields_append(QcFields *fields);

/* Is there nothing in it: null, a bare name, an empty string, blanks? */
extern bool qc_field_is_empty(const QcField *field, bool is_trimmed);

/*
 * The only field of that name, NULL when it is absent or empty; twice is bad_request.
 */
extern const QcField *qc_fields_find_single(QcFields *fields, const char *name);

/* Add the fields of a query or form; text is changed and must live on. */
extern void qc_fields_read_pairs(QcFields *fields, char *text, bool from_body);

/*
 * Read JSON text strictly.  With fields, it must be an object and its members are added.
 * Returns the end of a sentence about what is wrong, or NULL.  The text must live on.
 */
extern const char *qc_fields_read_json(QcFields *fields, char *text, size_t len);

/* Add what the body of a request holds, by its content type; NULL = not given. */
extern void qc_fields_read_body(QcFields *fields, const char *content_type, char *body,
								size_t len);

/* The elements of a JSON list. */
extern void qc_fields_read_list(QcFields *elements, char *text, size_t len);

#endif /* QC_HTTP_FIELDS_H */
