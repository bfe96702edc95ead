/*
 * extension/core/args.c
 *		Complaints about fields: all of them in one answer.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "extension/core/args.h"
#include "extension/core/json.h"

void
qc_fields_init(QcFieldErrors *errors)
{
	errors->n = 0;
	errors->first = NULL;
	errors->first_field = NULL;
	initStringInfo(&errors->json);
}

/*
 * Add one sentence for one field.  A field complained about twice keeps the first
 * sentence, as clients show one line under an input.
 */
void
qc_fields_add(QcFieldErrors *errors, const char *field, const char *fmt, ...)
{
	StringInfoData member;
	StringInfoData sentence;
	va_list ap;
	int needed;

	initStringInfo(&member);
	qc_json_string(&member, field);
	appendStringInfoString(&member, ":[");
	if (strstr(errors->json.data, member.data) != NULL)
		return;
	initStringInfo(&sentence);
	for (;;)
	{
		va_start(ap, fmt);
		needed = appendStringInfoVA(&sentence, fmt, ap);
		va_end(ap);
		if (needed == 0)
			break;
		enlargeStringInfo(&sentence, needed);
	}
	if (errors->n++ > 0)
		appendStringInfoChar(&errors->json, ',');
	else
	{
		errors->first_field = field;
		/* As long-lived as the rest, even when complained about within qc_db_begin(). */
		errors->first = MemoryContextStrdup(GetMemoryChunkContext(errors->json.data),
											sentence.data);
	}
	appendStringInfoString(&errors->json, member.data);
	qc_json_string(&errors->json, sentence.data);
	appendStringInfoChar(&errors->json, ']');
}

void
qc_fields_raise(QcFieldErrors *errors)
{
	if (errors->n == 0)
		return;
	ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED),
			qc_err_members(psprintf("\"errors\":{%s}", errors->json.data)),
			errors->n == 1 ? errmsg("%s", errors->first)
						   : errmsg("%s (and %d more error%s)", errors->first,
									errors->n - 1, errors->n == 2 ? "" : "s"));
}
