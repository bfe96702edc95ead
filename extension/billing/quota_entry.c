/*
 * extension/billing/quota_entry.c
 *		The table of entries: a hash of fixed size in shared memory, in partitions.
 *
 * Pins change under the entry's spinlock; a pin is taken while the partition is locked,
 * shared or exclusive, and eviction locks all partitions exclusively.  So an entry
 * without pins that eviction sees is nobody's.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/shmem.h"
#include "utils/hsearch.h"

#include "extension/billing/quota_entry.h"
#include "extension/core/guc.h"

#define PARTITIONS 16
#define TRANCHE    "qutecart_quota"

typedef struct Shared
{
	pg_atomic_uint64 epochs[QC_METRIC_COUNT];
	pg_atomic_uint64 limit_generations[QC_QUOTA_LIMIT_BUCKETS];
} Shared;

static HTAB *entries;
static Shared *shared;
static LWLockPadded *locks;
static shmem_request_hook_type next_request_hook;
static shmem_startup_hook_type next_startup_hook;

static void
request(void)
{
	if (next_request_hook)
		next_request_hook();
	RequestAddinShmemSpace(MAXALIGN(sizeof(Shared)));
	RequestAddinShmemSpace(
		hash_estimate_size(qc_guc_quota_entries, sizeof(QcQuotaEntry)));
	RequestNamedLWLockTranche(TRANCHE, PARTITIONS);
}

static void
start(void)
{
	HASHCTL info = {.keysize = sizeof(QcQuotaKey),
					.entrysize = sizeof(QcQuotaEntry),
					.num_partitions = PARTITIONS};
	bool found;

	if (next_startup_hook)
		next_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	shared = ShmemInitStruct("qutecart quota", sizeof(Shared), &found);
	if (!found)
	{
		for (int i = 0; i < QC_METRIC_COUNT; i++)
			pg_atomic_init_u64(&shared->epochs[i], 1);
		for (int i = 0; i < QC_QUOTA_LIMIT_BUCKETS; i++)
			pg_atomic_init_u64(&shared->limit_generations[i], 1);
	}
	entries = ShmemInitHash("qutecart quota entries", qc_guc_quota_entries,
							qc_guc_quota_entries, &info,
							HASH_ELEM | HASH_BLOBS | HASH_PARTITION | HASH_FIXED_SIZE);
	locks = GetNamedLWLockTranche(TRANCHE);
	LWLockRelease(AddinShmemInitLock);
}

void
qc_quota_entry_init(void)
{
	next_request_hook = shmem_request_hook;
	shmem_request_hook = request;
	next_startup_hook = shmem_startup_hook;
	shmem_startup_hook = start;
}

static LWLock *
partition_lock(uint32 hash)
{
	return &locks[hash % PARTITIONS].lock;
}

static void
pin(QcQuotaEntry *entry)
{
	SpinLockAcquire(&entry->mutex);
	entry->pins++;
	SpinLockRelease(&entry->mutex);
}

static void
initialize(QcQuotaEntry *entry)
{
	QcQuotaKey key = entry->key;

	memset(entry, 0, sizeof(*entry));
	entry->key = key;
	entry->drops = 1;
	entry->limit = QC_UNLIMITED;
	entry->valid_until = DT_NOEND;
	SpinLockInit(&entry->mutex);
}

/* Remove the entries that nobody uses; all of them, for that is the cheapest choice. */
static void
evict(void)
{
	HASH_SEQ_STATUS scan;
	QcQuotaEntry *entry;

	for (int i = 0; i < PARTITIONS; i++)
		LWLockAcquire(&locks[i].lock, LW_EXCLUSIVE);
	hash_seq_init(&scan, entries);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		bool is_idle;

		SpinLockAcquire(&entry->mutex);
		is_idle = entry->pins == 0;
		SpinLockRelease(&entry->mutex);
		if (is_idle)
			(void) hash_search(entries, &entry->key, HASH_REMOVE, NULL);
	}
	for (int i = PARTITIONS - 1; i >= 0; i--)
		LWLockRelease(&locks[i].lock);
}

