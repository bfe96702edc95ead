/*
 * extension/billing/subscription_states.c
 *		What a subscription may become: one table of from, event, to.
 */
#include "postgres.h"

#include "extension/billing/subscription.h"

static const char *const state_names[QC_SUB_STATE_COUNT] = {
	[QC_SUB_NONE] = "free",
	[QC_SUB_INCOMPLETE] = "incomplete",
	[QC_SUB_INCOMPLETE_EXPIRED] = "incomplete_expired",
	[QC_SUB_TRIALING] = "trialing",
	[QC_SUB_ACTIVE] = "active",
	[QC_SUB_PAST_DUE] = "past_due",
	[QC_SUB_UNPAID] = "unpaid",
	[QC_SUB_PAUSED] = "paused",
	[QC_SUB_CANCELED] = "canceled",
};

/*
 * All that can happen.  An event may be the first we hear of after several steps, so
 * what Stripe reports may skip states; but nothing comes back from the end, and
 * nothing returns to "incomplete".
 */
static const struct
{
	QcSubState from;
	QcSubEvent event;
	QcSubState to;
} transitions[] = {
	{QC_SUB_NONE, QC_SUB_FIRST_SEEN, QC_SUB_INCOMPLETE},
	{QC_SUB_NONE, QC_SUB_FIRST_SEEN, QC_SUB_INCOMPLETE_EXPIRED},
	{QC_SUB_NONE, QC_SUB_FIRST_SEEN, QC_SUB_TRIALING},
	{QC_SUB_NONE, QC_SUB_FIRST_SEEN, QC_SUB_ACTIVE},
	{QC_SUB_NONE, QC_SUB_FIRST_SEEN, QC_SUB_PAST_DUE},
	{QC_SUB_NONE, QC_SUB_FIRST_SEEN, QC_SUB_UNPAID},
	{QC_SUB_NONE, QC_SUB_FIRST_SEEN, QC_SUB_PAUSED},
	{QC_SUB_NONE, QC_SUB_FIRST_SEEN, QC_SUB_CANCELED},
	{QC_SUB_INCOMPLETE, QC_SUB_REPORTED, QC_SUB_INCOMPLETE_EXPIRED},
	{QC_SUB_INCOMPLETE, QC_SUB_REPORTED, QC_SUB_TRIALING},
	{QC_SUB_INCOMPLETE, QC_SUB_REPORTED, QC_SUB_ACTIVE},
	{QC_SUB_INCOMPLETE, QC_SUB_REPORTED, QC_SUB_PAST_DUE},
	{QC_SUB_INCOMPLETE, QC_SUB_REPORTED, QC_SUB_UNPAID},
	{QC_SUB_INCOMPLETE, QC_SUB_REPORTED, QC_SUB_PAUSED},
	{QC_SUB_INCOMPLETE, QC_SUB_REPORTED, QC_SUB_CANCELED},
	{QC_SUB_INCOMPLETE, QC_SUB_PAID, QC_SUB_ACTIVE},
	{QC_SUB_INCOMPLETE_EXPIRED, QC_SUB_REPORTED, QC_SUB_CANCELED},
	{QC_SUB_TRIALING, QC_SUB_REPORTED, QC_SUB_ACTIVE},
	{QC_SUB_TRIALING, QC_SUB_REPORTED, QC_SUB_PAST_DUE},
	{QC_SUB_TRIALING, QC_SUB_REPORTED, QC_SUB_UNPAID},
	{QC_SUB_TRIALING, QC_SUB_REPORTED, QC_SUB_PAUSED},
	{QC_SUB_TRIALING, QC_SUB_REPORTED, QC_SUB_CANCELED},
	{QC_SUB_TRIALING, QC_SUB_PAYMENT_FAILED, QC_SUB_PAST_DUE},
	{QC_SUB_ACTIVE, QC_SUB_REPORTED, QC_SUB_TRIALING},
	{QC_SUB_ACTIVE, QC_SUB_REPORTED, QC_SUB_PAST_DUE},
	{QC_SUB_ACTIVE, QC_SUB_REPORTED, QC_SUB_UNPAID},
	{QC_SUB_ACTIVE, QC_SUB_REPORTED, QC_SUB_PAUSED},
	{QC_SUB_ACTIVE, QC_SUB_REPORTED, QC_SUB_CANCELED},
	{QC_SUB_ACTIVE, QC_SUB_PAYMENT_FAILED, QC_SUB_PAST_DUE},
	{QC_SUB_PAST_DUE, QC_SUB_REPORTED, QC_SUB_TRIALING},
	{QC_SUB_PAST_DUE, QC_SUB_REPORTED, QC_SUB_ACTIVE},
	{QC_SUB_PAST_DUE, QC_SUB_REPORTED, QC_SUB_UNPAID},
	{QC_SUB_PAST_DUE, QC_SUB_REPORTED, QC_SUB_PAUSED},
	{QC_SUB_PAST_DUE, QC_SUB_REPORTED, QC_SUB_CANCELED},
	{QC_SUB_PAST_DUE, QC_SUB_PAID, QC_SUB_ACTIVE},
	{QC_SUB_UNPAID, QC_SUB_REPORTED, QC_SUB_TRIALING},
	{QC_SUB_UNPAID, QC_SUB_REPORTED, QC_SUB_ACTIVE},
	{QC_SUB_UNPAID, QC_SUB_REPORTED, QC_SUB_PAST_DUE},
	{QC_SUB_UNPAID, QC_SUB_REPORTED, QC_SUB_PAUSED},
	{QC_SUB_UNPAID, QC_SUB_REPORTED, QC_SUB_CANCELED},
	{QC_SUB_UNPAID, QC_SUB_PAID, QC_SUB_ACTIVE},
	{QC_SUB_PAUSED, QC_SUB_REPORTED, QC_SUB_TRIALING},
	{QC_SUB_PAUSED, QC_SUB_REPORTED, QC_SUB_ACTIVE},
	{QC_SUB_PAUSED, QC_SUB_REPORTED, QC_SUB_PAST_DUE},
	{QC_SUB_PAUSED, QC_SUB_REPORTED, QC_SUB_UNPAID},
	{QC_SUB_PAUSED, QC_SUB_REPORTED, QC_SUB_CANCELED},
};

const char *
qc_subscription_state_name(QcSubState state)
{
	Assert(state < QC_SUB_STATE_COUNT);
	return state_names[state];
}

QcSubState
qc_subscription_state(const char *name)
{
	for (int i = 0; i < QC_SUB_STATE_COUNT; i++)
		if (strcmp(state_names[i], name) == 0)
			return (QcSubState) i;
	return QC_SUB_STATE_COUNT;
}

bool
qc_subscription_is_live(QcSubState state)
{
	return state != QC_SUB_NONE && state != QC_SUB_INCOMPLETE_EXPIRED &&
		   state != QC_SUB_CANCELED;
}

bool
qc_subscription_may_become(QcSubState from, QcSubEvent event, QcSubState to)
{
	for (int i = 0; i < lengthof(transitions); i++)
		if (transitions[i].from == from && transitions[i].event == event &&
			transitions[i].to == to)
			return true;
	return false;
}

QcSubState
qc_subscription_next(QcSubState from, QcSubEvent event)
{
	for (int i = 0; i < lengthof(transitions); i++)
		if (transitions[i].from == from && transitions[i].event == event)
			return transitions[i].to;
	return from;
}
