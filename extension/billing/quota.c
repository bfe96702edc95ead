/*
 * extension/billing/quota.c
 *		Taking units, giving them back, refusing.
 *
 * The order of things in qc_quota_take is the protocol of quota.h: in flight first, then
 * compare, then count, then refuse.  A refusal is an error, so the (sub)transaction that
 * took too much is rolled back, and with it what it took.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/datetime.h"

#include "extension/billing/quota.h"
#include "extension/billing/quota_count.h"
#include "extension/billing/quota_limit.h"
#include "extension/billing/quota_warning.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"

#define BYTES_PER_MB (INT64CONST(1) << 20)
#define UPGRADE_URL  "/api/subscription/plans"

/* What a refusal tells. */
typedef struct Refusal
{
	QcMetric metric;
	int64 limit;
	int64 current; /* in use, without what was asked for */
	int64 amount;
	const char *plan_name;
} Refusal;

static const struct
{
	const char *error;   /* the label of the problem body */
	const char *message; /* the primary message */
	const char *things;
} words[QC_METRIC_COUNT] = {
	[QC_METRIC_PRODUCTS] = {"Product limit reached", "product limit reached",
							"products"},
	[QC_METRIC_ORDERS] = {"Monthly order limit reached", "monthly order limit reached",
						  "orders per month"},
	[QC_METRIC_STORAGE] = {"Storage limit exceeded", "storage limit exceeded", "MB"},
	[QC_METRIC_STAFF] = {"Staff limit reached", "staff limit reached",
						 "staff accounts"},
};

void
qc_quota_init(void)
{
	qc_quota_entry_init();
	qc_quota_use_init();
	qc_quota_limit_init();
}

/* The last month asked for, since rows of one month come together. */
DateADT
qc_quota_month(TimestampTz at)
{
	static TimestampTz begin = 0;
	static TimestampTz end = 0;
	static DateADT month;
	struct pg_tm tm;
	fsec_t fraction;

	if (at >= begin && at < end)
		return month;
	if (TIMESTAMP_NOT_FINITE(at) ||
		timestamp2tm(at, NULL, &tm, &fraction, NULL, NULL) != 0)
		ereport(ERROR, errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				errmsg("an order needs a time that has a month"));
	month = date2j(tm.tm_year, tm.tm_mon, 1) - POSTGRES_EPOCH_JDATE;
	begin = (TimestampTz) month * USECS_PER_DAY;
	end = (TimestampTz) (date2j(tm.tm_mon == 12 ? tm.tm_year + 1 : tm.tm_year,
								tm.tm_mon % 12 + 1, 1) -
						 POSTGRES_EPOCH_JDATE) *
		  USECS_PER_DAY;
	return month;
}

static QcQuotaUse *
find_use(int64 shop_id, QcMetric metric, TimestampTz at)
{
	QcQuotaKey key = {.database = MyDatabaseId,
					  .metric = metric,
					  .shop_id = shop_id,
					  .period = metric == QC_METRIC_ORDERS ? qc_quota_month(at)
														   : QC_QUOTA_NO_PERIOD};

	return qc_quota_use(&key);
}

static void
add_members(QcJson *json, const Refusal *refusal)
{
	int64 remaining = Max(refusal->limit - refusal->current, 0);

	qc_json_open(json, "details", '{');
	if (refusal->metric == QC_METRIC_STORAGE)
	{
		qc_json_int(json, "limit_mb", refusal->limit / BYTES_PER_MB);
		qc_json_number(json, "current_mb",
					   psprintf("%.2f", (double) refusal->current / BYTES_PER_MB));
		qc_json_number(json, "upload_size_mb",
					   psprintf("%.2f", (double) refusal->amount / BYTES_PER_MB));
		qc_json_number(json, "remaining_mb",
					   psprintf("%.2f", (double) remaining / BYTES_PER_MB));
	}
	else
	{
		qc_json_int(json, "limit", refusal->limit);
		qc_json_int(json, "current", refusal->current);
		qc_json_int(json, "remaining", remaining);
	}
	qc_json_text(json, "upgrade_url", UPGRADE_URL);
	qc_json_close(json, '}');
}

