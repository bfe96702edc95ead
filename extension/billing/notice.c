/*
 * extension/billing/notice.c
 *		The mails and webhooks of a subscription's life, with all their data.
 *
 * The payload is complete: who sends it later reads no table of the shop's, whose
 * state may have moved on by then.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/notice.h"
#include "extension/billing/subdomain.h"
#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/outbox/outbox.h"
#include "extension/webhook/event.h"

#define CHANGED "subscription.changed"

static QcStmt mark_told = {
	.sql = "INSERT INTO qutecart.notices (shop_id, kind, object, version)"
		   " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
	.nargs = 4,
	.argtypes = {INT8OID, TEXTOID, TEXTOID, TEXTOID},
};

static QcStmt read_addressee = {
	.sql = "SELECT u.email, pg_catalog.concat_ws(' ', u.name, u.last_name), s.name,"
		   " p.name, p.slug, p.price::text, p.currency, p.products_limit,"
		   " p.orders_per_month, p.storage_mb, p.staff_accounts"
		   " FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id"
		   " LEFT JOIN qutecart.shop_members m ON m.shop_id = s.id AND m.role = 'owner'"
		   " LEFT JOIN qutecart.users u ON u.id = m.user_id AND u.deleted_at IS NULL"
		   " WHERE s.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt read_amount = {
	.sql = "SELECT pg_catalog.round($1::numeric / (10 ^ d.n)::numeric, d.n)::text"
		   " FROM (SELECT coalesce((SELECT r.decimals::int FROM qutecart.currencies r"
		   " WHERE r.code = $2), 2) AS n) d",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt read_change = {
	.sql =
		"SELECT s.subscription_status, p.slug, q.slug, b.slug, s.cancel_at_period_end,"
		" s.trial_ends_at, s.subscription_ends_at, s.grace_ends_at,"
		" s.stripe_subscription_id"
		" FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id"
		" LEFT JOIN qutecart.plans q ON q.id = s.pending_plan_id"
		" LEFT JOIN qutecart.plans b ON b.id = $2 WHERE s.id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt read_usage = {
	.sql = "SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object("
		   "'metric', h.metric, 'used', h.used, 'limit', h.limit_value)"
		   " ORDER BY h.metric), '[]')::text FROM qutecart.usage_history h"
		   " WHERE h.shop_id = $1 AND h.period = $2::date",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

/* Is this the first time? */
static bool
is_news(int64 shop_id, const char *kind, const char *object, const char *version)
{
	QcArgs args = {0};
	bool is_new;

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, kind);
	qc_args_text(&args, object);
	qc_args_text(&args, version);
	qc_db_begin();
	is_new = qc_db_system(&mark_told, &args) > 0;
	qc_db_end();
	return is_new;
}

/* Begin a mail's payload with what every mail of a shop needs. */
static void
begin_mail(QcJson *json, int64 shop_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_db_expect(qc_db_system(&read_addressee, &args), 1, "reading a shop's owner");
	qc_json_init(json);
	qc_json_open(json, NULL, '{');
	qc_json_text(json, "to", qc_db_text(0, 1));
	qc_json_text(json, "to_name", qc_db_text(0, 2));
	qc_json_int(json, "shop_id", shop_id);
	qc_json_text(json, "shop_name", qc_db_text(0, 3));
	qc_json_text(json, "plan_name", qc_db_text(0, 4));
	qc_json_text(json, "plan_slug", qc_db_text(0, 5));
	qc_json_text(json, "plan_price", qc_db_text(0, 6));
	qc_json_text(json, "plan_currency", qc_db_text(0, 7));
	qc_json_int(json, "products_limit", qc_db_int8(0, 8));
	qc_json_int(json, "orders_per_month", qc_db_int8(0, 9));
	qc_json_int(json, "storage_mb", qc_db_int8(0, 10));
	qc_json_int(json, "staff_accounts", qc_db_int8(0, 11));
}

/*
 * Days from now on, to the nearest, at least one; 0 when the time is past or none.
 * Our clock and Stripe's differ by seconds, so that neither bound would do.
 */
static int64
days_until(TimestampTz time)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();

	if (TIMESTAMP_NOT_FINITE(time) || time <= now)
		return 0;
	return Max((time - now + USECS_PER_DAY / 2) / USECS_PER_DAY, 1);
}

