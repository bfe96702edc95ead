/*
 * extension/http/convert.c
 *		From text to typed values, strictly but kindly.
 *
 * "5" is a bigint and 5.5 is none; "1" is true and "yes" is nothing.  Common types are
 * read without raising, so that one answer can name every wrong field; a type that has
 * only an input function is read in a subtransaction.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/int.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/resowner.h"

#include "extension/core/json.h"
#include "extension/http/convert.h"
#include "extension/http/json_limits.h"

#define MAX_DIGITS QC_JSON_MAX_DIGITS
#define MAX_WORD   64

static const char *to_text(QcType *type, const char *text, size_t len, Datum *value);
static const char *to_integer(QcType *type, const QcField *field, const char *text,
							  Datum *value);
static const char *to_number(QcType *type, const QcField *field, char *text,
							 Datum *value);
static const char *to_boolean(const char *text, Datum *value);
static const char *to_json_value(QcType *type, const QcField *field, Datum *value);
static const char *to_other(QcType *type, char *text, Datum *value);
static const char *complaint_of(Oid type);

/* Without the blanks around it. */
static char *
trimmed(const QcField *field)
{
	static const char blanks[] = " \t\n\r\v\f";
	const char *start = field->text + strspn(field->text, blanks);
	const char *end = field->text + field->len;

	while (end > start && strchr(blanks, end[-1]) != NULL)
		end--;
	return pnstrdup(start, end - start);
}

const char *
qc_convert(QcType *type, const QcField *field, bool is_trimmed, Datum *value)
{
	char *text;

	if (type->kind == QC_KIND_JSON)
		return to_json_value(type, field, value);
	if (field->kind == QC_FIELD_NESTED)
		return complaint_of(type->oid);
	text = is_trimmed ? trimmed(field) : pnstrdup(field->text, field->len);
	switch (type->kind)
	{
		case QC_KIND_TEXT:
			if (field->kind == QC_FIELD_BOOLEAN)
				return complaint_of(TEXTOID);
			return to_text(type, text, strlen(text), value);
		case QC_KIND_INTEGER:
			return to_integer(type, field, text, value);
		case QC_KIND_NUMBER:
			return to_number(type, field, text, value);
		case QC_KIND_BOOLEAN:
			return to_boolean(text, value);
		default:
			return to_other(type, text, value);
	}
}

static const char *
to_text(QcType *type, const char *text, size_t len, Datum *value)
{
	*value = PointerGetDatum(cstring_to_text_with_len(text, len));
	return NULL;
}

/* Sign, digits, and of a JSON number a fraction of noughts. */
static const char *
to_integer(QcType *type, const QcField *field, const char *text, Datum *value)
{
	const char *c = text + (*text == '-' || *text == '+');
	bool is_negative = *text == '-';
	int64 n = 0;

	if (*c < '0' || *c > '9')
		return complaint_of(type->oid);
	for (; *c >= '0' && *c <= '9'; c++)
		if (pg_mul_s64_overflow(n, 10, &n) || pg_sub_s64_overflow(n, *c - '0', &n))
			return "is out of range.";
	if (*c == '.' && field->kind == QC_FIELD_NUMBER)
		c += 1 + strspn(c + 1, "0");
	if (*c != '\0')
		return complaint_of(type->oid);
	if (!is_negative && pg_mul_s64_overflow(n, -1, &n))
		return "is out of range.";
	if ((type->oid == INT4OID && n != (int32) n) ||
		(type->oid == INT2OID && n != (int16) n))
		return "is out of range.";
	*value = type->oid == INT8OID   ? Int64GetDatum(n)
			 : type->oid == INT4OID ? Int32GetDatum((int32) n)
									: Int16GetDatum((int16) n);
	return NULL;
}

/* Is this a decimal of bounded length?  JSON numbers may have an exponent. */
static bool
is_decimal(const char *text, bool may_have_exponent)
{
	const char *c = text + (*text == '-' || *text == '+');
	size_t whole = strspn(c, "0123456789");
	size_t fraction = c[whole] == '.' ? strspn(c + whole + 1, "0123456789") : 0;

	if (whole + fraction == 0 || whole + fraction > MAX_DIGITS)
		return false;
	c += whole + (c[whole] == '.') + fraction;
	return *c == '\0' || (may_have_exponent && (*c == 'e' || *c == 'E'));
}

static const char *
to_number(QcType *type, const QcField *field, char *text, Datum *value)
{
	if (!is_decimal(text, field->kind == QC_FIELD_NUMBER))
		return complaint_of(type->oid);
	if (type->oid != NUMERICOID)
		return to_other(type, text, value);
	*value = InputFunctionCall(&type->input, text, type->io_param, -1);
	return NULL;
}

static const char *
to_boolean(const char *text, Datum *value)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
		*value = BoolGetDatum(true);
	else if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
		*value = BoolGetDatum(false);
	else
		return complaint_of(BOOLOID);
	return NULL;
}

/* A value of a JSON body as it is; text of a form or query must be JSON itself. */
static const char *
to_json_value(QcType *type, const QcField *field, Datum *value)
{
	StringInfoData quoted;
	char *text = pnstrdup(field->text, field->len);

	if (field->kind == QC_FIELD_STRING && field->is_json)
	{
		initStringInfo(&quoted);
		qc_json_string(&quoted, text);
		text = quoted.data;
	}
	else if (field->kind == QC_FIELD_STRING &&
			 qc_fields_read_json(NULL, text, field->len) != NULL)
		return complaint_of(JSONOID);
	*value = type->oid == JSONBOID
				 ? DirectFunctionCall1(jsonb_in, CStringGetDatum(text))
				 : CStringGetTextDatum(text);
	return NULL;
}

/* Only the input function knows, and it raises. */
static const char *
to_other(QcType *type, char *text, Datum *value)
{
	MemoryContext memory = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	const char *volatile complaint = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(memory);
	PG_TRY();
	{
		*value = InputFunctionCall(&type->input, text, type->io_param, -1);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(memory);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(memory);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(memory);
		CurrentResourceOwner = owner;
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_DATA_EXCEPTION &&
			ERRCODE_TO_CATEGORY(error->sqlerrcode) !=
				ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION)
			ReThrowError(error);
		complaint = complaint_of(type->oid);
	}
	PG_END_TRY();
	return complaint;
}

static const char *
complaint_of(Oid type)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
			return "must be a string.";
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return "must be an integer.";
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return "must be a number.";
		case BOOLOID:
			return "must be true or false.";
		case JSONOID:
		case JSONBOID:
			return "must be a valid JSON string.";
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return "must be a valid date.";
		case UUIDOID:
			return "must be a valid UUID.";
		default:
			return "is invalid.";
	}
}
