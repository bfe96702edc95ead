/*
 * extension/stripe/fold.c
 *		One order for any set of events, and what they make of a subscription.
 *
 * An event carries the whole subscription, so the last one says what it is; what lies
 * before matters for the plan only, because a cheaper plan waits for the period's end.
 * Invoices say less: one that was not paid, or was, moves the state until the next
 * whole subscription comes.
 *
 * The order: a subscription never returns to "incomplete" nor from its end; then the
 * second it happened in; within one second created, others, deleted; among others each
 * says what was before it (previous_attributes); where that does not decide, the state
 * and the event's id do.  Nothing depends on when an event arrived.
 */
#include "postgres.h"

#include "extension/stripe/fold.h"

/* Where a subscription stands in its life. */
static int
stage(QcSubState state)
{
	switch (state)
	{
		case QC_SUB_INCOMPLETE:
			return 0;
		case QC_SUB_INCOMPLETE_EXPIRED:
			return 2;
		case QC_SUB_CANCELED:
			return 3;
		default:
			return 1;
	}
}

static int
compare_ints(int64 a, int64 b)
{
	return (a > b) - (a < b);
}

/* Is it settled which of two whole subscriptions is the later one? */
static int
compare_certain(const QcStripeEvent *a, const QcStripeEvent *b)
{
	int by = compare_ints(stage(a->is.state), stage(b->is.state));

	if (by == 0)
		by = compare_ints(a->created, b->created);
	if (by == 0)
		by = compare_ints(a->rank, b->rank);
	return by;
}

static int
compare_states(const ListCell *one, const ListCell *other)
{
	const QcStripeEvent *a = lfirst(one);
	const QcStripeEvent *b = lfirst(other);
	int by = compare_certain(a, b);

	if (by == 0)
		by = compare_ints(a->is.state, b->is.state);
	if (by == 0)
		by = strcmp(a->id, b->id);
	return by;
}

static int
compare_bills(const ListCell *one, const ListCell *other)
{
	const QcStripeEvent *a = lfirst(one);
	const QcStripeEvent *b = lfirst(other);
	int by = compare_ints(a->created, b->created);

	if (by == 0)
		by = compare_ints(a->rank, b->rank);
	if (by == 0)
		by = strcmp(a->id, b->id);
	return by;
}

/* Does b say that this member was different before? */
static bool
has_changed(const QcStripeEvent *b, const char *member)
{
	return getKeyJsonValueFromContainer(b->previous, member, strlen(member), NULL) !=
		   NULL;
}

/*
 * Can b have come right after a?  What b says was before it must be what a says, and
 * what b does not mention must be the same in both.
 */
static bool
may_follow(const QcStripeEvent *a, const QcStripeEvent *b)
{
	JsonbIterator *said;
	JsonbIterator *before;

	if (b->previous == NULL || !JsonContainerIsObject(b->previous) ||
		JsonContainerSize(b->previous) == 0)
		return false;
	if (a->is.state != b->is.state && !has_changed(b, "status"))
		return false;
	if (a->is.cancels_at_period_end != b->is.cancels_at_period_end &&
		!has_changed(b, "cancel_at_period_end") && !has_changed(b, "cancel_at"))
		return false;
	said = JsonbIteratorInit(a->object);
	before = JsonbIteratorInit(b->previous);
	return JsonbDeepContains(&said, &before);
}

/* Of the first n of a tie, the one that no other can have followed; else the last. */
static int
find_latest(QcStripeEvent **tie, int n)
{
	for (int i = n - 1; i >= 0; i--)
	{
		bool is_followed = false;

		for (int k = 0; k < n && !is_followed; k++)
			is_followed = k != i && may_follow(tie[i], tie[k]);
		if (!is_followed)
			return i;
	}
	return n - 1;
}

/* Order the events of one second by what each says was before it. */
static void
order_tie(QcStripeEvent **tie, int n)
{
	for (; n > 1; n--)
	{
		int latest = find_latest(tie, n);
		QcStripeEvent *event = tie[latest];

		memmove(tie + latest, tie + latest + 1, (n - 1 - latest) * sizeof(*tie));
		tie[n - 1] = event;
	}
}

/* The whole subscriptions in their order, as an array. */
static QcStripeEvent **
order_states(List *events, List *plans, int *n)
{
	List *states = NIL;
	QcStripeEvent **ordered;
	ListCell *cell;

	foreach (cell, events)
	{
		QcStripeEvent *event = lfirst(cell);

		if ((event->kind == QC_STRIPE_STATE || event->kind == QC_STRIPE_TRIAL_END) &&
			event->problem == NULL && qc_stripe_plan_of(event, plans) != NULL)
			states = lappend(states, event);
	}
	list_sort(states, compare_states);
	*n = list_length(states);
	ordered = palloc(sizeof(*ordered) * Max(*n, 1));
	foreach (cell, states)
		ordered[foreach_current_index(cell)] = lfirst(cell);
	for (int i = 0, end; i < *n; i = end)
	{
		for (end = i + 1; end < *n && compare_certain(ordered[i], ordered[end]) == 0;)
			end++;
		order_tie(ordered + i, end - i);
	}
	return ordered;
}

