/*
 * extension/stripe/effect.c
 *		Which shop an event is about, and what all its events make of the subscription.
 *
 * The shop is the one that the subscription is linked with; a new subscription's is
 * the one its metadata name, provided that its customer is not another shop's, else
 * its customer's.  Links are made here, on first sight, and never changed.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "extension/billing/notice.h"
#include "extension/billing/subscription.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/stripe/apply.h"
#include "extension/stripe/body.h"
#include "extension/stripe/effect.h"
#include "extension/stripe/events.h"
#include "extension/stripe/fold.h"

static QcStmt find_link = {
	.sql = "SELECT l.shop_id FROM qutecart.stripe_links l WHERE l.stripe_id = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt has_other_customer = {
	.sql = "SELECT EXISTS (SELECT FROM qutecart.stripe_links l"
		   " WHERE l.shop_id = $1 AND l.kind = 'customer' AND l.stripe_id <> $2)"
		   " AND NOT EXISTS (SELECT FROM qutecart.stripe_links l WHERE l.shop_id = $1"
		   " AND l.stripe_id = $2)",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt add_link = {
	.sql = "INSERT INTO qutecart.stripe_links (stripe_id, kind, shop_id)"
		   " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
	.nargs = 3,
	.argtypes = {TEXTOID, TEXTOID, INT8OID},
};

static QcStmt read_events = {
	.sql = "SELECT e.payload FROM qutecart.stripe_events e"
		   " WHERE e.object_id = $1 AND e.status <> 'ignored'",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt read_plans = {
	.sql = "SELECT p.id, pg_catalog.rank() OVER (ORDER BY p.price)::int, p.slug,"
		   " p.stripe_price_id, p.stripe_yearly_price_id,"
		   " (SELECT pg_catalog.string_agg(f.stripe_price_id, ' ')"
		   " FROM qutecart.plan_prices f WHERE f.plan_id = p.id) FROM qutecart.plans p"
		   " ORDER BY p.id",
};

static QcStmt find_end = {
	.sql = "SELECT c.status FROM qutecart.subscriptions c"
		   " WHERE c.shop_id = $1 AND c.stripe_subscription_id = $2"
		   " AND c.status IN ('canceled', 'incomplete_expired')",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt read_subscriptions = {
	.sql = "SELECT l.stripe_id FROM qutecart.stripe_links l"
		   " WHERE l.shop_id = $1 AND l.kind = 'subscription' ORDER BY l.stripe_id",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static JsonbContainer *
parse(Datum payload)
{
	char *body = text_to_cstring(DatumGetTextPP(payload)); /* bytea: same layout */

	return &DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(body)))->root;
}

/* The shop an id of Stripe's is linked with; 0 = none. */
static int64
linked_shop(const char *stripe_id)
{
	QcArgs args = {0};

	qc_args_text(&args, stripe_id);
	return qc_db_system(&find_link, &args) > 0 ? qc_db_int8(0, 1) : 0;
}

static void
pg_attribute_noreturn() disagree(const char *what)
{
	ereport(ERROR, qc_err(QC_ERR_CONFLICT), errmsg("%s", what),
			errhint("Correct metadata.shop_id at Stripe, then replay the event."));
}

/* Does the shop that the metadata name fit what is known of the customer? */
static void
need_agreement(const QcStripeEvent *event, int64 customers_shop)
{
	QcArgs args = {0};

	if (customers_shop != 0 && customers_shop != event->shop_id)
		disagree("the customer belongs to another shop than metadata.shop_id");
	qc_args_int8(&args, event->shop_id);
	qc_args_text(&args, event->customer);
	(void) qc_db_system(&has_other_customer, &args);
	if (qc_db_bool(0, 1))
		disagree("the shop that metadata.shop_id names has another customer");
}

/* Find the shop; 0 when nothing tells. */
static int64
find_shop(const QcStripeEvent *event)
{
	int64 shop_id = linked_shop(event->subject);
	int64 customers_shop = linked_shop(event->customer);

	if (shop_id != 0)
	{
		if (event->shop_id != 0 && event->shop_id != shop_id)
			disagree("the subscription belongs to another shop than metadata.shop_id");
		if (customers_shop != 0 && customers_shop != shop_id)
			disagree("the subscription and its customer belong to different shops");
		return shop_id;
	}
	if (event->shop_id == 0)
		return customers_shop;
	need_agreement(event, customers_shop);
	return event->shop_id;
}

static void
link_ids(const QcStripeEvent *event, int64 shop_id)
{
	const char *ids[] = {event->customer, event->subject};
	const char *kinds[] = {"customer", "subscription"};

	for (int i = 0; i < lengthof(ids); i++)
	{
		QcArgs args = {0};

		qc_args_text(&args, ids[i]);
		qc_args_text(&args, kinds[i]);
		qc_args_int8(&args, shop_id);
		if (qc_db_system(&add_link, &args) == 0 && linked_shop(ids[i]) != shop_id)
			disagree("another shop was linked with the customer or subscription");
	}
}

static List *
load_plans(void)
{
	uint64 n = qc_db_system(&read_plans, NULL);
	List *plans = NIL;

	for (uint64 i = 0; i < n; i++)
	{
		QcStripePlan *plan = palloc0(sizeof(*plan));

		plan->id = qc_db_int8(i, 1);
		plan->rank = qc_db_int4(i, 2);
		plan->slug = qc_db_text(i, 3);
		plan->price_id = qc_db_text(i, 4);
		plan->yearly_price_id = qc_db_text(i, 5);
		plan->former_price_ids = qc_db_text(i, 6);
		plans = lappend(plans, plan);
	}
	return plans;
}

