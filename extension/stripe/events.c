/*
 * extension/stripe/events.c
 *		The table of event types, and both shapes of what they carry.
 *
 * Since API version 2025-03-31 the dates of a period stand on a subscription's items
 * and an invoice's subscription under "parent"; before, both stood at the top.  A
 * reader looks at both places, so a version is never asked for.
 */
#include "postgres.h"

#include "utils/formatting.h"
#include "utils/timestamp.h"

#include "extension/stripe/body.h"
#include "extension/stripe/events.h"

static const struct
{
	const char *type;
	QcStripeKind kind;
	int rank;
} types[] = {
	{"customer.subscription.created", QC_STRIPE_STATE, 0},
	{"customer.subscription.updated", QC_STRIPE_STATE, 1},
	{"customer.subscription.paused", QC_STRIPE_STATE, 1},
	{"customer.subscription.resumed", QC_STRIPE_STATE, 1},
	{"customer.subscription.trial_will_end", QC_STRIPE_TRIAL_END, 1},
	{"customer.subscription.deleted", QC_STRIPE_STATE, 2},
	{"invoice.payment_failed", QC_STRIPE_FAILED, 0},
	{"invoice.payment_succeeded", QC_STRIPE_PAID, 1},
	{"invoice.paid", QC_STRIPE_PAID, 1},
};

#define DELETED 2

static void
read_type(const char *type, QcStripeEvent *event)
{
	event->kind = QC_STRIPE_IGNORED;
	for (int i = 0; type != NULL && i < lengthof(types); i++)
		if (strcmp(types[i].type, type) == 0)
		{
			event->kind = types[i].kind;
			event->rank = types[i].rank;
		}
}

QcStripeKind
qc_stripe_kind(const char *type)
{
	QcStripeEvent event;

	read_type(type, &event);
	return event.kind;
}

/* Text from the first of two places that has it. */
static char *
either_text(JsonbContainer *in, const char *one, const char *other)
{
	char *text = qc_body_text(in, one);

	return text != NULL ? text : qc_body_text(in, other);
}

static TimestampTz
either_time(JsonbContainer *in, const char *one, const char *other)
{
	TimestampTz time = qc_body_time(in, one);

	return TIMESTAMP_NOT_FINITE(time) ? qc_body_time(in, other) : time;
}

/* A shop's id in metadata; 0 when there is none, -1 when it is no id. */
static int64
read_shop_id(JsonbContainer *in, const char *path)
{
	char *text = qc_body_text(in, path);
	int64 id = qc_body_int(in, path, -1);

	if (text == NULL || *text == '\0')
		return 0;
	return id > 0 ? id : -1;
}

static void
read_dates(JsonbContainer *object, QcSubscription *is)
{
	TimestampTz cancel_at = qc_body_time(object, "cancel_at");

	is->started_at = either_time(object, "created", "start_date");
	is->trial_ends_at = qc_body_time(object, "trial_end");
	is->period_start = either_time(object, "current_period_start",
								   "items.data.0.current_period_start");
	is->period_end =
		either_time(object, "current_period_end", "items.data.0.current_period_end");
	is->canceled_at = qc_body_time(object, "canceled_at");
	is->ended_at = qc_body_time(object, "ended_at");
	is->cancels_at_period_end =
		qc_body_is_true(object, "cancel_at_period_end") ||
		(!TIMESTAMP_NOT_FINITE(cancel_at) && cancel_at == is->period_end);
}

static void
read_price(JsonbContainer *object, QcSubscription *is)
{
	char *interval = either_text(object, "items.data.0.price.recurring.interval",
								 "items.data.0.plan.interval");
	char *currency = qc_body_text(object, "currency");

	is->price_id = either_text(object, "items.data.0.price.id", "items.data.0.plan.id");
	is->unit_amount = qc_body_int(object, "items.data.0.price.unit_amount", -1);
	is->quantity = (int32) Min(Max(qc_body_int(object, "items.data.0.quantity", 1), 1),
							   PG_INT32_MAX);
	is->is_yearly = interval != NULL && strcmp(interval, "year") == 0;
	is->currency = currency ? asc_toupper(currency, strlen(currency)) : NULL;
}

