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
#include "storage/procarray.h"
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
	int in_flight;
	int held;
	QcWorkerCounts counts;
	int leave_for; /* the process that asked the worker to leave; 0 = none */
	pg_atomic_uint32 is_awake; /* has somebody set the latch since the last round? */
	ConditionVariable news;    /* a round or a transaction of the worker has ended */
} WorkerState;

static const char *const mode_names[] = {
	[QC_WORKER_DOWN] = "down",           [QC_WORKER_NO_DATABASE] = "no_database",
	[QC_WORKER_NO_SCHEMA] = "no_schema", [QC_WORKER_NOT_HOME] = "not_home",
	[QC_WORKER_NOT_ALONE] = "not_alone", [QC_WORKER_OTHER_VERSION] = "other_version",
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
		ConditionVariableInit(&state->news);
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
							  .round_at = state->round_at,
							  .in_flight = state->in_flight,
							  .held = state->held,
							  .counts = state->counts};
	SpinLockRelease(&state->lock);
	return report;
}

/* Whatever database it serves. */
static void
wake_any(void)
{
	int proc_number;

	SpinLockAcquire(&state->lock);
	proc_number = state->proc_number;
	SpinLockRelease(&state->lock);
	if (proc_number < 0 || pg_atomic_exchange_u32(&state->is_awake, 1) == 1)
		return;
	SetLatch(&ProcGlobal->allProcs[proc_number].procLatch);
}

void
qc_worker_wake(void)
{
	bool is_ours;

	SpinLockAcquire(&state->lock);
	is_ours = state->database == MyDatabaseId || state->mode == QC_WORKER_NO_DATABASE;
	SpinLockRelease(&state->lock);
	if (is_ours)
		wake_any();
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

	qc_worker_watch();
	while (!(is_done = qc_worker_report().rounds >= wanted))
	{
		long left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), until);

		if (left <= 0)
			break;
		qc_worker_wake();
		qc_worker_wait_for_news((int) Min(left, 1000));
	}
	qc_worker_unwatch();
	return is_done;
}

void
qc_worker_watch(void)
{
	ConditionVariablePrepareToSleep(&state->news);
}

void
qc_worker_wait_for_news(int timeout)
{
	(void) ConditionVariableTimedSleep(&state->news, timeout, PG_WAIT_EXTENSION);
}

void
qc_worker_unwatch(void)
{
	ConditionVariableCancelSleep();
}

static void
set_leave_for(int pid)
{
	SpinLockAcquire(&state->lock);
	state->leave_for = pid;
	SpinLockRelease(&state->lock);
}

void
qc_worker_ask_to_leave(void)
{
	set_leave_for(MyProcPid);
	wake_any();
}

void
qc_worker_let_return(void)
{
	set_leave_for(0);
	wake_any();
}

/* Somebody who ended without taking his wish back wants nothing any more. */
bool
qc_worker_is_asked_to_leave(void)
{
	int pid;

	SpinLockAcquire(&state->lock);
	pid = state->leave_for;
	SpinLockRelease(&state->lock);
	if (pid == 0 || BackendPidGetProc(pid) != NULL)
		return pid != 0;
	set_leave_for(0);
	return false;
}

static void
detach(int code, Datum arg)
{
	SpinLockAcquire(&state->lock);
	state->proc_number = -1;
	state->pid = 0;
	state->mode = QC_WORKER_DOWN;
	state->in_flight = 0;
	state->held = 0;
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
bool
qc_worker_take_wake(void)
{
	return pg_atomic_exchange_u32(&state->is_awake, 0) == 1;
}

void
qc_worker_set_load(int in_flight, int held)
{
	SpinLockAcquire(&state->lock);
	state->in_flight = in_flight;
	state->held = held;
	SpinLockRelease(&state->lock);
}

void
qc_worker_count(const QcWorkerCounts *more)
{
	SpinLockAcquire(&state->lock);
	state->counts.delivered += more->delivered;
	state->counts.failed += more->failed;
	state->counts.batches += more->batches;
	SpinLockRelease(&state->lock);
	ConditionVariableBroadcast(&state->news);
}

void
qc_worker_begin_round(void)
{
	(void) qc_worker_take_wake();
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
	ConditionVariableBroadcast(&state->news);
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
