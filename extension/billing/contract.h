/*
 * extension/billing/contract.h
 *		What an operator does to a shop's contract, and whose contract it is.
 */
#ifndef QC_BILLING_CONTRACT_H
#define QC_BILLING_CONTRACT_H

#include "postgres.h"

#include "extension/billing/subscription.h"

/* A contract without Stripe that begins now: active, of no plan yet. */
extern void qc_contract_begin(QcSubscription *contract, int64 shop_id);

/* The live contract, Stripe's or not, as it stands; false when the shop has none. */
extern bool qc_contract_load(int64 shop_id, QcSubscription *contract);

/*
 * Put a contract on a plan that is on offer, or that it is on; NULL when it may, else
 * a sentence.  Raises not_found when there is no such plan.
 */
extern const char *qc_contract_choose(QcSubscription *contract, const char *slug);

/*
 * The one place that knows what cannot be done to a contract from here: it is Stripe's
 * when Stripe has an id for it, and no command can be sent there.  Raises conflict.
 */
extern void qc_contract_need_ours(const QcSubscription *contract);

/* End a contract of ours at that time: the shop is on Free.  As qc_subscription_put. */
extern bool qc_contract_end(QcSubscription *contract, TimestampTz at,
							const char *cause);

/*
 * The operator's actions.  Each locks the shop; raises not_found for an unknown shop,
 * conflict for a contract of Stripe's, state_change_refused where there is nothing to
 * do it to.  Returns the contract as it is then.
 */
extern QcSubscription qc_contract_cancel(int64 shop_id, bool at_once,
										 const char *cause);
extern QcSubscription qc_contract_change_plan(int64 shop_id, const char *slug,
											  bool at_once, const char *cause);
extern QcSubscription qc_contract_extend_trial(int64 shop_id, int32 days,
											   const char *cause);

#endif /* QC_BILLING_CONTRACT_H */