static QcQuotaEntry *
pin_existing(const QcQuotaKey *key)
{
	uint32 hash = get_hash_value(entries, key);
	LWLock *lock = partition_lock(hash);
	QcQuotaEntry *entry;

	LWLockAcquire(lock, LW_SHARED);
	entry = hash_search_with_hash_value(entries, key, hash, HASH_FIND, NULL);
	if (entry != NULL)
		pin(entry);
	LWLockRelease(lock);
	return entry;
}

static QcQuotaEntry *
pin_new(const QcQuotaKey *key)
{
	uint32 hash = get_hash_value(entries, key);
	LWLock *lock = partition_lock(hash);
	QcQuotaEntry *entry;
	bool found;

	LWLockAcquire(lock, LW_EXCLUSIVE);
	entry = hash_search_with_hash_value(entries, key, hash, HASH_ENTER_NULL, &found);
	if (entry != NULL)
	{
		if (!found)
			initialize(entry);
		pin(entry);
	}
	LWLockRelease(lock);
	return entry;
}

QcQuotaEntry *
qc_quota_entry_pin(const QcQuotaKey *key)
{
	QcQuotaEntry *entry = pin_existing(key);

	if (entry == NULL)
		entry = pin_new(key);
	if (entry == NULL)
	{
		evict();
		entry = pin_new(key);
	}
	if (entry == NULL)
		ereport(ERROR, errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				errmsg("open transactions use all %d counters of shops",
					   qc_guc_quota_entries),
				errhint("Raise qutecart.quota_entries, or write for fewer shops in one "
						"transaction."));
	return entry;
}

/* Copy the keys of this database's entries, as many as there is room for. */
static int
copy_keys(int64 shop_id, QcQuotaKey *keys, int room)
{
	HASH_SEQ_STATUS scan;
	QcQuotaEntry *entry;
	int n = 0;

	for (int i = 0; i < PARTITIONS; i++)
		LWLockAcquire(&locks[i].lock, LW_SHARED);
	hash_seq_init(&scan, entries);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (entry->key.database == MyDatabaseId &&
			(shop_id == 0 || entry->key.shop_id == shop_id) && n < room)
			keys[n++] = entry->key;
	for (int i = PARTITIONS - 1; i >= 0; i--)
		LWLockRelease(&locks[i].lock);
	return n;
}

QcQuotaKey *
qc_quota_entry_keys(int64 shop_id, int *n)
{
	int room = hash_get_num_entries(entries) + 64;
	QcQuotaKey *keys = palloc(sizeof(QcQuotaKey) * room);

	*n = copy_keys(shop_id, keys, room);
	return keys;
}

bool
qc_quota_entry_is_counted(const QcQuotaEntry *entry)
{
	return entry->counted_drops == entry->drops &&
		   entry->counted_epoch == qc_quota_epoch(entry->key.metric);
}

void
qc_quota_entry_drop(QcQuotaEntry *entry)
{
	SpinLockAcquire(&entry->mutex);
	entry->drops++;
	SpinLockRelease(&entry->mutex);
}

uint64
qc_quota_epoch(QcMetric metric)
{
	return pg_atomic_read_u64(&shared->epochs[metric]);
}

void
qc_quota_epoch_advance(QcMetric metric)
{
	(void) pg_atomic_fetch_add_u64(&shared->epochs[metric], 1);
}

static uint32
limit_bucket(int64 shop_id)
{
	return murmurhash32((uint32) shop_id ^ (uint32) (shop_id >> 32)) %
		   QC_QUOTA_LIMIT_BUCKETS;
}

uint64
qc_quota_limit_generation(int64 shop_id)
{
	return pg_atomic_read_u64(&shared->limit_generations[limit_bucket(shop_id)]);
}

void
qc_quota_limit_generation_advance(int64 shop_id)
{
	uint32 first = shop_id == 0 ? 0 : limit_bucket(shop_id);
	uint32 last = shop_id == 0 ? QC_QUOTA_LIMIT_BUCKETS - 1 : first;

	for (uint32 i = first; i <= last; i++)
		(void) pg_atomic_fetch_add_u64(&shared->limit_generations[i], 1);
}
