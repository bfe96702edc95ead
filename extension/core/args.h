/*
 * extension/core/args.h
 *		Arguments of SQL functions, read with one call each.
 *
 * qc_arg_* give a C value for an argument that may be NULL; qc_need_* raise one 422
 * that names the field.
 */
#ifndef QC_CORE_ARGS_H
#define QC_CORE_ARGS_H

#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "extension/core/errors.h"

#define qc_arg_text(n)         (PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n)))
#define qc_arg_int8(n, absent) (PG_ARGISNULL(n) ? (absent) : PG_GETARG_INT64(n))
#define qc_arg_int4(n, absent) (PG_ARGISNULL(n) ? (absent) : PG_GETARG_INT32(n))
#define qc_arg_bool(n, absent) (PG_ARGISNULL(n) ? (absent) : PG_GETARG_BOOL(n))
#define qc_arg_datum(n)        (PG_ARGISNULL(n) ? (Datum) 0 : PG_GETARG_DATUM(n))

/*
 * Complaints about fields, gathered and raised as one 422: add as many as there are,
 * then raise.  The body's "errors" object has one list of sentences per field.
 */
typedef struct QcFieldErrors
{
	int n;
	StringInfoData json;     /* members of the "errors" object */
	char *first;             /* the first sentence, the body's "message" */
	const char *first_field; /* as it was given: not copied */
} QcFieldErrors;

extern void qc_fields_init(QcFieldErrors *errors);
extern void qc_fields_add(QcFieldErrors *errors, const char *field, const char *fmt,
						  ...) pg_attribute_printf(3, 4);
extern void qc_fields_raise(QcFieldErrors *errors); /* no-op when there are none */

#endif /* QC_CORE_ARGS_H */
