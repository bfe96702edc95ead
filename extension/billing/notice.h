/*
 * extension/billing/notice.h
 *		What a shop is told about its subscription, each thing once.
 *
 * A notice is known by shop, kind, object and version; telling it again is a no-op.
 * Mails and events are rows of the outbox, in the transaction that causes them.
 */
#ifndef QC_BILLING_NOTICE_H
#define QC_BILLING_NOTICE_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "extension/billing/subscription_shown.h"

/* mail.subscription_confirmation, once per contract. */
extern void qc_notice_subscription_started(int64 shop_id, const char *contract,
										   TimestampTz trial_ends_at);

/* mail.payment_failed, once per invoice and attempt; amount in minor units. */
extern void qc_notice_payment_failed(int64 shop_id, const char *invoice, int32 attempt,
									 int64 amount, const char *currency,
									 TimestampTz next_attempt_at);

/* mail.trial_ending, once per contract and end of trial; no-op when that is past. */
extern void qc_notice_trial_ending(int64 shop_id, const char *contract,
								   TimestampTz trial_ends_at);

/* mail.payment_succeeded, once per invoice; none about nothing.  url: of the invoice. */
extern void qc_notice_payment_succeeded(int64 shop_id, const char *invoice,
										int64 amount, const char *currency,
										const char *url);

/*
 * mail.subscription_upgraded, mail.downgrade_scheduled or mail.subscription_canceled, as
 * the shop's row now says against before; each once per contract, plan and period.
 */
extern void qc_notice_subscription_moved(int64 shop_id, const char *contract,
										 const QcShownSubscription *before);

/* mail.usage_report, once per month (its first day, as YYYY-MM-DD). */
extern void qc_notice_usage_report(int64 shop_id, const char *month);

/* Event subscription.changed: what it was, and what the shop's row says it is. */
extern void qc_notice_subscription_changed(int64 shop_id, const char *status_before,
										   int64 plan_before);

#endif /* QC_BILLING_NOTICE_H */
