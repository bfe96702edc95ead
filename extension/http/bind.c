/*
 * extension/http/bind.c
 *		Arguments by name; nothing a client sends reaches one it is not meant for.
 *
 * What is absent, null, empty or a bare name is the argument's default; an argument
 * without one must be sent.  Fields of a body that nobody asks for are refused, so that
 * nobody believes he has set what he has not; unknown query parameters are ignored, as
 * links carry them.  The caller runs this with the handler's role, for defaults and
 * domains may call functions.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"

#include "extension/core/args.h"
#include "extension/http/bind.h"
#include "extension/http/convert.h"

#define CONTEXT_FIELD "shop_id" /* any request may name the shop it is about */

static void bind_param(const QcBinding *binding, QcParam *param, NullableDatum *arg,
					   QcFieldErrors *errors);
static void bind_field(const QcBinding *binding, QcParam *param, NullableDatum *arg,
					   QcFieldErrors *errors);
static void bind_list(const QcBinding *binding, QcParam *param, NullableDatum *arg,
					  QcFieldErrors *errors);
static void bind_path_segment(const char *segment, QcParam *param, NullableDatum *arg);
static void bind_text(const char *text, QcParam *param, NullableDatum *arg,
					  QcFieldErrors *errors);
static void bind_raw_body(const QcRequest *request, QcParam *param, NullableDatum *arg,
						  QcFieldErrors *errors);
static void take_default(QcParam *param, NullableDatum *arg, QcFieldErrors *errors);
static void refuse_unknown(const QcFields *fields, QcFieldErrors *errors);
static void complain(QcFieldErrors *errors, const char *field, const char *complaint);

void
qc_bind(const QcBinding *binding, QcHandler *handler, NullableDatum *args)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	for (int i = 0; i < handler->nparams; i++)
		bind_param(binding, &handler->params[i], &args[i], &errors);
	refuse_unknown(binding->fields, &errors);
	qc_fields_raise(&errors);
}

static void
bind_param(const QcBinding *binding, QcParam *param, NullableDatum *arg,
		   QcFieldErrors *errors)
{
	const QcRequest *request = binding->request;

	switch (param->source)
	{
		case QC_FROM_FIELD:
			if (param->is_array)
				bind_list(binding, param, arg, errors);
			else
				bind_field(binding, param, arg, errors);
			break;
		case QC_FROM_PATH:
			bind_path_segment(binding->match->params[param->segment], param, arg);
			break;
		case QC_FROM_HEADER:
			bind_text(qc_request_get(request, param->field), param, arg, errors);
			break;
		case QC_FROM_RAW_BODY:
			bind_raw_body(request, param, arg, errors);
			break;
		case QC_FROM_CONTEXT:
			arg->value = Int64GetDatum(binding->shown_shop);
			arg->isnull = binding->shown_shop == 0;
			break;
		case QC_FROM_PEER:
			bind_text(request->peer, param, arg, errors);
			break;
		case QC_FROM_BEARER:
			bind_text(request->token, param, arg, errors);
			break;
	}
}

static void
bind_field(const QcBinding *binding, QcParam *param, NullableDatum *arg,
		   QcFieldErrors *errors)
{
	const QcField *field = qc_fields_find_single(binding->fields, param->field);
	const char *complaint;

	if (field == NULL)
	{
		take_default(param, arg, errors);
		return;
	}
	arg->isnull = false;
	complaint = qc_convert(&param->value, field, param->is_trimmed, &arg->value);
	if (complaint != NULL)
		complain(errors, param->field, complaint);
}

/*
 * name=1&name=2, name[]=1&name[]=2, a JSON list, or one plain value; true when something
 * is given, if only an empty list.
 */
static bool
collect_elements(const QcBinding *binding, const QcParam *param, QcFields *elements)
{
	bool is_given = false;

	for (int i = 0; i < binding->fields->n; i++)
	{
		QcField *field = &binding->fields->list[i];

		if (strcmp(field->name, param->field) != 0)
			continue;
		field->is_used = true;
		if (field->kind == QC_FIELD_NESTED && *field->text == '[')
		{
			qc_fields_read_list(elements, pnstrdup(field->text, field->len),
								field->len);
			is_given = true;
		}
		else if (!qc_field_is_empty(field, true))
			*qc_fields_append(elements) = *field;
	}
	return is_given || elements->n > 0;
}

