/*
 * extension/billing/notice.c
 *		The mails and webhooks of a subscription's life, with all their data.
 *
 * The data are complete: who writes the words later reads no table of the shop's, whose
 * state may have moved on by then.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/notice.h"
#include "extension/billing/subdomain.h"
#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/mail/owner.h"
#include "extension/webhook/event.h"

#define CHANGED        "subscription.changed"
#define URGENT_ATTEMPT 3

static QcStmt mark_told = {
	.sql = "INSERT INTO qutecart.notices (shop_id, kind, object, version)"
		   " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
	.nargs = 4,
	.argtypes = {INT8OID, TEXTOID, TEXTOID, TEXTOID},
};

/* price: what the live contract says, else the plan. */
static QcStmt read_shop = {
	.sql = "SELECT s.name, p.name, p.slug, p.price::text, p.currency,"
		   " coalesce(c.amount, p.price)::text, coalesce(c.currency, p.currency),"
		   " coalesce(c.billing_period, p.billing_period) = 'yearly',"
		   " p.products_limit, p.orders_per_month, p.storage_mb, p.staff_accounts,"
		   " p.features @> '{\"priority_support\": true}'"
		   " FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id"
		   " LEFT JOIN qutecart.subscriptions c ON c.shop_id = s.id AND c.status IN"
		   " ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete')"
		   " WHERE s.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

/* What became of a subscription, against the plan before ($2); $3: the contract. */
static QcStmt read_move = {
	.sql = "SELECT s.subscription_status, s.pending_plan_id, s.cancel_at_period_end,"
		   " p.price > b.price AND b.price > 0, b.name, q.name, q.products_limit,"
		   " q.orders_per_month, q.storage_mb, q.staff_accounts,"
		   " c.current_period_start::text, c.current_period_end, c.canceled_at::text"
		   " FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id"
		   " JOIN qutecart.plans b ON b.id = $2"
		   " LEFT JOIN qutecart.plans q ON q.id = s.pending_plan_id"
		   " LEFT JOIN qutecart.subscriptions c ON c.shop_id = s.id AND $3 ="
		   "  coalesce(c.stripe_subscription_id, 'contract-' || c.id)"
		   " WHERE s.id = $1",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTOID},
};

