/*
 * functions/shop_contracts.c
 *		What operators do to one shop's subscription, each with its reason.
 *
 * What may be done to whose contract is billing/contract's to decide.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "extension/billing/comp.h"
#include "extension/billing/contract.h"
#include "extension/billing/limit_override.h"
#include "extension/billing/operator.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/tenant/audit.h"

PG_FUNCTION_INFO_V1(qc_fn_cancel_contract);
PG_FUNCTION_INFO_V1(qc_fn_change_contract_plan);
PG_FUNCTION_INFO_V1(qc_fn_extend_trial);
PG_FUNCTION_INFO_V1(qc_fn_comp_plan);
PG_FUNCTION_INFO_V1(qc_fn_end_comp);
PG_FUNCTION_INFO_V1(qc_fn_override_limit);
PG_FUNCTION_INFO_V1(qc_fn_end_limit_override);

#define MAX_REASON     500
#define MAX_TRIAL_DAYS 365
#define MAX_COMP_DAYS  (5 * 366)

static QcStmt read_shop = {
	.sql = "SELECT s.subscription_status, p.slug, n.slug, s.cancel_at_period_end,"
		   " c.trial_ends_at, c.current_period_end FROM qutecart.shops s"
		   " JOIN qutecart.plans p ON p.id = s.plan_id"
		   " LEFT JOIN qutecart.plans n ON n.id = s.pending_plan_id"
		   " LEFT JOIN qutecart.subscriptions c ON c.shop_id = s.id AND c.status IN"
		   "  ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete')"
		   " WHERE s.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

/* What every action needs first: the right, a shop and a reason. */
typedef struct Action
{
	int64 shop_id;
	const char *reason;
	QcFieldErrors errors;
} Action;

static void
begin(Action *action, FunctionCallInfo fcinfo, int reason_arg)
{
	qc_operator_need_to("admin.subscription-plan.subscription.status");
	qc_fields_init(&action->errors);
	action->shop_id = qc_arg_int8(0, 0);
	action->reason = qc_arg_text(reason_arg);
	if (action->reason == NULL || *action->reason == '\0')
		qc_fields_add(&action->errors, "reason", "The reason field is required.");
	else if (pg_mbstrlen(action->reason) > MAX_REASON)
		qc_fields_add(&action->errors, "reason",
					  "The reason field must not be greater than %d characters.",
					  MAX_REASON);
}

static const char *
need_text(Action *action, FunctionCallInfo fcinfo, int arg, const char *name)
{
	const char *value = qc_arg_text(arg);

	if (value == NULL || *value == '\0')
		qc_fields_add(&action->errors, name, "The %s field is required.", name);
	return value;
}

/* The cause as the history names it; who it was stands in the audit log. */
static char *
cause(const Action *action)
{
	return psprintf("operator: %s", action->reason);
}

/* {"reason": …} and one more word. */
static char *
details(const Action *action, const char *key, const char *value)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "reason", action->reason);
	qc_json_text(&json, key, value);
	qc_json_close(&json, '}');
	return json.out.data;
}

static Datum
shop_reply(const char *message, int64 shop_id)
{
	QcArgs args = {0};
	QcJson json;

	qc_json_reply_open(&json, message);
	qc_args_int8(&args, shop_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_shop, &args), 1, "reading a shop's subscription");
	qc_json_int(&json, "shop_id", shop_id);
	qc_json_text(&json, "status", qc_db_text(0, 1));
	qc_json_text(&json, "plan", qc_db_text(0, 2));
	qc_json_text(&json, "pending_plan", qc_db_text(0, 3));
	qc_json_bool(&json, "cancel_at_period_end", qc_db_bool(0, 4));
	qc_json_time(&json, "trial_ends_at", qc_db_time(0, 5));
	qc_json_time(&json, "current_period_end", qc_db_time(0, 6));
	qc_db_end();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_cancel_contract(PG_FUNCTION_ARGS)
{
	bool at_once = qc_arg_bool(2, false);
	Action action;

	begin(&action, fcinfo, 1);
	qc_fields_raise(&action.errors);
	(void) qc_contract_cancel(action.shop_id, at_once, cause(&action));
	qc_audit("subscription.cancel", action.shop_id, NULL,
			 details(&action, "when", at_once ? "now" : "at period end"));
	return shop_reply("Subscription canceled successfully", action.shop_id);
}

