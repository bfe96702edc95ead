/*
 * functions/plans.c
 *		What operators do with plans: look, create, change, retire, restore.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "extension/billing/operator.h"
#include "extension/billing/plan_edit.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"

PG_FUNCTION_INFO_V1(qc_fn_list_plans);
PG_FUNCTION_INFO_V1(qc_fn_read_plan);
PG_FUNCTION_INFO_V1(qc_fn_create_plan);
PG_FUNCTION_INFO_V1(qc_fn_update_plan);
PG_FUNCTION_INFO_V1(qc_fn_retire_plan);
PG_FUNCTION_INFO_V1(qc_fn_restore_plan);

/* The formatter does not break concatenated strings. */
/* clang-format off */
#define UTC(column)                                                                    \
	"pg_catalog.to_char(" column                                                        \
	" AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

#define PLANS                                                                          \
	"SELECT (pg_catalog.to_jsonb(p) || pg_catalog.jsonb_build_object("                  \
	"'price', p.price::text, 'yearly_price', p.yearly_price::text,"                     \
	" 'created_at', " UTC("p.created_at") ", 'updated_at', " UTC("p.updated_at") ","    \
	" 'shops', (SELECT count(*) FROM qutecart.shops s WHERE s.plan_id = p.id),"         \
	" 'shops_in_force', (SELECT count(*) FROM qutecart.effective_limits e"              \
	"  WHERE e.plan_id = p.id),"                                                        \
	" 'comps', (SELECT count(*) FROM qutecart.comps k WHERE k.plan_id = p.id"           \
	"  AND k.ended_at IS NULL AND k.ends_at > pg_catalog.now()),"                       \
	" 'former_prices', (SELECT coalesce(pg_catalog.jsonb_agg("                          \
	"  pg_catalog.jsonb_build_object('billing_period', f.billing_period, 'amount',"     \
	"  f.amount::text, 'currency', f.currency, 'stripe_price_id', f.stripe_price_id,"   \
	"  'replaced_at', " UTC("f.replaced_at") ") ORDER BY f.id), '[]')"                  \
	"  FROM qutecart.plan_prices f WHERE f.plan_id = p.id)))::text"                     \
	" FROM qutecart.plans p"
/* clang-format on */

static QcStmt read_plans = {
	.sql = PLANS " ORDER BY p.sort_order, p.id",
};

static QcStmt read_one = {
	.sql = PLANS " WHERE p.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

/* Arguments of create_plan; update_plan has the id where it has the slug. */
static const QcPlanField fields_of_args[] = {
	[1] = QC_PLAN_NAME,           [2] = QC_PLAN_PRICE,
	[3] = QC_PLAN_PRODUCTS_LIMIT, [4] = QC_PLAN_ORDERS_PER_MONTH,
	[5] = QC_PLAN_STORAGE_MB,     [6] = QC_PLAN_STAFF_ACCOUNTS,
	[7] = QC_PLAN_DESCRIPTION,    [8] = QC_PLAN_YEARLY_PRICE,
	[9] = QC_PLAN_CURRENCY,       [10] = QC_PLAN_TRIAL_DAYS,
	[11] = QC_PLAN_FEATURES,      [12] = QC_PLAN_IS_FEATURED,
	[13] = QC_PLAN_SORT_ORDER,
};

#define ARG_YEARLY_PRICE 8

static void
pg_attribute_noreturn() refuse_missing(void)
{
	ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("plan not found"));
}

static Datum
plan_reply(const char *message, int64 id)
{
	QcArgs args = {0};
	QcJson json;

	qc_json_reply_open(&json, message);
	qc_args_int8(&args, id);
	qc_db_begin();
	if (qc_db_system(&read_one, &args) == 0)
		refuse_missing();
	qc_json_raw(&json, "plan", qc_db_text(0, 1));
	qc_db_end();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_list_plans(PG_FUNCTION_ARGS)
{
	QcJson json;
	uint64 n;

	qc_operator_need_to("admin.subscription-plan.index");
	qc_json_reply_open(&json, "Plan list");
	qc_json_open(&json, "plans", '[');
	qc_db_begin();
	n = qc_db_system(&read_plans, NULL);
	for (uint64 i = 0; i < n; i++)
		qc_json_raw(&json, NULL, qc_db_text(i, 1));
	qc_db_end();
	qc_json_close(&json, ']');
	return qc_json_reply_close(&json);
}

Datum
qc_fn_read_plan(PG_FUNCTION_ARGS)
{
	qc_operator_need_to("admin.subscription-plan.index");
	return plan_reply("Plan details", PG_GETARG_INT64(0));
}

/* The names of an array, separated by commas; a NULL among them is no name. */
static char *
names_of(Datum array)
{
	StringInfoData out;
	Datum *names;
	bool *nulls;
	int n;

	initStringInfo(&out);
	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT,
					  &names, &nulls, &n);
	for (int i = 0; i < n; i++)
		appendStringInfo(&out, "%s%s", i ? "," : "",
						 nulls[i] ? "?" : TextDatumGetCString(names[i]));
	return out.data;
}