static void
bind_list(const QcBinding *binding, QcParam *param, NullableDatum *arg,
		  QcFieldErrors *errors)
{
	QcFields elements = {0};
	QcType *type = &param->value;
	Datum *values;

	if (!collect_elements(binding, param, &elements) ||
		(elements.n == 0 && param->is_required))
	{
		take_default(param, arg, errors);
		return;
	}
	values = palloc(sizeof(Datum) * (elements.n + 1));
	for (int i = 0; i < elements.n; i++)
	{
		const char *complaint =
			qc_field_is_empty(&elements.list[i], true)
				? "is required."
				: qc_convert(type, &elements.list[i], param->is_trimmed, &values[i]);

		if (complaint != NULL)
		{
			complain(errors, psprintf("%s.%d", param->field, i), complaint);
			return;
		}
	}
	arg->isnull = false;
	arg->value = PointerGetDatum(construct_array(
		values, elements.n, type->oid, type->len, type->by_value, type->align));
}

/* Nothing is called "abc" where things are called by number. */
static void
bind_path_segment(const char *segment, QcParam *param, NullableDatum *arg)
{
	QcField field = {.text = segment, .len = strlen(segment)};

	arg->isnull = false;
	if (qc_convert(&param->value, &field, false, &arg->value) != NULL)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("not found"));
}

static void
bind_text(const char *text, QcParam *param, NullableDatum *arg, QcFieldErrors *errors)
{
	QcField field = {.text = text, .len = text ? strlen(text) : 0};
	const char *complaint;

	if (qc_field_is_empty(&field, true))
	{
		take_default(param, arg, errors);
		return;
	}
	arg->isnull = false;
	complaint = qc_convert(&param->value, &field, param->is_trimmed, &arg->value);
	if (complaint != NULL)
		complain(errors, param->field, complaint);
}

static void
bind_raw_body(const QcRequest *request, QcParam *param, NullableDatum *arg,
			  QcFieldErrors *errors)
{
	if (request->body_len == 0)
	{
		take_default(param, arg, errors);
		return;
	}
	if (param->type == TEXTOID && !qc_decode_is_utf8(request->body, request->body_len))
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST), errmsg("the body is not UTF-8"));
	arg->isnull = false;
	arg->value = PointerGetDatum(
		cstring_to_text_with_len(request->body, (int) request->body_len));
}

static void
take_default(QcParam *param, NullableDatum *arg, QcFieldErrors *errors)
{
	EState *state;
	ExprState *expression;
	Datum value;

	arg->isnull = param->default_is_null;
	arg->value = param->default_value;
	if (param->is_required)
		complain(errors, param->field, "is required.");
	if (param->default_expr == NULL)
		return;
	state = CreateExecutorState();
	expression = ExecPrepareExpr((Expr *) param->default_expr, state);
	value = ExecEvalExprSwitchContext(expression, GetPerTupleExprContext(state),
									  &arg->isnull);
	arg->value = arg->isnull ? (Datum) 0
				 : param->is_array
					 ? datumCopy(value, false, -1)
					 : datumCopy(value, param->value.by_value, param->value.len);
	FreeExecutorState(state);
}

static void
refuse_unknown(const QcFields *fields, QcFieldErrors *errors)
{
	for (int i = 0; i < fields->n; i++)
	{
		const QcField *field = &fields->list[i];

		if (field->from_body && !field->is_used && !qc_field_is_empty(field, true) &&
			strcmp(field->name, CONTEXT_FIELD) != 0)
			complain(errors, field->name, "is prohibited.");
	}
}

/* "The plan id field is required.": names are shown with blanks. */
static void
complain(QcFieldErrors *errors, const char *field, const char *complaint)
{
	char *shown = pstrdup(field);

	for (char *c = shown; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	qc_fields_add(errors, field, "The %s field %s", shown, complaint);
}