/* What read_move returns, by position. */
enum
{
	MOVE_STATUS = 1,
	MOVE_PENDING,
	MOVE_CANCELS,
	MOVE_IS_UP,
	MOVE_PLAN_BEFORE,
	MOVE_NEXT_NAME,
	MOVE_NEXT_PRODUCTS,
	MOVE_NEXT_ORDERS,
	MOVE_NEXT_STORAGE,
	MOVE_NEXT_STAFF,
	MOVE_PERIOD_START,
	MOVE_PERIOD_END,
	MOVE_CANCELED_AT
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

/* Storage in MB, begun ones in full. */
static QcStmt read_usage = {
	.sql =
		"SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object("
		"'metric', u.metric, 'used', pg_catalog.ceil(u.used), 'limit', u.most,"
		" 'percent', CASE WHEN u.most > 0 THEN pg_catalog.floor(u.used * 100 / u.most)"
		" ELSE 0 END) ORDER BY pg_catalog.array_position("
		"  ARRAY['products', 'orders', 'storage', 'staff'], u.metric)), '[]')::text"
		" FROM (SELECT h.metric, h.used::numeric / s.size AS used, CASE"
		"  WHEN h.limit_value < 0 THEN -1 ELSE h.limit_value / s.size END AS most"
		"  FROM qutecart.usage_history h, LATERAL (SELECT CASE"
		"   WHEN h.metric = 'storage' THEN 1048576 ELSE 1 END) s (size)"
		"  WHERE h.shop_id = $1 AND h.period = $2::date) u",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

/* A mail on its way: to whom, and its data so far. */
typedef struct Letter
{
	QcMail mail;
	QcJson data;
} Letter;

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

/* Begin a mail to the shop's owner with what every mail about a subscription needs. */
static void
begin_letter(Letter *letter, const char *name, int64 shop_id)
{
	QcArgs args = {0};
	QcJson *data = &letter->data;

	memset(letter, 0, sizeof(*letter));
	letter->mail.template_name = name;
	letter->mail.key = psprintf("subscription:" INT64_FORMAT, shop_id);
	qc_mail_to_owner(&letter->mail, shop_id);
	qc_args_int8(&args, shop_id);
	qc_db_expect(qc_db_system(&read_shop, &args), 1, "reading a shop to write to");
	qc_json_init(data);
	qc_json_open(data, NULL, '{');
	qc_json_text(data, "shop_name", qc_db_text(0, 1));
	qc_json_text(data, "plan_name", qc_db_text(0, 2));
	qc_json_text(data, "plan_slug", qc_db_text(0, 3));
	qc_json_text(data, "plan_price", qc_db_text(0, 4));
	qc_json_text(data, "plan_currency", qc_db_text(0, 5));
	qc_json_text(data, "price", qc_db_text(0, 6));
	qc_json_text(data, "price_currency", qc_db_text(0, 7));
	qc_json_bool(data, "is_yearly", qc_db_bool(0, 8));
	qc_json_int(data, "products_limit", qc_db_int8(0, 9));
	qc_json_int(data, "orders_per_month", qc_db_int8(0, 10));
	qc_json_int(data, "storage_mb", qc_db_int8(0, 11));
	qc_json_int(data, "staff_accounts", qc_db_int8(0, 12));
	qc_json_bool(data, "has_priority_support", qc_db_bool(0, 13));
}

static void
end_letter(Letter *letter)
{
	qc_json_close(&letter->data, '}');
	letter->mail.data = letter->data.out.data;
	(void) qc_mail_enqueue(&letter->mail);
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

void
qc_notice_subscription_started(int64 shop_id, const char *contract,
							   TimestampTz trial_ends_at)
{
	Letter letter;

	if (!is_news(shop_id, "mail.subscription_confirmation", contract, ""))
		return;
	qc_db_begin();
	begin_letter(&letter, "subscription_confirmation", shop_id);
	qc_json_int(&letter.data, "trial_days", days_until(trial_ends_at));
	qc_json_time(&letter.data, "trial_ends_at", trial_ends_at);
	qc_json_text(&letter.data, "subdomain", qc_subdomain_host(shop_id));
	end_letter(&letter);
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
	Letter letter;

	if (!is_news(shop_id, "mail.payment_failed", invoice, psprintf("%d", attempt)))
		return;
	qc_db_begin();
	begin_letter(&letter, "payment_failed", shop_id);
	qc_json_text(&letter.data, "invoice", invoice);
	qc_json_text(&letter.data, "amount", decimal_amount(amount, currency));
	qc_json_text(&letter.data, "currency", currency);
	qc_json_int(&letter.data, "attempt", attempt);
	qc_json_bool(&letter.data, "is_urgent", attempt >= URGENT_ATTEMPT);
	qc_json_time(&letter.data, "next_attempt_at", next_attempt_at);
	end_letter(&letter);
	qc_db_end();
}

void
qc_notice_payment_succeeded(int64 shop_id, const char *invoice, int64 amount,
							const char *currency, const char *url)
{
	bool is_link = url != NULL && strncmp(url, "https://", 8) == 0;
	Letter letter;

	if (amount <= 0 || !is_news(shop_id, "mail.payment_succeeded", invoice, ""))
		return;
	qc_db_begin();
	begin_letter(&letter, "payment_succeeded", shop_id);
	qc_json_text(&letter.data, "invoice", invoice);
	qc_json_text(&letter.data, "amount", decimal_amount(amount, currency));
	qc_json_text(&letter.data, "currency", currency);
	qc_json_text(&letter.data, "invoice_url", is_link ? url : NULL);
	end_letter(&letter);
	qc_db_end();
}

void
qc_notice_trial_ending(int64 shop_id, const char *contract, TimestampTz trial_ends_at)
{
	Letter letter;

	if (days_until(trial_ends_at) == 0 ||
		!is_news(shop_id, "mail.trial_ending", contract,
				 psprintf(INT64_FORMAT, trial_ends_at)))
		return;
	qc_db_begin();
	begin_letter(&letter, "trial_ending", shop_id);
	qc_json_int(&letter.data, "days_left", days_until(trial_ends_at));
	qc_json_time(&letter.data, "trial_ends_at", trial_ends_at);
	end_letter(&letter);
	qc_db_end();
}

void
qc_notice_usage_report(int64 shop_id, const char *month)
{
	QcArgs args = {0};
	Letter letter;

	if (!is_news(shop_id, "mail.usage_report", month, ""))
		return;
	qc_db_begin();
	begin_letter(&letter, "usage_report", shop_id);
	qc_json_text(&letter.data, "month", month);
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, month);
	(void) qc_db_system(&read_usage, &args);
	qc_json_raw(&letter.data, "usage", qc_db_text(0, 1));
	end_letter(&letter);
	qc_db_end();
}

/* The row of read_move, which the next statement would take away. */
typedef struct Move
{
	char *status;
	int64 pending_plan_id;
	bool cancels;
	bool is_up; /* from a paid plan to a dearer one */
	char *plan_before;
	char *next_name;
	int64 next_limits[4]; /* products, orders, storage, staff */
	char *period_start;
	TimestampTz period_end;
	char *canceled_at;
} Move;

static Move
load_move(int64 shop_id, const char *contract, int64 plan_before)
{
	QcArgs args = {0};
	Move move;

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, plan_before);
	qc_args_text(&args, contract);
	qc_db_expect(qc_db_system(&read_move, &args), 1, "reading a subscription's move");
	move = (Move){.status = qc_db_text(0, MOVE_STATUS),
				  .pending_plan_id = qc_db_int8(0, MOVE_PENDING),
				  .cancels = qc_db_bool(0, MOVE_CANCELS),
				  .is_up = qc_db_bool(0, MOVE_IS_UP),
				  .plan_before = qc_db_text(0, MOVE_PLAN_BEFORE),
				  .next_name = qc_db_text(0, MOVE_NEXT_NAME),
				  .period_start = qc_db_text(0, MOVE_PERIOD_START),
				  .period_end = qc_db_time(0, MOVE_PERIOD_END),
				  .canceled_at = qc_db_text(0, MOVE_CANCELED_AT)};
	for (int i = 0; i < lengthof(move.next_limits); i++)
		move.next_limits[i] = qc_db_int8(0, MOVE_NEXT_PRODUCTS + i);
	return move;
}

static bool
is_paid_for(const char *status)
{
	return strcmp(status, "trialing") == 0 || strcmp(status, "active") == 0 ||
		   strcmp(status, "past_due") == 0;
}

static void
tell_of_upgrade(int64 shop_id, const char *contract, const Move *move)
{
	Letter letter;

	if (!is_news(shop_id, "mail.subscription_upgraded", contract,
				 psprintf("%s from %s", move->period_start, move->plan_before)))
		return;
	begin_letter(&letter, "subscription_upgraded", shop_id);
	qc_json_text(&letter.data, "previous_plan_name", move->plan_before);
	end_letter(&letter);
}

static void
tell_of_downgrade(int64 shop_id, const char *contract, const Move *move)
{
	static const char *const limits[] = {"next_products_limit", "next_orders_per_month",
										 "next_storage_mb", "next_staff_accounts"};
	Letter letter;

	if (TIMESTAMP_NOT_FINITE(move->period_end) ||
		!is_news(shop_id, "mail.downgrade_scheduled", contract,
				 psprintf(INT64_FORMAT " to %s", move->period_end, move->next_name)))
		return;
	begin_letter(&letter, "downgrade_scheduled", shop_id);
	qc_json_text(&letter.data, "next_plan_name", move->next_name);
	qc_json_time(&letter.data, "starts_at", move->period_end);
	for (int i = 0; i < lengthof(limits); i++)
		qc_json_int(&letter.data, limits[i], move->next_limits[i]);
	end_letter(&letter);
}

/* ends_at: DT_NOEND = it has ended. */
static void
tell_of_end(int64 shop_id, const char *contract, const Move *move, TimestampTz ends_at)
{
	bool has_ended = TIMESTAMP_NOT_FINITE(ends_at);
	Letter letter;

	if (!is_news(shop_id, "mail.subscription_canceled", contract,
				 has_ended           ? "ended"
				 : move->canceled_at ? move->canceled_at
									 : psprintf(INT64_FORMAT, ends_at)))
		return;
	begin_letter(&letter, "subscription_canceled", shop_id);
	qc_json_text(&letter.data, "ended_plan_name", move->plan_before);
	qc_json_time(&letter.data, "ends_at", ends_at);
	end_letter(&letter);
}

void
qc_notice_subscription_moved(int64 shop_id, const char *contract,
							 const QcShownSubscription *before)
{
	Move move;

	qc_db_begin();
	move = load_move(shop_id, contract, before->plan_id);
	if (is_paid_for(before->status) && strcmp(move.status, "canceled") == 0)
		tell_of_end(shop_id, contract, &move, DT_NOEND);
	else if (is_paid_for(move.status))
	{
		if (is_paid_for(before->status) && move.is_up)
			tell_of_upgrade(shop_id, contract, &move);
		if (move.pending_plan_id != 0 &&
			move.pending_plan_id != before->pending_plan_id)
			tell_of_downgrade(shop_id, contract, &move);
		if (move.cancels && !before->cancels && !TIMESTAMP_NOT_FINITE(move.period_end))
			tell_of_end(shop_id, contract, &move, move.period_end);
	}
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
