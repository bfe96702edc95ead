/*
 * extension/tenant/attempts.c
 *		How often somebody has guessed, counted outside of transactions.
 *
 * A row would be rolled back with the transaction that guessed, and a SQL client rolls
 * back as he likes; so the counters live in shared memory, start empty with the server,
 * and are counted up before the guess is looked at.  They are found by a keyed hash, in
 * sets of a few places; when all places of a set are in use, nobody new may guess.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/timestamp.h"

#include "extension/core/crypto.h"
#include "extension/tenant/attempts.h"

#define TRANCHE "qutecart_attempts"
#define SETS    1024
#define PLACES  8
#define KEY_LEN 32

typedef struct Counter
{
	uint64 whom; /* keyed hash of what and whose; 0 = free */
	TimestampTz until;
	int taken;
} Counter;

typedef struct Counters
{
	LWLock *lock;
	uint8 key[KEY_LEN];
	Counter sets[SETS][PLACES];
} Counters;

static shmem_request_hook_type next_request_hook;
static shmem_startup_hook_type next_startup_hook;
static Counters *counters;

static void
request(void)
{
	if (next_request_hook)
		next_request_hook();
	RequestAddinShmemSpace(sizeof(Counters));
	RequestNamedLWLockTranche(TRANCHE, 1);
}

static void
start(void)
{
	bool found;

	if (next_startup_hook)
		next_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	counters = ShmemInitStruct("qutecart attempts", sizeof(Counters), &found);
	if (!found)
	{
		memset(counters, 0, sizeof(Counters));
		counters->lock = &GetNamedLWLockTranche(TRANCHE)->lock;
		qc_crypto_random(counters->key, KEY_LEN);
	}
	LWLockRelease(AddinShmemInitLock);
}

void
qc_attempts_init(void)
{
	next_request_hook = shmem_request_hook;
	shmem_request_hook = request;
	next_startup_hook = shmem_startup_hook;
	shmem_startup_hook = start;
}

static uint64
hash_of(const char *what, const char *whose)
{
	char *text = psprintf("%s/%s", what, whose);
	uint8 digest[QC_SHA256_LEN];
	uint64 hash;

	qc_crypto_hmac_sha256(counters->key, KEY_LEN, text, strlen(text), digest);
	memcpy(&hash, digest, sizeof(hash));
	return hash ? hash : 1;
}

/* The live counter of somebody, else a free place, else NULL.  Under the lock. */
static Counter *
find(uint64 whom)
{
	Counter *set = counters->sets[whom % SETS];
	TimestampTz now = GetCurrentTimestamp();
	Counter *unused = NULL;

	for (int i = 0; i < PLACES; i++)
	{
		if (set[i].whom != 0 && set[i].until <= now)
			set[i].whom = 0;
		if (set[i].whom == whom)
			return &set[i];
		if (set[i].whom == 0)
			unused = &set[i];
	}
	return unused;
}

bool
qc_attempts_take(const char *what, const char *whose, int most, int seconds)
{
	uint64 whom = hash_of(what, whose);
	Counter *counter;
	bool taken = false;

	LWLockAcquire(counters->lock, LW_EXCLUSIVE);
	counter = find(whom);
	if (counter != NULL && counter->whom == 0)
		*counter = (Counter){.whom = whom,
							 .until = TimestampTzPlusMilliseconds(
								 GetCurrentTimestamp(), seconds * INT64CONST(1000))};
	if (counter != NULL && counter->taken < most)
	{
		counter->taken++;
		taken = true;
	}
	LWLockRelease(counters->lock);
	return taken;
}

bool
qc_attempts_are_left(const char *what, const char *whose, int most)
{
	uint64 whom = hash_of(what, whose);
	Counter *counter;
	bool are_left;

	LWLockAcquire(counters->lock, LW_EXCLUSIVE);
	counter = find(whom);
	are_left = counter != NULL && (counter->whom == 0 || counter->taken < most);
	LWLockRelease(counters->lock);
	return are_left;
}

void
qc_attempts_forget(const char *what, const char *whose)
{
	uint64 whom = hash_of(what, whose);
	Counter *counter;

	LWLockAcquire(counters->lock, LW_EXCLUSIVE);
	counter = find(whom);
	if (counter != NULL)
		counter->whom = 0;
	LWLockRelease(counters->lock);
}
