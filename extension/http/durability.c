/*
 * extension/http/durability.c
 *		Asynchronous commit for who asks, and the flush that makes it durable.
 *
 * After a crash, or on another server after a failover, a flush succeeds although the
 * commits before it are lost.  Hence the word: drawn anew whenever shared memory is,
 * sent with each such reply and with each flush; only equal words prove anything.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "miscadmin.h"
#include "replication/syncrep.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/guc.h"

#include "extension/http/durability.h"
#include "extension/http/request.h"

#define HEADER "Qutecart-Durability"

typedef struct Life
{
	uint64 word; /* random */
} Life;

static Life *life = NULL;
static shmem_request_hook_type next_request = NULL;
static shmem_startup_hook_type next_startup = NULL;

static void
request(void)
{
	if (next_request)
		next_request();
	RequestAddinShmemSpace(MAXALIGN(sizeof(Life)));
}

static void
startup(void)
{
	bool found;

	if (next_startup)
		next_startup();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	life = ShmemInitStruct("qutecart durability", sizeof(Life), &found);
	if (!found && !pg_strong_random(&life->word, sizeof(life->word)))
		ereport(FATAL, errcode(ERRCODE_INTERNAL_ERROR),
				errmsg("could not draw a random number"));
	LWLockRelease(AddinShmemInitLock);
}

void
qc_durability_init(void)
{
	next_request = shmem_request_hook;
	shmem_request_hook = request;
	next_startup = shmem_startup_hook;
	shmem_startup_hook = startup;
}

static char *
word(void)
{
	return psprintf(UINT64_FORMAT, life->word);
}

bool
qc_durability_relax(void)
{
	const char *asked = qc_request_header("qutecart-durability");

	if (asked == NULL || strcmp(asked, "group") != 0)
		return false;
	(void) set_config_option("synchronous_commit", "off", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_LOCAL, true, 0, false);
	return true;
}

void
qc_durability_tell(void)
{
	qc_reply_header(HEADER, word());
}

/*
 * The end of the last record.  At the begin of a page the position stands behind the
 * page's header, which is not written yet and must not be waited for.
 */
static XLogRecPtr
end_of_log(void)
{
	XLogRecPtr end = GetXLogInsertRecPtr();

	if (XLogSegmentOffset(end, wal_segment_size) == SizeOfXLogLongPHD)
		return end - SizeOfXLogLongPHD;
	if (end % XLOG_BLCKSZ == SizeOfXLogShortPHD)
		return end - SizeOfXLogShortPHD;
	return end;
}

char *
qc_durability_flush(void)
{
	XLogRecPtr end;

	if (RecoveryInProgress())
		ereport(ERROR, errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				errmsg("a standby has nothing to flush"),
				errhint("Connect to the primary server."));
	end = end_of_log();
	XLogFlush(end);
	HOLD_INTERRUPTS();
	SyncRepWaitForLSN(end, true);
	RESUME_INTERRUPTS();
	return word();
}
