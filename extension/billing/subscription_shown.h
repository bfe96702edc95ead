/*
 * extension/billing/subscription_shown.h
 *		What a shop shows of its subscription, and what follows when that changes.
 *
 * For the files that change subscriptions; everybody else calls them.
 */
#ifndef QC_BILLING_SUBSCRIPTION_SHOWN_H
#define QC_BILLING_SUBSCRIPTION_SHOWN_H

#include "postgres.h"

#include "datatype/timestamp.h"

typedef struct QcShownSubscription
{
	char *status;
	int64 plan_id;
	int64 pending_plan_id;
	bool cancels;
	bool is_entitled; /* to a subdomain */
	char *mrr;        /* what it pays a month, as the history counts it */
	char *currency;   /* of that */
} QcShownSubscription;

/* Between qc_db_begin and qc_db_end: what the shop shows at that time. */
extern QcShownSubscription qc_subscription_shown(int64 shop_id, TimestampTz at);

/*
 * Compare with what was shown before and do what follows: the subdomain, the history,
 * the audit log, the messages.  object: the contract as the log names it; contract_id
 * 0 = none.  Returns whether anything shown has changed.
 */
extern bool qc_subscription_follow(int64 shop_id, int64 contract_id, const char *object,
								   const QcShownSubscription *before, const char *cause,
								   TimestampTz at);

/* A line of the audit log about a subscription; before and after may be the same. */
extern void qc_subscription_log(int64 shop_id, const char *object,
								const QcShownSubscription *before,
								const QcShownSubscription *after, const char *cause);

/* Let a contract be on another plan from now on, because its time has come. */
extern void qc_subscription_move(int64 shop_id, int64 contract_id, int64 plan_id);

#endif /* QC_BILLING_SUBSCRIPTION_SHOWN_H */
