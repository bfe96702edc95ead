/*
 * extension/billing/quota.h
 *		Units of a plan's limits, taken in the transaction that makes the rows.
 *
 * The rows are the truth.  The escrow in shared memory only knows, per shop, metric and
 * period, an upper bound of them: base (rows committed when they were last counted, and
 * since) and in flight (what open transactions may add).  Called by triggers and by the
 * operator's functions, never by request handlers: a row cannot come in uncounted.
 *
 * The protocol, and why base + in flight is never too low:
 *	- Taking adds to in flight first, then compares.  Over the limit, the rows are counted
 *	  anew before anything is refused; base may be too high, but a refusal never rests on it.
 *	- A count reads in flight before it takes its snapshot.  A transaction is in flight
 *	  until after its commit is visible, so the count sees it in one of them or in both.
 *	  What commits while the count runs is added to its result.
 *	- The snapshot of a count is new at every isolation level and shows nothing of the own
 *	  transaction, whose rows are in flight.
 *	- Commit moves a transaction's net from in flight to base.  A decrease counts at commit
 *	  only, and not when a count was finished since the rows were deleted: it may have seen
 *	  that already.  Then base is marked uncertain, i.e. an upper bound only.
 *	- A transaction's own decreases make room for its own increases at once.  What it holds
 *	  for others to see is the highest net it had, so that a rollback to any of its
 *	  savepoints finds its units still there.
 *	- A prepared transaction leaves in flight and enters base; a count finds its undecided
 *	  rows in the table, also after a restart.
 *	- An unlimited shop's rows are noted in flight, without counting and waiting, so that
 *	  they are known when it gets a limit.
 *
 * Locks, in this order: the entry's heavyweight lock (one count of an entry at a time;
 * released when it is done), the partition's LWLock (finding, making, evicting entries),
 * the entry's spinlock (its numbers).  No lock is held between two statements.
 */
#ifndef QC_BILLING_QUOTA_H
#define QC_BILLING_QUOTA_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "extension/billing/plan.h"

extern void qc_quota_init(void);

/*
 * Take units for rows that were just made; raises plan_limit_reached when the plan does
 * not allow them.  at: when an order was made, which chooses its month; else ignored.
 */
extern void qc_quota_take(int64 shop_id, QcMetric metric, int64 amount, TimestampTz at);

/* Give units back at commit: rows are gone. */
extern void qc_quota_give_back(int64 shop_id, QcMetric metric, int64 amount,
							   TimestampTz at);

/* All rows of a metric are gone (TRUNCATE). */
extern void qc_quota_empty(QcMetric metric);

/* A plan or a shop's plan was changed; shop_id 0 = any shop.  Counts at commit. */
extern void qc_quota_limits_changed(int64 shop_id);

/* The first day of the month (UTC) of a time. */
extern DateADT qc_quota_month(TimestampTz at);

#endif /* QC_BILLING_QUOTA_H */