/* An argument as the text that a field is set from. */
static char *
text_of(FunctionCallInfo fcinfo, int arg, QcPlanField field)
{
	Datum value = PG_GETARG_DATUM(arg);

	switch (qc_plan_field_kind(field))
	{
		case QC_PLAN_KIND_TEXT:
			return TextDatumGetCString(value);
		case QC_PLAN_KIND_MONEY:
			return DatumGetCString(DirectFunctionCall1(numeric_out, value));
		case QC_PLAN_KIND_INTEGER:
			return psprintf("%lld",
							field == QC_PLAN_TRIAL_DAYS || field == QC_PLAN_SORT_ORDER
								? (long long) DatumGetInt32(value)
								: (long long) DatumGetInt64(value));
		case QC_PLAN_KIND_BOOLEAN:
			return DatumGetBool(value) ? "true" : "false";
		case QC_PLAN_KIND_NAMES:
			return names_of(value);
	}
	pg_unreachable();
}

static void
take_args(FunctionCallInfo fcinfo, QcPlan *plan, QcFieldErrors *errors)
{
	for (int i = 1; i < lengthof(fields_of_args); i++)
	{
		QcPlanField field = fields_of_args[i];
		const char *complaint;

		if (PG_ARGISNULL(i))
			continue;
		complaint = qc_plan_set(plan, field, text_of(fcinfo, i, field));
		if (complaint != NULL)
			qc_fields_add(errors, qc_plan_field_name(field), "The %s field %s",
						  qc_plan_field_name(field), complaint);
	}
}

Datum
qc_fn_create_plan(PG_FUNCTION_ARGS)
{
	const char *slug = PG_ARGISNULL(0) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(0));
	QcFieldErrors errors;
	QcPlan plan;

	qc_operator_need_to("admin.subscription-plan.create");
	qc_fields_init(&errors);
	qc_plan_init(&plan, slug);
	if (!qc_plan_slug_is_valid(slug))
		qc_fields_add(&errors, "slug",
					  "The slug field must be of small letters, digits and hyphens.");
	take_args(fcinfo, &plan, &errors);
	qc_plan_check(&plan, &errors);
	qc_fields_raise(&errors);
	qc_plan_settle(&plan, NULL, !PG_ARGISNULL(ARG_YEARLY_PRICE));
	qc_plan_create(&plan);
	return plan_reply("Plan created successfully", plan.id);
}

Datum
qc_fn_update_plan(PG_FUNCTION_ARGS)
{
	QcFieldErrors errors;
	QcPlan before;
	QcPlan plan;

	qc_operator_need_to("admin.subscription-plan.edit");
	qc_fields_init(&errors);
	if (PG_ARGISNULL(0) || !qc_plan_lock(&before, PG_GETARG_INT64(0)))
		refuse_missing();
	plan = before;
	take_args(fcinfo, &plan, &errors);
	qc_plan_check(&plan, &errors);
	qc_fields_raise(&errors);
	qc_plan_settle(&plan, &before, !PG_ARGISNULL(ARG_YEARLY_PRICE));
	(void) qc_plan_update(&plan, &before);
	return plan_reply("Plan updated successfully", plan.id);
}

static Datum
set_active(int64 id, bool is_active, const char *message)
{
	QcFieldErrors errors;
	QcPlan before;
	QcPlan plan;

	qc_operator_need_to("admin.subscription-plan.toggle");
	qc_fields_init(&errors);
	if (!qc_plan_lock(&before, id))
		refuse_missing();
	plan = before;
	(void) qc_plan_set(&plan, QC_PLAN_IS_ACTIVE, is_active ? "true" : "false");
	qc_plan_check(&plan, &errors);
	qc_fields_raise(&errors);
	(void) qc_plan_update(&plan, &before);
	return plan_reply(message, id);
}

Datum
qc_fn_retire_plan(PG_FUNCTION_ARGS)
{
	return set_active(PG_GETARG_INT64(0), false, "Plan retired successfully");
}

Datum
qc_fn_restore_plan(PG_FUNCTION_ARGS)
{
	return set_active(PG_GETARG_INT64(0), true, "Plan restored successfully");
}
