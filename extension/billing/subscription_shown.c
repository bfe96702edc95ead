/*
 * extension/billing/subscription_shown.c
 *		What a shop shows of its subscription, and what follows when that changes.
 *
 * The subdomain, the history of revenue, the audit log and the messages: in this order,
 * in the transaction of the change, and each only when it has something to say.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/notice.h"
#include "extension/billing/subdomain.h"
#include "extension/billing/subscription_shown.h"
#include "extension/core/db.h"

/* A contract counts as revenue while it is paid for, or should be. */
static QcStmt read_shown = {
	.sql = "SELECT s.subscription_status, s.plan_id, s.pending_plan_id,"
		   " s.cancel_at_period_end, p.features @> '{\"premium_subdomain\": true}'"
		   " AND (s.subscription_status IN ('active', 'trialing')"
		   " OR s.subscription_status = 'past_due' AND s.grace_ends_at > $2)"
		   " OR EXISTS (SELECT FROM qutecart.comps k JOIN qutecart.plans q"
		   "  ON q.id = k.plan_id WHERE k.shop_id = s.id AND k.ended_at IS NULL"
		   "  AND k.ends_at > $2 AND q.features @> '{\"premium_subdomain\": true}'),"
		   " coalesce(c.mrr, 0.00)::text, coalesce(c.currency, p.currency)"
		   " FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id"
		   " LEFT JOIN LATERAL (SELECT pg_catalog.round(CASE l.billing_period"
		   "  WHEN 'yearly' THEN l.amount / 12 ELSE l.amount END, 2) AS mrr, l.currency"
		   "  FROM qutecart.subscriptions l WHERE l.shop_id = s.id"
		   "  AND l.status IN ('active', 'past_due')) c ON true WHERE s.id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, TIMESTAMPTZOID},
};

static QcStmt write_audit = {
	.sql = "INSERT INTO qutecart.audit_log (actor, shop_id, action, object, details)"
		   " VALUES ($1, $2, 'subscription.changed', $3, pg_catalog.jsonb_build_object("
		   "'from', $4::text, 'to', $5::text, 'plan_from', $6::bigint,"
		   " 'plan_to', $7::bigint, 'pending_plan', $8::bigint, 'cause', $9::text))",
	.nargs = 9,
	.argtypes = {TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT8OID, INT8OID, INT8OID,
				 TEXTOID},
};

static QcStmt write_change = {
	.sql = "INSERT INTO qutecart.subscription_changes (at, shop_id, contract_id, cause,"
		   " status_from, status_to, plan_from, plan_to, currency, mrr_from, mrr_to)"
		   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::numeric, $11::numeric)",
	.nargs = 11,
	.argtypes = {TIMESTAMPTZOID, INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT8OID,
				 INT8OID, TEXTOID, TEXTOID, TEXTOID},
};

QcShownSubscription
qc_subscription_shown(int64 shop_id, TimestampTz at)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_datum(&args, TimestampTzGetDatum(at), false);
	qc_db_expect(qc_db_system(&read_shown, &args), 1, "reading a shop's subscription");
	return (QcShownSubscription){.status = qc_db_text(0, 1),
								 .plan_id = qc_db_int8(0, 2),
								 .pending_plan_id = qc_db_int8(0, 3),
								 .cancels = qc_db_bool(0, 4),
								 .is_entitled = qc_db_bool(0, 5),
								 .mrr = qc_db_text(0, 6),
								 .currency = qc_db_text(0, 7)};
}

static bool
is_same(const QcShownSubscription *a, const QcShownSubscription *b)
{
	return strcmp(a->status, b->status) == 0 && a->plan_id == b->plan_id &&
		   a->pending_plan_id == b->pending_plan_id && a->cancels == b->cancels;
}

/* The history tells of money as well, but of nothing that is only planned. */
static void
record(int64 shop_id, int64 contract_id, const QcShownSubscription *before,
	   const QcShownSubscription *after, const char *cause, TimestampTz at)
{
	QcArgs args = {0};

	if (strcmp(before->status, after->status) == 0 &&
		before->plan_id == after->plan_id && strcmp(before->mrr, after->mrr) == 0)
		return;
	qc_args_datum(&args, TimestampTzGetDatum(at), false);
	qc_args_int8(&args, shop_id);
	qc_args_id(&args, contract_id);
	qc_args_text(&args, cause);
	qc_args_text(&args, before->status);
	qc_args_text(&args, after->status);
	qc_args_int8(&args, before->plan_id);
	qc_args_int8(&args, after->plan_id);
	qc_args_text(&args,
				 strcmp(after->mrr, "0.00") == 0 ? before->currency : after->currency);
	qc_args_text(&args, before->mrr);
	qc_args_text(&args, after->mrr);
	(void) qc_db_system(&write_change, &args);
}

void
qc_subscription_log(int64 shop_id, const char *object,
					const QcShownSubscription *before, const QcShownSubscription *after,
					const char *cause)
{
	QcArgs args = {0};

	qc_args_text(&args, "system");
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, object);
	qc_args_text(&args, before->status);
	qc_args_text(&args, after->status);
	qc_args_id(&args, before->plan_id);
	qc_args_id(&args, after->plan_id);
	qc_args_id(&args, after->pending_plan_id);
	qc_args_text(&args, cause);
	(void) qc_db_system(&write_audit, &args);
}

bool
qc_subscription_follow(int64 shop_id, int64 contract_id, const char *object,
					   const QcShownSubscription *before, const char *cause,
					   TimestampTz at)
{
	QcShownSubscription after = qc_subscription_shown(shop_id, at);

	if (after.is_entitled)
		qc_subdomain_open(shop_id);
	else
		qc_subdomain_reserve(shop_id);
	record(shop_id, contract_id, before, &after, cause, at);
	if (is_same(before, &after))
		return false;
	qc_subscription_log(shop_id, object, before, &after, cause);
	qc_notice_subscription_changed(shop_id, before->status, before->plan_id);
	qc_notice_subscription_moved(shop_id, object, before);
	return true;
}
