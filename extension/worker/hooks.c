/*
 * extension/worker/hooks.c
 *		Commands of clients that the worker must know of.
 *
 * COMMIT PREPARED makes messages visible that another session enqueued, so it wakes the
 * worker.  DROP DATABASE and its like want the database for themselves: the worker
 * leaves it meanwhile, and comes back when the command failed.
 */
#include "postgres.h"

#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "tcop/utility.h"

#include "extension/core/compat.h"
#include "extension/core/guc.h"
#include "extension/worker/hooks.h"
#include "extension/worker/state.h"

static ProcessUtility_hook_type previous_utility;

static const char *
option_text(List *options, const char *name)
{
	ListCell *cell;

	foreach (cell, options)
	{
		DefElem *option = lfirst(cell);

		if (strcmp(option->defname, name) == 0 && option->arg != NULL)
			return defGetString(option);
	}
	return NULL;
}

/* The database that a command works on without anybody else in it; NULL = none. */
static const char *
wanted_alone(Node *statement)
{
	switch (nodeTag(statement))
	{
		case T_DropdbStmt:
			return castNode(DropdbStmt, statement)->dbname;
		case T_CreatedbStmt:
			return option_text(castNode(CreatedbStmt, statement)->options, "template");
		case T_AlterDatabaseStmt:
			if (option_text(castNode(AlterDatabaseStmt, statement)->options,
							"tablespace") == NULL)
				return NULL;
			return castNode(AlterDatabaseStmt, statement)->dbname;
		case T_RenameStmt:
			if (castNode(RenameStmt, statement)->renameType != OBJECT_DATABASE)
				return NULL;
			return castNode(RenameStmt, statement)->subname;
		default:
			return NULL;
	}
}

/* Only who may do it can make the worker leave. */
static bool
is_ours(const char *database)
{
	Oid oid;

	if (database == NULL || strcmp(database, qc_guc_database) != 0)
		return false;
	oid = get_database_oid(database, true);
	return OidIsValid(oid) && qc_database_ownercheck(oid, GetUserId());
}

static bool
commits_prepared(Node *statement)
{
	return IsA(statement, TransactionStmt) &&
		   castNode(TransactionStmt, statement)->kind == TRANS_STMT_COMMIT_PREPARED;
}

static void
watch_utility(PlannedStmt *planned, const char *text, bool is_read_only,
			  ProcessUtilityContext context, ParamListInfo params,
			  QueryEnvironment *environment, DestReceiver *receiver,
			  QueryCompletion *completion)
{
	ProcessUtility_hook_type run =
		previous_utility ? previous_utility : standard_ProcessUtility;
	Node *statement = planned->utilityStmt;
	bool is_prepared = commits_prepared(statement);

	if (is_ours(wanted_alone(statement)))
	{
		qc_worker_ask_to_leave();
		PG_TRY();
		{
			run(planned, text, is_read_only, context, params, environment, receiver,
				completion);
		}
		PG_FINALLY();
		{
			qc_worker_let_return();
		}
		PG_END_TRY();
		return;
	}
	run(planned, text, is_read_only, context, params, environment, receiver,
		completion);
	if (is_prepared)
		qc_worker_wake();
}

void
qc_worker_hooks_init(void)
{
	previous_utility = ProcessUtility_hook;
	ProcessUtility_hook = watch_utility;
}
