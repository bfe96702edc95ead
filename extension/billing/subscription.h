/*
 * extension/billing/subscription.h
 *		What a subscription may become, and the one function that makes it so.
 */
#ifndef QC_BILLING_SUBSCRIPTION_H
#define QC_BILLING_SUBSCRIPTION_H

#include "postgres.h"

#include "datatype/timestamp.h"

/* Stripe's eight statuses; QC_SUB_NONE is a contract that does not exist yet. */
typedef enum QcSubState
{
	QC_SUB_NONE,
	QC_SUB_INCOMPLETE,
	QC_SUB_INCOMPLETE_EXPIRED,
	QC_SUB_TRIALING,
	QC_SUB_ACTIVE,
	QC_SUB_PAST_DUE,
	QC_SUB_UNPAID,
	QC_SUB_PAUSED,
	QC_SUB_CANCELED,
	QC_SUB_STATE_COUNT
} QcSubState;

typedef enum QcSubEvent
{
	QC_SUB_FIRST_SEEN,     /* a contract that was not known */
	QC_SUB_REPORTED,       /* Stripe, or the operator, says what it is now */
	QC_SUB_PAYMENT_FAILED, /* an invoice of it was not paid */
	QC_SUB_PAID            /* an invoice of it was paid */
} QcSubEvent;

/* All that is known of a contract.  Times: DT_NOEND = none. */
typedef struct QcSubscription
{
	int64 shop_id;
	QcSubState state;
	int64 plan_id;
	int64 pending_plan_id;   /* follows at period_end; 0 = none */
	const char *stripe_id;   /* NULL = a contract without Stripe */
	const char *customer_id; /* Stripe's, or NULL */
	const char *price_id;    /* Stripe's, or NULL */
	const char *stripe_status;
	int32 quantity;
	int64 unit_amount;    /* minor units of currency; -1 = the plan's price */
	const char *currency; /* upper case; NULL = USD */
	bool is_yearly;
	bool cancels_at_period_end;
	TimestampTz started_at;
	TimestampTz trial_ends_at;
	TimestampTz period_start;
	TimestampTz period_end;
	TimestampTz canceled_at;
	TimestampTz ended_at;
	const char *folded_event; /* the last event that counted, or NULL */
	TimestampTz folded_at;
} QcSubscription;

extern const char *qc_subscription_state_name(QcSubState state);

/* The state of that name, or QC_SUB_STATE_COUNT. */
extern QcSubState qc_subscription_state(const char *name);

/* Trialing, active, past due, unpaid, paused or incomplete: a shop has one at most. */
extern bool qc_subscription_is_live(QcSubState state);

/* May an event lead from one state to the other? */
extern bool qc_subscription_may_become(QcSubState from, QcSubEvent event,
									   QcSubState to);

/* Where an event leads by itself; the state it was in when it leads nowhere. */
extern QcSubState qc_subscription_next(QcSubState from, QcSubEvent event);

/*
 * Make a contract what it is said to be: its row, what the shop shows of it, the
 * shop's subdomain, the audit log and the messages, in this transaction.
 *
 * Locks the shop.  Raises state_change_refused for a change that is not in the table,
 * conflict when the shop has another live contract, not_found for an unknown shop.
 * cause: what made it change, for the audit log.  Returns whether anything changed.
 */
extern bool qc_subscription_put(const QcSubscription *wanted, const char *cause);

/* Has the shop a live contract other than that one of Stripe's? */
extern bool qc_subscription_has_other_live(int64 shop_id, const char *stripe_id);

/* Lock the shop's row; false when there is no such shop. */
extern bool qc_subscription_lock_shop(int64 shop_id);

/*
 * Let time do what it does at that moment: a shop whose grace is over loses its
 * subdomain, a plan that was pending starts, a contract without Stripe ends with its
 * trial or the period that was its last, a comp ends.  Returns how many shops changed.
 */
extern int64 qc_subscription_end_grace(TimestampTz at);
extern int64 qc_subscription_start_pending_plans(TimestampTz at);
extern int64 qc_subscription_end_contracts(TimestampTz at);
extern int64 qc_subscription_end_comps(TimestampTz at);

/* The features of a plan have changed: give its shops their subdomains, or take them. */
extern void qc_subscription_review(int64 plan_id);

/* Is qc_subscription_put() at work for this shop, so that its writes are allowed? */
extern bool qc_subscription_is_changing(int64 shop_id);

#endif /* QC_BILLING_SUBSCRIPTION_H */