static bool
is_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* Is a word one of a list with blanks between? */
static bool
is_among(const char *list, const char *word)
{
	size_t len = word ? strlen(word) : 0;

	for (const char *at = list; at != NULL && len > 0 && (at = strstr(at, word));
		 at += len)
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

const QcStripePlan *
qc_stripe_plan_of(const QcStripeEvent *event, List *plans)
{
	ListCell *cell;

	foreach (cell, plans)
	{
		const QcStripePlan *plan = lfirst(cell);

		if (is_text(plan->price_id, event->is.price_id) ||
			is_text(plan->yearly_price_id, event->is.price_id) ||
			is_among(plan->former_price_ids, event->is.price_id))
			return plan;
	}
	foreach (cell, plans)
	{
		const QcStripePlan *plan = lfirst(cell);

		if (is_text(psprintf(INT64_FORMAT, plan->id), event->plan) ||
			is_text(plan->slug, event->plan))
			return plan;
	}
	return NULL;
}

/* The plan in force and the one that waits for the end of the period. */
typedef struct PlanState
{
	const QcStripePlan *plan;
	const QcStripePlan *pending;
	TimestampTz pending_from;
} PlanState;

static void
start_pending(PlanState *state, TimestampTz at)
{
	if (state->pending == NULL || state->pending_from > at)
		return;
	state->plan = state->pending;
	state->pending = NULL;
}

/* A dearer plan starts at once, a cheaper one when the period that is paid for ends. */
static void
apply_plan(PlanState *state, const QcStripeEvent *event, const QcStripePlan *named)
{
	if (!TIMESTAMP_NOT_FINITE(event->is.period_start))
		start_pending(state, event->is.period_start);
	if (state->plan == NULL || named->rank > state->plan->rank ||
		(named->rank == state->plan->rank && named != state->plan) ||
		!qc_subscription_is_live(event->is.state) ||
		TIMESTAMP_NOT_FINITE(event->is.period_end))
	{
		state->plan = named;
		state->pending = NULL;
	}
	else if (named == state->plan)
		state->pending = NULL;
	else if (named != state->pending)
	{
		state->pending = named;
		state->pending_from = event->is.period_end;
	}
}

/*
 * Does this invoice tell of something that the last whole subscription does not know?
 * One that is older, and not the one it names as its latest, does not.
 */
static bool
is_news(const QcStripeEvent *bill, const QcStripeEvent *last)
{
	if (bill->problem != NULL || bill->created <= last->created)
		return false;
	return last->latest_bill == NULL || is_text(last->latest_bill, bill->invoice) ||
		   (!TIMESTAMP_NOT_FINITE(bill->invoice_created) &&
			bill->invoice_created >= last->created);
}

/* Let the invoices that came after the last whole subscription move its state. */
static void
apply_bills(List *events, const QcStripeEvent *last, QcSubscription *out)
{
	List *bills = NIL;
	ListCell *cell;

	foreach (cell, events)
	{
		QcStripeEvent *event = lfirst(cell);

		if ((event->kind == QC_STRIPE_FAILED || event->kind == QC_STRIPE_PAID) &&
			is_news(event, last))
			bills = lappend(bills, event);
	}
	list_sort(bills, compare_bills);
	foreach (cell, bills)
	{
		QcStripeEvent *bill = lfirst(cell);

		out->state = qc_subscription_next(out->state, bill->kind == QC_STRIPE_FAILED
														  ? QC_SUB_PAYMENT_FAILED
														  : QC_SUB_PAID);
		out->folded_event = bill->id;
		out->folded_at = bill->created;
	}
}

bool
qc_stripe_fold(List *events, List *plans, TimestampTz now, QcSubscription *out)
{
	PlanState state = {0};
	int n;
	QcStripeEvent **ordered = order_states(events, plans, &n);
	QcStripeEvent *last;

	if (n == 0)
		return false;
	for (int i = 0; i < n; i++)
		apply_plan(&state, ordered[i], qc_stripe_plan_of(ordered[i], plans));
	start_pending(&state, now);
	last = ordered[n - 1];
	*out = last->is;
	out->plan_id = state.plan->id;
	out->pending_plan_id = state.pending ? state.pending->id : 0;
	out->folded_event = last->id;
	out->folded_at = last->created;
	apply_bills(events, last, out);
	return true;
}
