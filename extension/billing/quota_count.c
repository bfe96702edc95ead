/*
 * extension/billing/quota_count.c
 *		One count of an entry at a time; who needs it waits and looks again.
 *
 * The heavyweight lock is of an advisory class that no SQL function reaches.  Entries
 * whose keys hash alike share it, which costs a wait and nothing else.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"

#include "extension/billing/quota_count.h"
#include "extension/billing/quota_rows.h"

#define LOCK_CLASS 0x5143

/* An audit looks again while a commit is on its way to the entry. */
#define AUDIT_ROUNDS   200
#define AUDIT_PAUSE_US 1000

/* What was read before the snapshot. */
typedef struct Beginning
{
	uint32 number; /* of this count */
	uint32 drops;
	uint64 epoch;
} Beginning;

static void
lock_tag(const QcQuotaKey *key, LOCKTAG *tag)
{
	uint64 hash = hash_bytes_extended((const unsigned char *) key, sizeof(*key), 0);

	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, (uint32) (hash >> 32), (uint32) hash,
						 LOCK_CLASS);
}

/* Was a count done that began after the caller's look?  An uncounted entry needs one. */
static bool
is_done_meanwhile(QcQuotaEntry *entry, uint32 seen_begun)
{
	bool is_done;

	if (seen_begun == QC_QUOTA_COUNT_ALWAYS)
		return false;
	SpinLockAcquire(&entry->mutex);
	is_done = qc_quota_entry_is_counted(entry) && entry->counts_done > seen_begun;
	SpinLockRelease(&entry->mutex);
	return is_done;
}

static Beginning
begin(QcQuotaEntry *entry)
{
	Beginning beginning;

	beginning.epoch = qc_quota_epoch(entry->key.metric);
	SpinLockAcquire(&entry->mutex);
	beginning.number = ++entry->counts_begun;
	beginning.drops = entry->drops;
	entry->since = 0;
	entry->had_decrease = false;
	SpinLockRelease(&entry->mutex);
	return beginning;
}

/*
 * in_flight stays as it is: it never stopped covering the open transactions.  The own
 * count cannot have seen the own commit, so the own use goes on as if it were not.
 */
static void
finish(QcQuotaEntry *entry, QcQuotaUse *use, const Beginning *beginning, int64 count)
{
	SpinLockAcquire(&entry->mutex);
	if (use != NULL && use->counts_done == entry->counts_done)
		use->counts_done = beginning->number;
	entry->base = count + entry->since;
	entry->is_uncertain = entry->since != 0 || entry->had_decrease;
	entry->counts_done = beginning->number;
	entry->counted_drops = beginning->drops;
	entry->counted_epoch = beginning->epoch;
	SpinLockRelease(&entry->mutex);
}

static void
mark_uncertain(QcQuotaEntry *entry)
{
	SpinLockAcquire(&entry->mutex);
	entry->is_uncertain = true;
	SpinLockRelease(&entry->mutex);
}

static void
count_locked(QcQuotaEntry *entry, QcQuotaUse *use)
{
	Beginning beginning = begin(entry);
	int64 undecided = qc_quota_count_prepared(&entry->key);
	int64 committed = qc_quota_count_committed(&entry->key);

	finish(entry, use, &beginning, committed + undecided);
	if (undecided != 0)
		mark_uncertain(entry);
}

void
qc_quota_count(QcQuotaEntry *entry, QcQuotaUse *use, uint32 seen_begun)
{
	LOCKTAG tag;

	lock_tag(&entry->key, &tag);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
	if (!is_done_meanwhile(entry, seen_begun))
		count_locked(entry, use);
	LockRelease(&tag, ExclusiveLock, false);
}

/* Compare once.  is_right is false also when a commit came in between. */
static QcQuotaAudit
audit_once(QcQuotaEntry *entry)
{
	QcQuotaAudit audit = {0};
	int64 base;
	bool is_uncertain;
	bool is_counted;

	SpinLockAcquire(&entry->mutex);
	base = entry->base;
	is_uncertain = entry->is_uncertain;
	is_counted = qc_quota_entry_is_counted(entry);
	SpinLockRelease(&entry->mutex);
	audit.counted = qc_quota_count_committed(&entry->key);
	audit.held = base;
	audit.is_right =
		!is_counted || base == audit.counted || (is_uncertain && base > audit.counted);
	return audit;
}

/*
 * A transaction reaches the entry a moment after its commit is visible, so a difference
 * counts only when it stays.  An entry that is not counted, or an uncertain one that is
 * too high, claims nothing: it is counted before anything is refused.
 */
QcQuotaAudit
qc_quota_audit(QcQuotaEntry *entry)
{
	QcQuotaAudit audit = audit_once(entry);

	for (int i = 0; i < AUDIT_ROUNDS && !audit.is_right; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pg_usleep(AUDIT_PAUSE_US);
		audit = audit_once(entry);
	}
	return audit;
}
