/*
 * extension/mail/value_read.c
 *		From JSON text to the tree that templates are rendered with.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "extension/core/errors.h"
#include "extension/mail/value.h"

#define MAX_DEPTH 16

static QcValue *
scalar(const JsonbValue *value)
{
	QcValue *number;

	switch (value->type)
	{
		case jbvBool:
			return qc_value_bool(value->val.boolean);
		case jbvString:
			return qc_value_text(
				pnstrdup(value->val.string.val, value->val.string.len));
		case jbvNumeric:
			number = qc_value_new(QC_VALUE_NUMBER);
			number->text = DatumGetCString(
				DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
			return number;
		default:
			return qc_value_new(QC_VALUE_NULL);
	}
}

static void
pg_attribute_noreturn() refuse(const char *why)
{
	ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED), errmsg("%s", why));
}

static void
attach(QcValue *parent, const char *name, QcValue *child)
{
	if (parent->kind == QC_VALUE_OBJECT)
		qc_value_put(parent, name, child);
	else
		qc_value_append(parent, child);
}

/* Walk the iterator's tokens with a stack of open objects and lists. */
static QcValue *
walk(JsonbIterator *tokens)
{
	QcValue *open[MAX_DEPTH];
	QcValue *root = NULL;
	const char *name = NULL;
	int depth = 0;
	JsonbValue value;
	JsonbIteratorToken token;

	while ((token = JsonbIteratorNext(&tokens, &value, false)) != WJB_DONE)
	{
		QcValue *child;

		if (token == WJB_KEY)
		{
			name = pnstrdup(value.val.string.val, value.val.string.len);
			continue;
		}
		if (token == WJB_END_OBJECT || token == WJB_END_ARRAY)
		{
			depth--;
			continue;
		}
		if (token == WJB_BEGIN_OBJECT || token == WJB_BEGIN_ARRAY)
			child = qc_value_new(token == WJB_BEGIN_OBJECT ? QC_VALUE_OBJECT
														   : QC_VALUE_LIST);
		else
			child = scalar(&value);
		if (depth > 0)
			attach(open[depth - 1], name, child);
		else
			root = child;
		if (token == WJB_BEGIN_OBJECT || token == WJB_BEGIN_ARRAY)
		{
			if (depth == MAX_DEPTH)
				refuse("the data of a mail are nested too deeply");
			open[depth++] = child;
		}
	}
	return root;
}

QcValue *
qc_value_read(const char *json)
{
	Jsonb *parsed =
		DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(json)));

	if (!JB_ROOT_IS_OBJECT(parsed))
		refuse("the data of a mail must be a JSON object");
	return walk(JsonbIteratorInit(&parsed->root));
}
