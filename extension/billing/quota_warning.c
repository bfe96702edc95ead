/*
 * extension/billing/quota_warning.c
 *		One row, one mail and one event per shop, metric, period and threshold.
 *
 * All are written in the transaction that crosses the threshold and are gone with it if
 * it fails; then the entry remembers that a warning is missed, and the next to take
 * units writes it.  With the last order of the month the vendor is told that orders
 * will be refused: a mail that a refused order wrote would be rolled back with it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/datetime.h"

#include "extension/billing/quota.h"
#include "extension/billing/quota_warning.h"
#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/mail/owner.h"
#include "extension/webhook/event.h"

#define BYTES_PER_MB (INT64CONST(1) << 20)

static const int thresholds[] = {80, 90, 100};

static QcStmt is_known = {
	.sql = "SELECT EXISTS (SELECT FROM qutecart.usage_warnings w WHERE w.shop_id = $1"
		   " AND w.metric = $2 AND w.period = $3 AND w.threshold = $4)",
	.nargs = 4,
	.argtypes = {INT8OID, TEXTOID, DATEOID, INT4OID},
	.is_read = true,
	.is_latest = true,
};

static QcStmt insert_warning = {
	.sql = "INSERT INTO qutecart.usage_warnings"
		   " (shop_id, metric, period, threshold, used, limit_value)"
		   " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
	.nargs = 6,
	.argtypes = {INT8OID, TEXTOID, DATEOID, INT4OID, INT8OID, INT8OID},
};

static QcStmt read_shop = {
	.sql = "SELECT s.name, e.plan_name FROM qutecart.shops s"
		   " JOIN qutecart.effective_limits e ON e.shop_id = s.id WHERE s.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_latest = true,
};

typedef struct Warning
{
	const QcQuotaKey *key;
	DateADT period;
	int threshold; /* percent */
	int64 used;
	int64 limit;
} Warning;

/* The least usage that is this many percent of a limit, without overflow. */
static int64
least_usage(int64 limit, int percent)
{
	return limit / 100 * percent + (limit % 100 * percent + 99) / 100;
}

static bool
is_crossed(int threshold, int64 before, int64 after, int64 limit)
{
	int64 least = least_usage(limit, threshold);

	return limit > 0 && before < least && after >= least;
}

bool
qc_quota_warning_is_due(int64 before, int64 after, int64 limit)
{
	for (int i = 0; i < lengthof(thresholds); i++)
		if (is_crossed(thresholds[i], before, after, limit))
			return true;
	return false;
}

/* For the mail: storage in MB, begun ones in full. */
static int64
shown(QcMetric metric, int64 units)
{
	return metric == QC_METRIC_STORAGE ? (units + BYTES_PER_MB - 1) / BYTES_PER_MB
									   : units;
}

/* Whole percents, begun ones not counted. */
static int64
percent_of(const Warning *warning)
{
	return (int64) ((double) warning->used / (double) warning->limit * 100 + 1e-9);
}

/* The first day of the month after the one a period begins. */
static char *
next_month(DateADT period)
{
	int year;
	int month;
	int day;

	j2date(period + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return psprintf("%04d-%02d-01", month == 12 ? year + 1 : year, month % 12 + 1);
}

/* Begin what mail and webhook have in common. */
static void
begin_data(QcJson *json, const Warning *warning, int64 percent)
{
	QcMetric metric = warning->key->metric;
	QcArgs args = {0};

	qc_args_int8(&args, warning->key->shop_id);
	qc_db_expect(qc_db_system(&read_shop, &args), 1, "reading a shop to warn");
	qc_json_init(json);
	qc_json_open(json, NULL, '{');
	qc_json_int(json, "shop_id", warning->key->shop_id);
	qc_json_text(json, "shop_name", qc_db_text(0, 1));
	qc_json_text(json, "limit_type", qc_metric_name(metric));
	qc_json_text(json, "plan_name", qc_db_text(0, 2));
	qc_json_int(json, "percent", percent);
	qc_json_int(json, "current", shown(metric, warning->used));
	qc_json_int(json, "limit", shown(metric, warning->limit));
}

static void
mail_owner(const Warning *warning)
{
	bool is_last_order =
		warning->key->metric == QC_METRIC_ORDERS && warning->threshold == 100;
	QcMail mail = {.template_name =
					   is_last_order ? "order_limit_reached" : "limit_warning"};
	QcJson json;

	begin_data(&json, warning, percent_of(warning));
	qc_json_bool(&json, "is_reached", warning->used >= warning->limit);
	qc_json_text(&json, "resets_at", next_month(warning->period));
	qc_json_close(&json, '}');
	mail.data = json.out.data;
	qc_mail_to_owner(&mail, warning->key->shop_id);
	(void) qc_mail_enqueue(&mail);
}

static void
tell_endpoints(const Warning *warning)
{
	QcMetric metric = warning->key->metric;
	QcJson json;

	begin_data(&json, warning, warning->threshold);
	qc_json_text(&json, "unit",
				 metric == QC_METRIC_STORAGE ? "MB" : qc_metric_name(metric));
	qc_json_close(&json, '}');
	qc_event_emit(warning->key->shop_id, "usage.threshold_reached", "usage",
				  json.out.data);
}

static void
key_args(QcArgs *args, const Warning *warning)
{
	qc_args_int8(args, warning->key->shop_id);
	qc_args_text(args, qc_metric_name(warning->key->metric));
	qc_args_datum(args, DateADTGetDatum(warning->period), false);
	qc_args_int4(args, warning->threshold);
}

/* An existing row is looked for first: a conflict with it would raise at REPEATABLE READ. */
static bool
record(const Warning *warning)
{
	QcArgs known = {0};
	QcArgs row = {0};

	key_args(&known, warning);
	(void) qc_db_system(&is_known, &known);
	if (qc_db_bool(0, 1))
		return false;
	key_args(&row, warning);
	qc_args_int8(&row, warning->used);
	qc_args_int8(&row, warning->limit);
	return qc_db_system(&insert_warning, &row) == 1;
}

static void
write_warning(const Warning *warning)
{
	qc_db_begin();
	if (record(warning))
	{
		mail_owner(warning);
		tell_endpoints(warning);
	}
	qc_db_end();
}

static DateADT
warning_period(const QcQuotaKey *key)
{
	return key->period != QC_QUOTA_NO_PERIOD
			   ? key->period
			   : qc_quota_month(GetCurrentTransactionStartTimestamp());
}

void
qc_quota_warning_write(const QcQuotaKey *key, int64 before, int64 after, int64 limit)
{
	Warning warning = {
		.key = key, .period = warning_period(key), .used = after, .limit = limit};

	for (int i = 0; i < lengthof(thresholds); i++)
	{
		warning.threshold = thresholds[i];
		if (is_crossed(thresholds[i], before, after, limit))
			write_warning(&warning);
	}
}