/* The members without the outer braces. */
static char *
members(const Refusal *refusal)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_text(&json, "error", words[refusal->metric].error);
	qc_json_text(&json, "limit_type", qc_metric_name(refusal->metric));
	add_members(&json, refusal);
	qc_json_text(&json, "current_plan", refusal->plan_name);
	return json.out.data;
}

static int
say_detail(const Refusal *refusal)
{
	if (refusal->metric == QC_METRIC_STORAGE)
		return errdetail("The plan \"%s\" allows %lld MB; %.2f MB are in use, %.2f MB "
						 "are asked for.",
						 refusal->plan_name,
						 (long long) (refusal->limit / BYTES_PER_MB),
						 (double) refusal->current / BYTES_PER_MB,
						 (double) refusal->amount / BYTES_PER_MB);
	return errdetail("The plan \"%s\" allows %lld %s; %lld are in use.",
					 refusal->plan_name, (long long) refusal->limit,
					 words[refusal->metric].things, (long long) refusal->current);
}

static void
pg_attribute_noreturn()
	refuse(const QcQuotaUse *use, int64 amount, int64 limit, int64 total)
{
	Refusal refusal = {.metric = use->key.metric,
					   .limit = limit,
					   .current = Max(total - amount, 0),
					   .amount = amount,
					   .plan_name = qc_plan_name(use->key.shop_id)};

	ereport(ERROR, qc_err(QC_ERR_PLAN_LIMIT_REACHED),
			errmsg("%s", words[refusal.metric].message), say_detail(&refusal),
			errhint("Upgrade your plan to increase limits."),
			qc_err_members(members(&refusal)));
}

/*
 * Compare until the answer is safe: base counted, limit current, and a count behind
 * every refusal.  Returns the limit; view is the look that allowed it.
 */
static int64
allow(QcQuotaUse *use, int64 amount, QcQuotaView *view)
{
	bool may_refuse = false;

	for (;;)
	{
		int64 limit = qc_quota_limit(use, view);

		if (limit == QC_UNLIMITED)
			return limit;
		if (view->is_counted && view->total <= limit)
			return limit;
		if (view->is_counted && may_refuse)
			refuse(use, amount, limit, view->total);
		if (view->is_counted)
			(void) qc_quota_limit_read(use);
		qc_quota_count(use->entry, use, view->counts_begun);
		qc_quota_use_view(use, view);
		may_refuse = true;
	}
}

/* A threshold is crossed for sure only if base is sure. */
static void
warn(QcQuotaUse *use, int64 amount, int64 limit, QcQuotaView *view)
{
	int64 before;

	if (view->is_uncertain)
	{
		qc_quota_count(use->entry, use, view->counts_begun);
		qc_quota_use_view(use, view);
	}
	before = qc_quota_use_claim_missed_warning(use) ? 0 : view->total - amount;
	if (!qc_quota_warning_is_due(before, view->total, limit))
		return;
	qc_quota_use_note_warning(use);
	qc_quota_warning_write(&use->key, before, view->total, limit);
}

static void
come_in_uncounted(QcQuotaUse *use)
{
	use->must_drop_at_end = true;
	qc_quota_entry_drop(use->entry);
}

void
qc_quota_take(int64 shop_id, QcMetric metric, int64 amount, TimestampTz at)
{
	QcQuotaUse *use = find_use(shop_id, metric, at);
	QcQuotaView view;
	int64 limit;

	Assert(amount > 0);
	if (qc_guc_restoring)
	{
		come_in_uncounted(use);
		return;
	}
	qc_quota_use_change(use, amount, &view);
	limit = allow(use, amount, &view);
	if (limit > 0 && (view.has_missed_warning ||
					  qc_quota_warning_is_due(view.total - amount, view.total, limit)))
		warn(use, amount, limit, &view);
}

void
qc_quota_give_back(int64 shop_id, QcMetric metric, int64 amount, TimestampTz at)
{
	QcQuotaUse *use = find_use(shop_id, metric, at);

	Assert(amount > 0);
	if (qc_guc_restoring)
		come_in_uncounted(use);
	else
		qc_quota_use_change(use, -amount, NULL);
}

void
qc_quota_empty(QcMetric metric)
{
	qc_quota_use_empty(metric);
}
