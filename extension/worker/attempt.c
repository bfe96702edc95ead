/*
 * extension/worker/attempt.c
 *		Something that may fail without failing the transaction around it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/resowner.h"

#include "extension/worker/attempt.h"

/* Log the error as it is, undo what it interrupted; returns its SQLSTATE. */
static int
undo(void)
{
	ErrorData *error = CopyErrorData();
	int sqlstate = error->sqlerrcode;

	FlushErrorState();
	RollbackAndReleaseCurrentSubTransaction();
	if (sqlstate == ERRCODE_QUERY_CANCELED || sqlstate == ERRCODE_ADMIN_SHUTDOWN)
		ReThrowError(error);
	ereport(LOG, errcode(sqlstate),
			errmsg("the worker met an error: %s", error->message),
			error->context ? errcontext("%s", error->context) : 0);
	FreeErrorData(error);
	return sqlstate;
}

int
qc_attempt(void (*action)(void *arg), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile int sqlstate = 0;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		action(arg);
		MemoryContextSwitchTo(context);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		sqlstate = undo();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return sqlstate;
}