Datum
qc_fn_change_contract_plan(PG_FUNCTION_ARGS)
{
	Action action;
	const char *plan;

	begin(&action, fcinfo, 2);
	plan = need_text(&action, fcinfo, 1, "plan");
	qc_fields_raise(&action.errors);
	(void) qc_contract_change_plan(action.shop_id, plan, !qc_arg_bool(3, false),
								   cause(&action));
	qc_audit("subscription.change_plan", action.shop_id, NULL,
			 details(&action, "plan", plan));
	return shop_reply("Plan changed successfully", action.shop_id);
}

Datum
qc_fn_extend_trial(PG_FUNCTION_ARGS)
{
	int32 days = qc_arg_int4(1, 0);
	Action action;

	begin(&action, fcinfo, 2);
	if (days < 1 || days > MAX_TRIAL_DAYS)
		qc_fields_add(&action.errors, "days",
					  "The days field must be between 1 and %d.", MAX_TRIAL_DAYS);
	qc_fields_raise(&action.errors);
	(void) qc_contract_extend_trial(action.shop_id, days, cause(&action));
	qc_audit("subscription.extend_trial", action.shop_id, NULL,
			 details(&action, "days", psprintf("%d", days)));
	return shop_reply("Trial extended successfully", action.shop_id);
}

Datum
qc_fn_comp_plan(PG_FUNCTION_ARGS)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	TimestampTz until = PG_ARGISNULL(2) ? DT_NOBEGIN : PG_GETARG_TIMESTAMPTZ(2);
	Action action;
	const char *plan;
	QcJson json;

	begin(&action, fcinfo, 3);
	plan = need_text(&action, fcinfo, 1, "plan");
	if (until <= now || until > now + MAX_COMP_DAYS * USECS_PER_DAY)
		qc_fields_add(&action.errors, "until",
					  "The until field must be a time in the next five years.");
	qc_fields_raise(&action.errors);
	(void) qc_comp_give(action.shop_id, plan, until, action.reason);
	qc_json_reply_open(&json, "Plan given successfully");
	qc_json_int(&json, "shop_id", action.shop_id);
	qc_json_text(&json, "plan", plan);
	qc_json_time(&json, "until", until);
	return qc_json_reply_close(&json);
}

Datum
qc_fn_end_comp(PG_FUNCTION_ARGS)
{
	Action action;

	begin(&action, fcinfo, 1);
	qc_fields_raise(&action.errors);
	qc_comp_take(action.shop_id, action.reason);
	return qc_json_reply_message("Given plan ended successfully");
}

/* A metric that does not exist is a thing that is not there: it is part of the path. */
static QcMetric
need_metric(FunctionCallInfo fcinfo, int arg)
{
	const char *name = PG_ARGISNULL(arg) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(arg));

	for (int i = 0; i < QC_METRIC_COUNT; i++)
		if (strcmp(qc_metric_name(i), name) == 0)
			return (QcMetric) i;
	ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("limit \"%s\" not found", name),
			errhint("Use products, orders, storage or staff."));
}

Datum
qc_fn_override_limit(PG_FUNCTION_ARGS)
{
	int64 limit = qc_arg_int8(2, QC_UNLIMITED - 1);
	Action action;
	QcMetric metric;

	begin(&action, fcinfo, 3);
	metric = need_metric(fcinfo, 1);
	if (!qc_limit_override_fits(metric, limit))
		qc_fields_add(
			&action.errors, "limit_value",
			"The limit value field must be -1 (unlimited), 0 (none) or more.");
	qc_fields_raise(&action.errors);
	qc_limit_override_set(action.shop_id, metric, limit, action.reason);
	return qc_json_reply_message("Limit set successfully");
}

Datum
qc_fn_end_limit_override(PG_FUNCTION_ARGS)
{
	Action action;
	QcMetric metric;

	begin(&action, fcinfo, 2);
	metric = need_metric(fcinfo, 1);
	qc_fields_raise(&action.errors);
	qc_limit_override_clear(action.shop_id, metric, action.reason);
	return qc_json_reply_message("Limit cleared successfully");
}
