/*
 * extension/outbox/slot.c
 *		Which half of the outbox new messages go to: one number in shared memory.
 *
 * It is a hint.  A crash sets it to 0, and a message may be written to the half that
 * was current a moment ago: whoever empties a half looks for such messages under a
 * lock that their transactions would hold.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"

#include "extension/outbox/slot.h"

static pg_atomic_uint32 *current = NULL;
static shmem_request_hook_type next_request = NULL;
static shmem_startup_hook_type next_startup = NULL;

static void
request(void)
{
	if (next_request)
		next_request();
	RequestAddinShmemSpace(MAXALIGN(sizeof(*current)));
}

static void
startup(void)
{
	bool found;

	if (next_startup)
		next_startup();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	current = ShmemInitStruct("qutecart outbox", sizeof(*current), &found);
	if (!found)
		pg_atomic_init_u32(current, 0);
	LWLockRelease(AddinShmemInitLock);
}

void
qc_slot_init(void)
{
	next_request = shmem_request_hook;
	shmem_request_hook = request;
	next_startup = shmem_startup_hook;
	shmem_startup_hook = startup;
}

int16
qc_slot_current(void)
{
	return (int16) pg_atomic_read_u32(current);
}

void
qc_slot_set_current(int16 slot)
{
	Assert(slot >= 0 && slot < QC_SLOT_COUNT);
	pg_atomic_write_u32(current, slot);
}
