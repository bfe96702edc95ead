/*
 * extension/worker/wake.c
 *		Telling the worker, at commit, that there is something to do.
 *
 * Once per transaction, after the commit is visible to others: a latch, no NOTIFY,
 * which would serialise all commits.
 */
#include "postgres.h"

#include "access/xact.h"

#include "extension/worker/state.h"
#include "extension/worker/wake.h"

static bool is_wanted = false;
static bool is_registered = false;

static void
at_end_of_transaction(XactEvent event, void *arg)
{
	if (!is_wanted)
		return;
	switch (event)
	{
		case XACT_EVENT_COMMIT:
			is_wanted = false;
			qc_worker_wake();
			break;
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			is_wanted = false;
			break;
		default:
			break;
	}
}

void
qc_wake_worker(void)
{
	if (!is_registered)
	{
		RegisterXactCallback(at_end_of_transaction, NULL);
		is_registered = true;
	}
	is_wanted = true;
}
