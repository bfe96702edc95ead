/*
 * functions/usage.c
 *		What a shop uses of its plan, as the shop's people are shown it.
 */
#include "postgres.h"

#include <math.h>

#include "access/xact.h"
#include "fmgr.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "extension/billing/operator.h"
#include "extension/billing/quota.h"
#include "extension/billing/usage.h"
#include "extension/core/args.h"
#include "extension/core/json.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_usage);
PG_FUNCTION_INFO_V1(qc_fn_write_usage_history);

#define BYTES_PER_MB (INT64CONST(1) << 20)

static const struct
{
	double percent; /* at least */
	const char *word;
} statuses[] = {
	{100, "exceeded"}, {90, "critical"}, {75, "warning"}, {50, "moderate"}, {0, "good"},
};

/* 0 to 100; nothing of an unlimited plan or of a limit of nothing, unless it is passed. */
static double
percent_of(int64 used, int64 limit)
{
	if (limit <= 0)
		return limit == 0 && used > 0 ? 100 : 0;
	return Min((double) used / limit * 100, 100);
}

static const char *
status_of(double percent)
{
	int i = 0;

	while (percent < statuses[i].percent)
		i++;
	return statuses[i].word;
}

/* One decimal; whole values without it. */
static void
add_percent(QcJson *json, double percent)
{
	int64 tenths = (int64) rint(percent * 10);

	if (tenths % 10 == 0)
		qc_json_int(json, "percent", tenths / 10);
	else
		qc_json_raw(json, "percent",
					psprintf("%lld.%lld", (long long) (tenths / 10),
							 (long long) (tenths % 10)));
	qc_json_text(json, "status", status_of(percent));
}

static int64
remaining_of(int64 used, int64 limit)
{
	return limit == QC_UNLIMITED ? QC_UNLIMITED : Max(limit - used, 0);
}

static void
open_count(QcJson *json, const char *name, const QcUsage *usage, QcMetric metric)
{
	int64 used = usage->used[metric];
	int64 limit = usage->limits[metric];

	qc_json_open(json, name, '{');
	qc_json_int(json, "current", used);
	qc_json_int(json, "limit", limit);
	qc_json_int(json, "remaining", remaining_of(used, limit));
	add_percent(json, percent_of(used, limit));
}

/* A date, or null for no time. */
static void
add_date(QcJson *json, const char *name, TimestampTz at)
{
	struct pg_tm tm;
	fsec_t fraction;

	if (TIMESTAMP_NOT_FINITE(at) ||
		timestamp2tm(at, NULL, &tm, &fraction, NULL, NULL) != 0)
		qc_json_null(json, name);
	else
		qc_json_text(json, name,
					 psprintf("%04d-%02d-%02d", tm.tm_year, tm.tm_mon, tm.tm_mday));
}

static void
add_orders(QcJson *json, const QcUsage *usage, DateADT month)
{
	/* No month has more than 31 days, none fewer than 28: the 32nd is in the next. */
	DateADT next = qc_quota_month((TimestampTz) (month + 31) * USECS_PER_DAY);

	open_count(json, "orders", usage, QC_METRIC_ORDERS);
	add_date(json, "resets_at", (TimestampTz) next * USECS_PER_DAY);
	qc_json_close(json, '}');
}

/* Base 1024, two decimals, none that are zero. */
static char *
format_bytes(int64 bytes)
{
	static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
	double value = (double) bytes;
	int unit = 0;
	char *text;
	int n;

	if (bytes < 0)
		return pstrdup("Unlimited");
	while (value >= 1024 && unit < lengthof(units) - 1)
	{
		value /= 1024;
		unit++;
	}
	text = psprintf("%.2f", value);
	n = strlen(text);
	while (text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	return psprintf("%.*s %s", n, text, units[unit]);
}

/* Begun megabytes are shown in full; the percentage is that of the bytes. */
static void
add_storage(QcJson *json, const QcUsage *usage)
{
	int64 used = usage->used[QC_METRIC_STORAGE];
	int64 limit = usage->limits[QC_METRIC_STORAGE];
	int64 used_mb = (used + BYTES_PER_MB - 1) / BYTES_PER_MB;
	int64 limit_mb = limit == QC_UNLIMITED ? QC_UNLIMITED : limit / BYTES_PER_MB;

	qc_json_open(json, "storage", '{');
	qc_json_int(json, "current_mb", used_mb);
	qc_json_int(json, "limit_mb", limit_mb);
	qc_json_int(json, "remaining_mb", remaining_of(used_mb, limit_mb));
	add_percent(json, percent_of(used, limit));
	qc_json_text(json, "current_formatted", format_bytes(used));
	qc_json_text(json, "limit_formatted", format_bytes(limit));
	qc_json_close(json, '}');
}

static void
add_shop(QcJson *json, const QcUsage *usage)
{
	qc_json_open(json, "shop", '{');
	qc_json_int(json, "id", usage->shop_id);
	qc_json_text(json, "name", usage->shop_name);
	qc_json_text(json, "plan", usage->plan_name);
	qc_json_text(json, "plan_slug", usage->plan_slug);
	qc_json_close(json, '}');
}

static void
add_subscription(QcJson *json, const QcUsage *usage)
{
	qc_json_open(json, "subscription", '{');
	qc_json_text(json, "status", usage->status);
	add_date(json, "trial_ends_at", usage->trial_ends_at);
	add_date(json, "subscription_ends_at", usage->subscription_ends_at);
	qc_json_close(json, '}');
}

/* The shop asked for: the own one, or any for an operator.  0 = the own one. */
static int64
shop_asked_for(int64 asked)
{
	const QcContext *context = qc_context();

	if (asked != 0 && (context->shop_id == asked || qc_operator_is()))
		return asked;
	if (asked == 0)
		return context->actor == QC_ACTOR_BI ? context->shop_id
											 : qc_context_need_shop();
	(void) qc_context_need_user();
	ereport(ERROR, qc_err(QC_ERR_NOT_FOUND),
			errmsg("shop %lld not found", (long long) asked));
}

Datum
qc_fn_usage(PG_FUNCTION_ARGS)
{
	int64 shop_id = shop_asked_for(qc_arg_int8(0, 0));
	DateADT month = qc_quota_month(GetCurrentTransactionStartTimestamp());
	QcUsage usage;
	QcJson json;

	qc_usage_read(shop_id, month, &usage);
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	add_shop(&json, &usage);
	open_count(&json, "products", &usage, QC_METRIC_PRODUCTS);
	qc_json_close(&json, '}');
	add_orders(&json, &usage, month);
	add_storage(&json, &usage);
	open_count(&json, "staff", &usage, QC_METRIC_STAFF);
	qc_json_close(&json, '}');
	add_subscription(&json, &usage);
	qc_json_close(&json, '}');
	return qc_json_datum(&json);
}

Datum
qc_fn_write_usage_history(PG_FUNCTION_ARGS)
{
	DateADT day = PG_GETARG_DATEADT(0);

	qc_operator_need();
	if (DATE_NOT_FINITE(day))
		ereport(ERROR, errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				errmsg("a month must be a date within it"));
	PG_RETURN_INT64(
		qc_usage_write_history(qc_quota_month((TimestampTz) day * USECS_PER_DAY)));
}
