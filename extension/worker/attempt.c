/*
 * extension/worker/attempt.c
 *		Something that may fail without failing the transaction around it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/resowner.h"

#include "extension/worker/attempt.h"

/*
 * Is it an error of the whole database rather than of what was attempted: a lock, a full
 * disk, an order to stop?  Nothing else would fare better.
 */
static bool
concerns_all(int sqlstate)
{
	static const int classes[] = {
		MAKE_SQLSTATE('4', '0', '0', '0', '0'), MAKE_SQLSTATE('5', '3', '0', '0', '0'),
		MAKE_SQLSTATE('5', '5', '0', '0', '0'), MAKE_SQLSTATE('5', '7', '0', '0', '0'),
		MAKE_SQLSTATE('5', '8', '0', '0', '0'),
	};

	for (int i = 0; i < lengthof(classes); i++)
		if (ERRCODE_TO_CATEGORY(sqlstate) == classes[i])
			return true;
	return false;
}

/* Log the error as it is, undo what it interrupted; returns its SQLSTATE. */
static int
undo(void)
{
	ErrorData *error = CopyErrorData();
	int sqlstate = error->sqlerrcode;

	FlushErrorState();
	RollbackAndReleaseCurrentSubTransaction();
	if (concerns_all(sqlstate))
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