/* All events of a subscription, but those that speak of another shop. */
static List *
load_events(const char *subscription, int64 shop_id)
{
	QcArgs args = {0};
	List *events = NIL;
	uint64 n;

	qc_args_text(&args, subscription);
	n = qc_db_system(&read_events, &args);
	for (uint64 i = 0; i < n; i++)
	{
		QcStripeEvent *event = palloc(sizeof(*event));
		bool is_null;

		qc_stripe_read(parse(qc_db_datum(i, 1, &is_null)), event);
		if (event->shop_id == 0 || event->shop_id == shop_id)
			events = lappend(events, event);
	}
	return events;
}

/* Has it ended before, by events that are no longer kept? */
static bool
has_ended(int64 shop_id, const char *subscription)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, subscription);
	return qc_db_system(&find_end, &args) > 0;
}

/*
 * Fold the subscription anew and write it.  Returns NULL, or what it has to wait for.
 * Events that come after the end was reached and forgotten change nothing.
 */
static const char *
refold(int64 shop_id, const char *subscription, List *events, const char *cause)
{
	QcSubscription folded;

	if (!qc_stripe_fold(events, load_plans(), GetCurrentTransactionStartTimestamp(),
						&folded))
		return "no event that carries the subscription has come";
	if (qc_subscription_is_live(folded.state))
	{
		if (has_ended(shop_id, subscription))
			return NULL;
		if (qc_subscription_has_other_live(shop_id, subscription))
			return "the shop has another live subscription";
	}
	folded.shop_id = shop_id;
	(void) qc_subscription_put(&folded, cause);
	return NULL;
}

/* Was this invoice paid after all, as far as the events tell? */
static bool
is_paid(List *events, const char *invoice)
{
	ListCell *cell;

	foreach (cell, events)
	{
		const QcStripeEvent *event = lfirst(cell);

		if (event->kind == QC_STRIPE_PAID && event->invoice != NULL &&
			strcmp(event->invoice, invoice) == 0)
			return true;
	}
	return false;
}

/* What the shop is told because of this very event. */
static void
notify(const QcStripeEvent *event, int64 shop_id, List *events)
{
	if (event->kind == QC_STRIPE_TRIAL_END && event->is.state == QC_SUB_TRIALING)
		qc_notice_trial_ending(shop_id, event->subject, event->is.trial_ends_at);
	if (event->kind == QC_STRIPE_FAILED && !is_paid(events, event->invoice))
		qc_notice_payment_failed(shop_id, event->invoice, event->attempt, event->amount,
								 event->currency, event->next_attempt_at);
	if (event->kind == QC_STRIPE_PAID)
		qc_notice_payment_succeeded(
			shop_id, event->invoice,
			qc_body_int(event->object, "amount_paid", event->amount), event->currency,
			qc_body_text(event->object, "hosted_invoice_url"));
}

/* What cannot be understood is an error of this event, not of its subscription. */
static void
need_sense(const QcStripeEvent *event)
{
	if (event->problem != NULL)
		ereport(ERROR, errcode(ERRCODE_DATA_EXCEPTION), errmsg("%s", event->problem));
	if ((event->kind == QC_STRIPE_STATE || event->kind == QC_STRIPE_TRIAL_END) &&
		qc_stripe_plan_of(event, load_plans()) == NULL)
		ereport(ERROR, errcode(ERRCODE_DATA_EXCEPTION),
				errmsg("neither the price nor metadata.plan_id names a plan"),
				errhint("Set the plan's stripe_price_id, then replay the event."));
}

static void
apply(const QcStripeEvent *event, QcStripeEffect *effect)
{
	List *events;

	need_sense(event);
	effect->subscription = pstrdup(event->subject);
	effect->shop_id = find_shop(event);
	if (effect->shop_id == 0)
	{
		effect->waits_for = "neither metadata nor links name a shop";
		return;
	}
	if (!qc_subscription_lock_shop(effect->shop_id))
	{
		effect->shop_id = 0;
		effect->waits_for = "the shop that metadata.shop_id names does not exist";
		return;
	}
	events = load_events(event->subject, effect->shop_id);
	effect->waits_for = refold(effect->shop_id, event->subject, events, event->id);
	if (effect->waits_for != NULL)
		return;
	link_ids(event, effect->shop_id);
	notify(event, effect->shop_id, events);
}

void
qc_stripe_effect(Datum payload, QcStripeEffect *effect)
{
	QcStripeEvent event;

	qc_db_begin();
	qc_stripe_read(parse(payload), &event);
	if (event.kind == QC_STRIPE_IGNORED)
		effect->is_ignored = true;
	else if (event.kind == QC_STRIPE_THIN)
		effect->waits_for = "the event names an object without carrying it";
	else
		apply(&event, effect);
	if (effect->subscription != NULL)
		effect->subscription = qc_db_keep_text(effect->subscription);
	qc_db_end();
}

int64
qc_stripe_rebuild(int64 shop_id)
{
	QcArgs args = {0};
	List *ids = NIL;
	ListCell *cell;
	uint64 n;

	if (!qc_subscription_lock_shop(shop_id))
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
	qc_args_int8(&args, shop_id);
	qc_db_begin();
	n = qc_db_system(&read_subscriptions, &args);
	for (uint64 i = 0; i < n; i++)
		ids = lappend(ids, qc_db_text(i, 1));
	foreach (cell, ids)
		(void) refold(shop_id, lfirst(cell), load_events(lfirst(cell), shop_id),
					  "rebuild");
	qc_db_end();
	return n;
}
