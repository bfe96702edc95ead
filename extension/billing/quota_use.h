/*
 * extension/billing/quota_use.h
 *		What the running transaction has taken of each entry, and what a savepoint's
 *		rollback restores.
 */
#ifndef QC_BILLING_QUOTA_USE_H
#define QC_BILLING_QUOTA_USE_H

#include "postgres.h"

#include "extension/billing/quota_entry.h"

struct QcQuotaMark;

typedef struct QcQuotaUse
{
	QcQuotaKey key;      /* must be first */
	QcQuotaEntry *entry; /* pinned until the end of the transaction */
	struct QcQuotaUse *next;
	struct QcQuotaMark *mark; /* newest state to go back to */
	int64 net;      /* units of this transaction's rows; below 0: gives back */
	int64 reserved; /* what others see of it: the highest net so far, never below 0 */
	uint32 counts_done; /* no count of others was finished while the entry has this */
	bool wrote_warning;
	bool must_drop_at_end; /* rows came in uncounted */
	uint64 own_limit_of;   /* own limit changes when own_limit was read; 0 = never */
	int64 own_limit;       /* as this transaction's uncommitted changes make it */
} QcQuotaUse;

/* An entry's numbers at one instant, with this transaction's part. */
typedef struct QcQuotaView
{
	bool is_counted;
	bool is_uncertain;
	bool has_missed_warning;
	uint32 counts_begun;
	int64 total; /* all rows, committed and in flight, with the own net */
	int64 limit;
	uint64 limit_generation;
	TimestampTz valid_until;
} QcQuotaView;

extern void qc_quota_use_init(void);

/* This transaction's use of an entry; pins the entry at the first call. */
extern QcQuotaUse *qc_quota_use(const QcQuotaKey *key);

/* Change the own net, upwards or downwards, and look at the entry in the same instant. */
extern void qc_quota_use_change(QcQuotaUse *use, int64 amount, QcQuotaView *view);
extern void qc_quota_use_view(QcQuotaUse *use, QcQuotaView *view);

/* A warning was written in this transaction. */
extern void qc_quota_use_note_warning(QcQuotaUse *use);

/* Is a warning missed, because who wrote it was rolled back?  It is this use's now. */
extern bool qc_quota_use_claim_missed_warning(QcQuotaUse *use);

/* The rows of a metric, own ones included, are gone in this transaction. */
extern void qc_quota_use_empty(QcMetric metric);

#endif /* QC_BILLING_QUOTA_USE_H */