static void
read_subscription(JsonbContainer *object, QcStripeEvent *event)
{
	QcSubscription *is = &event->is;
	char *status = qc_body_text(object, "status");

	event->subject = qc_body_id(object, "id");
	event->shop_id = read_shop_id(object, "metadata.shop_id");
	event->plan = qc_body_text(object, "metadata.plan_id");
	event->latest_bill = qc_body_id(object, "latest_invoice");
	is->stripe_id = event->subject;
	is->customer_id = event->customer;
	is->stripe_status = status;
	is->state = event->rank == DELETED ? QC_SUB_CANCELED
				: status               ? qc_subscription_state(status)
									   : QC_SUB_STATE_COUNT;
	read_dates(object, is);
	read_price(object, is);
	if (is->state == QC_SUB_CANCELED && TIMESTAMP_NOT_FINITE(is->ended_at))
		is->ended_at = event->created;
	if (is->state == QC_SUB_STATE_COUNT || is->state == QC_SUB_NONE)
		event->problem = "the subscription has no status that is known";
}

static void
read_invoice(JsonbContainer *object, QcStripeEvent *event)
{
	char *currency = qc_body_text(object, "currency");

	event->invoice = qc_body_id(object, "id");
	event->subject = qc_body_id(object, "subscription");
	if (event->subject == NULL)
		event->subject = qc_body_id(object, "parent.subscription_details.subscription");
	event->shop_id =
		read_shop_id(object, "parent.subscription_details.metadata.shop_id");
	if (event->shop_id == 0)
		event->shop_id = read_shop_id(object, "subscription_details.metadata.shop_id");
	event->invoice_created = qc_body_time(object, "created");
	event->attempt = (int32) Min(qc_body_int(object, "attempt_count", 0), PG_INT32_MAX);
	event->amount = qc_body_int(object, "amount_due", 0);
	event->currency = currency ? asc_toupper(currency, strlen(currency)) : "USD";
	event->next_attempt_at = qc_body_time(object, "next_payment_attempt");
	if (event->subject == NULL)
		event->kind = QC_STRIPE_IGNORED; /* a bill for something else */
	else if (event->invoice == NULL)
		event->problem = "the invoice has no id";
}

/* What every kind must have. */
static void
check(QcStripeEvent *event)
{
	if (event->kind == QC_STRIPE_IGNORED || event->problem != NULL)
		return;
	if (event->subject == NULL)
		event->problem = "the subscription has no id";
	else if (event->customer == NULL)
		event->problem = "no customer is named";
	else if (event->shop_id < 0)
		event->problem = "metadata.shop_id is no id";
}

void
qc_stripe_read(JsonbContainer *body, QcStripeEvent *event)
{
	JsonbContainer *object = qc_body_part(body, "data.object");

	memset(event, 0, sizeof(*event));
	read_type(qc_body_text(body, "type"), event);
	event->id = qc_body_id(body, "id");
	event->created = qc_body_time(body, "created");
	event->object = object;
	event->previous = qc_body_part(body, "data.previous_attributes");
	if (event->kind == QC_STRIPE_IGNORED)
	{
		if (object == NULL)
			event->kind = QC_STRIPE_THIN;
		return;
	}
	if (object == NULL || TIMESTAMP_NOT_FINITE(event->created))
	{
		event->problem = "the event carries no object or no time";
		return;
	}
	event->customer = qc_body_id(object, "customer");
	if (event->kind == QC_STRIPE_FAILED || event->kind == QC_STRIPE_PAID)
		read_invoice(object, event);
	else
		read_subscription(object, event);
	check(event);
	if (qc_body_id(body, "account") != NULL)
		event->problem = "the event is of another account";
}
