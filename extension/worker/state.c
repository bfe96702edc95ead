/*
 * extension/worker/state.c
 *		What all processes know of the worker: shared memory, no pointers in it.
 *
 * The spinlock guards all fields but the flag, which wakers test without it.  The
 * worker may die at any line: what it leaves behind is a process number whose latch
 * may by then be somebody else's, and setting a latch once too often harms nobody.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "extension/core/compat.h"
#include "extension/worker/state.h"

typedef struct WorkerState
{
	slock_t lock;
	int proc_number; /* index into the array of processes; -1 = none */
	int pid;
	Oid database;
	QcWorkerMode mode;
	bool expects_database;
	uint64 begun;    /* rounds */
	uint64 finished; /* the number of the last round that ended */
	TimestampTz round_at;
	pg_atomic_uint32 is_awake; /* has somebody set the latch since the last round? */
	ConditionVariable round_ended;
} WorkerState;

static const char *const mode_names[] = {
	[QC_WORKER_DOWN] = "down",           [QC_WORKER_NO_DATABASE] = "no_database",
	[QC_WORKER_NO_SCHEMA] = "no_schema", [QC_WORKER_NOT_HOME] = "not_home",
	[QC_WORKER_WORKING] = "working",     [QC_WORKER_RESTARTING] = "restarting",
};

static WorkerState *state = NULL;
static shmem_request_hook_type next_request = NULL;
static shmem_startup_hook_type next_startup = NULL;

static void
request(void)
{
	if (next_request)
		next_request();
	RequestAddinShmemSpace(MAXALIGN(sizeof(WorkerState)));
}

static void
startup(void)
{
	bool found;

	if (next_startup)
		next_startup();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	state = ShmemInitStruct("qutecart worker", sizeof(WorkerState), &found);
	if (!found)
	{
		memset(state, 0, sizeof(*state));
		SpinLockInit(&state->lock);
		state->proc_number = -1;
		state->expects_database = true;
		state->round_at = DT_NOBEGIN;
		pg_atomic_init_u32(&state->is_awake, 0);
		ConditionVariableInit(&state->round_ended);
	}
	LWLockRelease(AddinShmemInitLock);
}

void
qc_worker_state_init(void)
{
	next_request = shmem_request_hook;
	shmem_request_hook = request;
	next_startup = shmem_startup_hook;
	shmem_startup_hook = startup;
}

const char *
qc_worker_mode_name(QcWorkerMode mode)
{
	return mode_names[mode];
}

QcWorkerReport
qc_worker_report(void)
{
	QcWorkerReport report;

	SpinLockAcquire(&state->lock);
	report = (QcWorkerReport){.mode = state->mode,
							  .pid = state->pid,
							  .is_ours = state->database == MyDatabaseId,
							  .rounds = state->finished,
							  .round_at = state->round_at};
	SpinLockRelease(&state->lock);
	return report;
}

void
qc_worker_wake(void)
{
	int proc_number;
	bool is_ours;

	SpinLockAcquire(&state->lock);
	proc_number = state->proc_number;
	is_ours = state->database == MyDatabaseId || state->mode == QC_WORKER_NO_DATABASE;
	SpinLockRelease(&state->lock);
	if (proc_number < 0 || !is_ours || pg_atomic_exchange_u32(&state->is_awake, 1) == 1)
		return;
	SetLatch(&ProcGlobal->allProcs[proc_number].procLatch);
}

static uint64
rounds_begun(void)
{
	uint64 n;

	SpinLockAcquire(&state->lock);
	n = state->begun;
	SpinLockRelease(&state->lock);
	return n;
}

bool
qc_worker_wait(int timeout)
{
	uint64 wanted = rounds_begun() + 1;
	TimestampTz until =
		TimestampTzPlusMilliseconds(GetCurrentTimestamp(), (int64) timeout);
	bool is_done = false;

	ConditionVariablePrepareToSleep(&state->round_ended);
	while (!(is_done = qc_worker_report().rounds >= wanted))
	{
		long left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), until);

		if (left <= 0)
			break;
		qc_worker_wake();
		(void) ConditionVariableTimedSleep(&state->round_ended, Min(left, 1000),
										   PG_WAIT_EXTENSION);
	}
	ConditionVariableCancelSleep();
	return is_done;
}

static void
detach(int code, Datum arg)
{
	SpinLockAcquire(&state->lock);
	state->proc_number = -1;
	state->pid = 0;
	state->mode = QC_WORKER_DOWN;
	SpinLockRelease(&state->lock);
}

void
qc_worker_attach(Oid database)
{
	before_shmem_exit(detach, 0);
	pg_atomic_write_u32(&state->is_awake, 0);
	SpinLockAcquire(&state->lock);
	state->proc_number = QC_MY_PROC_INDEX;
	state->pid = MyProcPid;
	state->database = database;
	SpinLockRelease(&state->lock);
}

void
qc_worker_set_mode(QcWorkerMode mode)
{
	SpinLockAcquire(&state->lock);
	state->mode = mode;
	SpinLockRelease(&state->lock);
}

/* From here on a new wake-up sets the latch again. */
void
qc_worker_begin_round(void)
{
	pg_atomic_write_u32(&state->is_awake, 0);
	SpinLockAcquire(&state->lock);
	state->begun++;
	SpinLockRelease(&state->lock);
	pg_memory_barrier();
}

void
qc_worker_end_round(void)
{
	TimestampTz now = GetCurrentTimestamp();

	SpinLockAcquire(&state->lock);
	state->finished = state->begun;
	state->round_at = now;
	SpinLockRelease(&state->lock);
	ConditionVariableBroadcast(&state->round_ended);
}

bool
qc_worker_expects_database(void)
{
	bool expected;

	SpinLockAcquire(&state->lock);
	expected = state->expects_database;
	SpinLockRelease(&state->lock);
	return expected;
}

void
qc_worker_expect_database(bool expected)
{
	SpinLockAcquire(&state->lock);
	state->expects_database = expected;
	SpinLockRelease(&state->lock);
}
