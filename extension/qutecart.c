/*
 * extension/qutecart.c
 *		Loading the library: one call per module that has something to register.
 *
 * The library belongs into shared_preload_libraries, because the quota counters live
 * in shared memory and the worker starts with the server.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/guc.h"

#include "extension/billing/quota.h"
#include "extension/core/guc.h"
#include "extension/core/redact.h"
#include "extension/http/durability.h"
#include "extension/outbox/slot.h"
#include "extension/tenant/attempts.h"
#include "extension/tenant/context.h"
#include "extension/tenant/guard.h"
#include "extension/worker/worker.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		ereport(ERROR, errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				errmsg("\"qutecart\" must be loaded at server start"),
				errhint("Add qutecart to shared_preload_libraries and restart."));
	qc_guc_init();
	qc_redact_init();
	qc_attempts_init();
	qc_context_init();
	qc_quota_init();
	qc_guard_init();
	qc_slot_init();
	qc_durability_init();
	qc_worker_init();
	MarkGUCPrefixReserved("qutecart");
}
