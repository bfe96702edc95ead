/*
 * extension/billing/quota_entry.h
 *		The escrow's entries in shared memory: finding, pinning, evicting them.
 *
 * An entry is pinned by each transaction that uses it and stays where it is as long as
 * it is pinned.  An idle one may be evicted at any time: it can be counted again.
 */
#ifndef QC_BILLING_QUOTA_ENTRY_H
#define QC_BILLING_QUOTA_ENTRY_H

#include "postgres.h"

#include "port/atomics.h"
#include "storage/lwlock.h"
#include "storage/spin.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "extension/billing/plan.h"

#define QC_QUOTA_NO_PERIOD     DATEVAL_NOBEGIN
#define QC_QUOTA_LIMIT_BUCKETS 1024

typedef struct QcQuotaKey
{
	Oid database;
	int32 metric; /* QcMetric */
	int64 shop_id;
	DateADT period; /* first day of the month, or QC_QUOTA_NO_PERIOD */
	int32 padding;  /* zero: keys are compared as bytes */
} QcQuotaKey;

/* All numbers are in the metric's base unit and guarded by mutex. */
typedef struct QcQuotaEntry
{
	QcQuotaKey key; /* must be first */
	slock_t mutex;
	int32 pins;              /* transactions that use it */
	int64 base;              /* committed rows, as far as known; never too low */
	int64 in_flight;         /* what open transactions hold */
	bool is_uncertain;       /* base may be too high */
	bool has_missed_warning; /* a transaction that wrote a warning was rolled back */
	uint32 drops;            /* grows when base must not be used any more */
	uint32 counted_drops;    /* drops when base was counted; differs = not counted */
	uint64 counted_epoch;    /* qc_quota_epoch() of the metric when base was counted */
	uint32 counts_begun;
	uint32 counts_done; /* the number of the last count that was finished */
	int64 since;        /* committed since the running count began */
	bool had_decrease;  /* a decrease was committed since then */
	int64 limit;
	uint64 limit_generation; /* 0 = not read yet */
	TimestampTz valid_until; /* when the limit changes by itself */
} QcQuotaEntry;

extern void qc_quota_entry_init(void);

/*
 * Find or make the entry and pin it; raises when shared memory is full.  The pin goes
 * when the transaction's use of the entry is settled.
 */
extern QcQuotaEntry *qc_quota_entry_pin(const QcQuotaKey *key);

/* The keys of this database's entries now; shop_id 0 = of all shops.  palloc'd. */
extern QcQuotaKey *qc_quota_entry_keys(int64 shop_id, int *n);

/* May base be compared with a limit?  The caller holds the mutex. */
extern bool qc_quota_entry_is_counted(const QcQuotaEntry *entry);

/* Count before base is used again. */
extern void qc_quota_entry_drop(QcQuotaEntry *entry);

/* A metric's epoch: entries counted in an older one are not counted. */
extern uint64 qc_quota_epoch(QcMetric metric);
extern void qc_quota_epoch_advance(QcMetric metric);

/* Generations of limits, by a hash of the shop; shop_id 0 = all shops. */
extern uint64 qc_quota_limit_generation(int64 shop_id);
extern void qc_quota_limit_generation_advance(int64 shop_id);

#endif /* QC_BILLING_QUOTA_ENTRY_H */
