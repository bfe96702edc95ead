/*
 * functions/plans_file.c
 *		All plans as one file of TOML: get it, see what another would change, apply it.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "extension/billing/operator.h"
#include "extension/billing/plan_file.h"
#include "extension/core/args.h"
#include "extension/core/json.h"

PG_FUNCTION_INFO_V1(qc_fn_plans_export);
PG_FUNCTION_INFO_V1(qc_fn_plans_diff);
PG_FUNCTION_INFO_V1(qc_fn_plans_apply);
PG_FUNCTION_INFO_V1(qc_fn_compare_plans_file);
PG_FUNCTION_INFO_V1(qc_fn_apply_plans_file);

Datum
qc_fn_plans_export(PG_FUNCTION_ARGS)
{
	qc_operator_need_to("admin.subscription-plan.index");
	PG_RETURN_TEXT_P(cstring_to_text(qc_plan_file_export()));
}

/* Raise unless the file is there, and the confirmation where one is needed. */
static void
need_args(const char *toml, bool is_confirmed)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (toml == NULL)
		qc_fields_add(&errors, "toml", "The toml field is required.");
	if (!is_confirmed)
		qc_fields_add(&errors, "confirm",
					  "Look at the changes first, then confirm them.");
	qc_fields_raise(&errors);
}

static List *
compare(const char *toml, bool retires_missing)
{
	qc_operator_need_to("admin.subscription-plan.index");
	need_args(toml, true);
	return qc_plan_file_compare(toml, retires_missing);
}

static List *
apply(const char *toml, bool is_confirmed, bool retires_missing)
{
	qc_operator_need_to("admin.subscription-plan.create");
	qc_operator_need_to("admin.subscription-plan.edit");
	qc_operator_need_to("admin.subscription-plan.toggle");
	need_args(toml, is_confirmed);
	return qc_plan_file_apply(toml, retires_missing);
}

static Datum
rows(FunctionCallInfo fcinfo, List *changes)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ListCell *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach (cell, changes)
	{
		const QcPlanChange *change = lfirst(cell);
		const char *texts[] = {change->slug, change->field, change->before,
							   change->after, change->effect};
		Datum values[lengthof(texts)];
		bool nulls[lengthof(texts)];

		for (int i = 0; i < lengthof(texts); i++)
		{
			nulls[i] = texts[i] == NULL;
			values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(texts[i]);
		}
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

static Datum
reply(const char *message, List *changes)
{
	QcJson json;
	ListCell *cell;

	qc_json_reply_open(&json, message);
	qc_json_open(&json, "changes", '[');
	foreach (cell, changes)
	{
		const QcPlanChange *change = lfirst(cell);

		qc_json_open(&json, NULL, '{');
		qc_json_text(&json, "plan", change->slug);
		qc_json_text(&json, "field", change->field);
		qc_json_text(&json, "before", change->before);
		qc_json_text(&json, "after", change->after);
		qc_json_text(&json, "effect", change->effect);
		qc_json_close(&json, '}');
	}
	qc_json_close(&json, ']');
	return qc_json_reply_close(&json);
}

Datum
qc_fn_plans_diff(PG_FUNCTION_ARGS)
{
	return rows(fcinfo, compare(qc_arg_text(0), qc_arg_bool(1, false)));
}

Datum
qc_fn_plans_apply(PG_FUNCTION_ARGS)
{
	return rows(fcinfo,
				apply(qc_arg_text(0), qc_arg_bool(1, false), qc_arg_bool(2, false)));
}

Datum
qc_fn_compare_plans_file(PG_FUNCTION_ARGS)
{
	return reply("What the file changes",
				 compare(qc_arg_text(0), qc_arg_bool(1, false)));
}

Datum
qc_fn_apply_plans_file(PG_FUNCTION_ARGS)
{
	return reply("Plans updated successfully",
				 apply(qc_arg_text(0), qc_arg_bool(1, false), qc_arg_bool(2, false)));
}