static void
send(QcJson *json, const char *kind, int64 shop_id)
{
	qc_json_close(json, '}');
	(void) qc_outbox_enqueue(
		kind, shop_id, psprintf("subscription:" INT64_FORMAT, shop_id), json->out.data);
}

void
qc_notice_subscription_started(int64 shop_id, const char *contract,
							   TimestampTz trial_ends_at)
{
	QcJson json;

	if (!is_news(shop_id, "mail.subscription_confirmation", contract, ""))
		return;
	qc_db_begin();
	begin_mail(&json, shop_id);
	qc_json_int(&json, "trial_days", days_until(trial_ends_at));
	qc_json_time(&json, "trial_ends_at", trial_ends_at);
	qc_json_text(&json, "subdomain", qc_subdomain_host(shop_id));
	send(&json, "mail.subscription_confirmation", shop_id);
	qc_db_end();
}

/* Minor units as a decimal with the currency's own number of decimals. */
static char *
decimal_amount(int64 amount, const char *currency)
{
	QcArgs args = {0};

	qc_args_int8(&args, amount);
	qc_args_text(&args, currency);
	(void) qc_db_system(&read_amount, &args);
	return qc_db_text(0, 1);
}

void
qc_notice_payment_failed(int64 shop_id, const char *invoice, int32 attempt,
						 int64 amount, const char *currency,
						 TimestampTz next_attempt_at)
{
	QcJson json;

	if (!is_news(shop_id, "mail.payment_failed", invoice, psprintf("%d", attempt)))
		return;
	qc_db_begin();
	begin_mail(&json, shop_id);
	qc_json_text(&json, "invoice", invoice);
	qc_json_text(&json, "amount", decimal_amount(amount, currency));
	qc_json_text(&json, "currency", currency);
	qc_json_int(&json, "attempt", attempt);
	qc_json_time(&json, "next_attempt_at", next_attempt_at);
	send(&json, "mail.payment_failed", shop_id);
	qc_db_end();
}

void
qc_notice_trial_ending(int64 shop_id, const char *contract, TimestampTz trial_ends_at)
{
	QcJson json;

	if (days_until(trial_ends_at) == 0 ||
		!is_news(shop_id, "mail.trial_ending", contract,
				 psprintf(INT64_FORMAT, trial_ends_at)))
		return;
	qc_db_begin();
	begin_mail(&json, shop_id);
	qc_json_int(&json, "days_left", days_until(trial_ends_at));
	qc_json_time(&json, "trial_ends_at", trial_ends_at);
	send(&json, "mail.trial_ending", shop_id);
	qc_db_end();
}

void
qc_notice_usage_report(int64 shop_id, const char *month)
{
	QcArgs args = {0};
	QcJson json;

	if (!is_news(shop_id, "mail.usage_report", month, ""))
		return;
	qc_db_begin();
	begin_mail(&json, shop_id);
	qc_json_text(&json, "month", month);
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, month);
	(void) qc_db_system(&read_usage, &args);
	qc_json_raw(&json, "usage", qc_db_text(0, 1));
	send(&json, "mail.usage_report", shop_id);
	qc_db_end();
}

void
qc_notice_subscription_changed(int64 shop_id, const char *status_before,
							   int64 plan_before)
{
	QcArgs args = {0};
	QcJson json;

	if (!qc_event_is_wanted(shop_id, CHANGED))
		return;
	qc_args_int8(&args, shop_id);
	qc_args_id(&args, plan_before);
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_change, &args), 1,
				 "reading a subscription's change");
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_int(&json, "shop_id", shop_id);
	qc_json_text(&json, "subscription", qc_db_text(0, 9));
	qc_json_text(&json, "previous_status", status_before);
	qc_json_text(&json, "status", qc_db_text(0, 1));
	qc_json_text(&json, "previous_plan", qc_db_text(0, 4));
	qc_json_text(&json, "plan", qc_db_text(0, 2));
	qc_json_text(&json, "pending_plan", qc_db_text(0, 3));
	qc_json_bool(&json, "cancel_at_period_end", qc_db_bool(0, 5));
	qc_json_time(&json, "trial_ends_at", qc_db_time(0, 6));
	qc_json_time(&json, "ends_at", qc_db_time(0, 7));
	qc_json_time(&json, "grace_ends_at", qc_db_time(0, 8));
	qc_json_close(&json, '}');
	qc_event_emit(shop_id, CHANGED, psprintf("subscription:" INT64_FORMAT, shop_id),
				  json.out.data);
	qc_db_end();
}
