/*
 * extension/tenant/guard.c
 *		What SQL clients may not do although PostgreSQL has no privilege for it.
 *
 * Row-level security hides rows, but some commands tell of them (a row estimate),
 * outlive the transaction they were seen in (a cursor WITH HOLD), or reach the other
 * shops that share the client's role (LOCK, ALTER ROLE, DROP OWNED).  Each refusal is
 * a row of the table below.  It concerns the roles that requests run as; a superuser
 * who takes such a role with SET ROLE is not concerned.
 */
#include "postgres.h"

#include <limits.h>

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_db_role_setting.h"
#include "commands/defrem.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "optimizer/planner.h"
#include "storage/proc.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "extension/core/errors.h"
#include "extension/tenant/guard.h"

#define SETTING_PREFIX "qutecart."
#define EXTENSION "qutecart"

typedef struct Refusal
{
	NodeTag command;
	bool (*is_meant)(Node *statement); /* NULL = every statement of the kind */
	const char *message;
	const char *hint;
} Refusal;

/* A timeout that an operator gave a BI login, which it may lower but not raise. */
typedef struct Timeout
{
	const char *name;
	int *setting; /* ms, 0 = none */
	int most;     /* ms, INT_MAX = not limited */
} Timeout;

static ProcessUtility_hook_type previous_utility;
static ExecutorStart_hook_type previous_start;
static planner_hook_type previous_planner;

static Timeout timeouts[] = {
	{"statement_timeout", &StatementTimeout, INT_MAX},
	{"idle_in_transaction_session_timeout", &IdleInTransactionSessionTimeout, INT_MAX},
};
static bool are_timeouts_read = false;

static bool
is_in(Oid role, const char *group_name)
{
	Oid group = get_role_oid(group_name, true);

	return OidIsValid(group) && is_member_of_role_nosuper(role, group);
}

/* Does a statement run with the rights that requests have? */
static bool
is_request(void)
{
	Oid role = GetUserId();

	if (superuser_arg(GetSessionUserId()))
		return false;
	return is_in(role, "qutecart_api") || is_in(role, "qutecart_bi") ||
		   is_in(role, "qutecart_gateway");
}

static bool
is_bi_login(Oid login)
{
	return !superuser_arg(login) && is_in(login, "qutecart_bi");
}

/* Row estimates and counts of removed rows tell of other shops. */
static bool
tells_of_rows(Node *statement)
{
	bool hides_costs = false;
	ListCell *cell;

	foreach (cell, castNode(ExplainStmt, statement)->options)
	{
		DefElem *option = lfirst(cell);

		if (strcmp(option->defname, "format") == 0 ||
			strcmp(option->defname, "verbose") == 0)
			continue;
		if (defGetBoolean(option))
			return true;
		if (strcmp(option->defname, "costs") == 0)
			hides_costs = true;
	}
	return !hides_costs;
}

static bool
outlives_transaction(Node *statement)
{
	return (castNode(DeclareCursorStmt, statement)->options & CURSOR_OPT_HOLD) != 0;
}

static bool
is_two_phase(Node *statement)
{
	TransactionStmtKind kind = castNode(TransactionStmt, statement)->kind;

	return kind == TRANS_STMT_PREPARE || kind == TRANS_STMT_COMMIT_PREPARED ||
		   kind == TRANS_STMT_ROLLBACK_PREPARED;
}

/* A BI login is one shop's own and may change its password; the others are shared. */
static bool
alters_shared_role(Node *statement)
{
	return !is_bi_login(GetSessionUserId());
}

static const Refusal refusals[] = {
	{T_AlterRoleSetStmt, NULL, "settings of a role cannot be changed by this role",
	 "Use SET for this session, or ask the operator."},
	{T_AlterRoleStmt, alters_shared_role, "this role is shared and cannot be altered",
	 "Ask the operator."},
	{T_DeclareCursorStmt, outlives_transaction,
	 "cursors WITH HOLD are not available to this role",
	 "Leave out WITH HOLD and fetch inside the transaction."},
	{T_DropOwnedStmt, NULL, "DROP OWNED is not available to this role", NULL},
	{T_ExplainStmt, tells_of_rows,
	 "EXPLAIN is available to this role without costs and without ANALYZE only",
	 "Use EXPLAIN (COSTS OFF)."},
	{T_ListenStmt, NULL, "LISTEN is not available to this role", NULL},
	{T_LockStmt, NULL, "LOCK is not available to this role",
	 "Lock rows with SELECT … FOR UPDATE."},
	{T_NotifyStmt, NULL, "NOTIFY is not available to this role", NULL},
	{T_ReassignOwnedStmt, NULL, "REASSIGN OWNED is not available to this role", NULL},
	{T_TransactionStmt, is_two_phase,
	 "prepared transactions are not available to this role",
	 "End the transaction with COMMIT or ROLLBACK."},
};

static void
refuse(const char *message, const char *hint)
{
	ereport(ERROR, qc_err(QC_ERR_FORBIDDEN), errmsg("%s", message),
			hint ? errhint("%s", hint) : 0);
}

/* GRANT SET ON PARAMETER would let the grantee forge or drop the context: for nobody. */
static void
refuse_parameter_grant(Node *statement)
{
	GrantStmt *grant = castNode(GrantStmt, statement);
	ListCell *cell;

	if (!grant->is_grant || grant->objtype != OBJECT_PARAMETER_ACL)
		return;
	foreach (cell, grant->objects)
		if (pg_strncasecmp(strVal(lfirst(cell)), SETTING_PREFIX,
						   strlen(SETTING_PREFIX)) == 0)
			refuse("privileges on the settings of QuteCart cannot be granted",
				   "Settings belong into postgresql.conf.");
}

/*
 * DROP EXTENSION … CASCADE would leave every row in place and take the policies away
 * that keep the shops apart, and install() would not bring them back: for nobody.
 */
static void
refuse_bare_tables(Node *statement)
{
	DropStmt *drop = castNode(DropStmt, statement);
	ListCell *cell;

	if (drop->removeType != OBJECT_EXTENSION || drop->behavior != DROP_CASCADE ||
		!OidIsValid(get_relname_relid("shops", get_namespace_oid(EXTENSION, true))))
		return;
	foreach (cell, drop->objects)
		if (strcmp(strVal(lfirst(cell)), EXTENSION) == 0)
			refuse("extension \"" EXTENSION "\" cannot be dropped away from its tables",
				   "DROP SCHEMA " EXTENSION " CASCADE removes both, data included.");
}

static void
refuse_command(Node *statement)
{
	for (int i = 0; i < lengthof(refusals); i++)
	{
		const Refusal *refusal = &refusals[i];

		if (refusal->command != nodeTag(statement) ||
			(refusal->is_meant != NULL && !refusal->is_meant(statement)) ||
			!is_request())
			continue;
		refuse(refusal->message, refusal->hint);
	}
}

/* Take the value of "name=value" as the most that the login may choose. */
static void
note_timeout(const char *setting)
{
	for (int i = 0; i < lengthof(timeouts); i++)
	{
		size_t length = strlen(timeouts[i].name);
		int value;

		if (strncmp(setting, timeouts[i].name, length) == 0 && setting[length] == '=' &&
			parse_int(setting + length + 1, &value, GUC_UNIT_MS, NULL) && value > 0)
			timeouts[i].most = value;
	}
}

/* Read what ALTER ROLE … [IN DATABASE …] SET recorded for a login. */
static void
note_settings(Relation table, Oid database, Oid role)
{
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple tuple;

	ScanKeyInit(&keys[0], Anum_pg_db_role_setting_setdatabase, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(database));
	ScanKeyInit(&keys[1], Anum_pg_db_role_setting_setrole, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(role));
	scan =
		systable_beginscan(table, DbRoleSettingDatidRolidIndexId, true, NULL, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool is_null;
		Datum *settings;
		int n;
		Datum list = heap_getattr(tuple, Anum_pg_db_role_setting_setconfig,
								  RelationGetDescr(table), &is_null);

		if (is_null)
			continue;
		deconstruct_array(DatumGetArrayTypeP(list), TEXTOID, -1, false, TYPALIGN_INT,
						  &settings, NULL, &n);
		for (int i = 0; i < n; i++)
			note_timeout(TextDatumGetCString(settings[i]));
	}
	systable_endscan(scan);
}

/* Once per session: what changes later reaches new sessions, as PostgreSQL has it. */
static void
read_timeouts(void)
{
	Oid login = GetAuthenticatedUserId();
	Relation table;

	if (is_bi_login(login))
	{
		table = table_open(DbRoleSettingRelationId, AccessShareLock);
		note_settings(table, InvalidOid, login);
		note_settings(table, MyDatabaseId, login);
		table_close(table, AccessShareLock);
	}
	are_timeouts_read = true;
}

/*
 * Keep a BI login within its timeouts, however it changed them: SET, set_config(),
 * the options of its connection.
 */
static void
check_timeouts(void)
{
	if (MyBackendType != B_BACKEND) /* a worker: whoever started it was checked */
		return;
	if (!are_timeouts_read)
		read_timeouts();
	for (int i = 0; i < lengthof(timeouts); i++)
		if (timeouts[i].most != INT_MAX &&
			(*timeouts[i].setting == 0 || *timeouts[i].setting > timeouts[i].most))
			ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
					errmsg("\"%s\" may be %d ms at most for this login",
						   timeouts[i].name, timeouts[i].most),
					errhint("Use RESET %s, or a lower value.", timeouts[i].name));
}

static void
guard_utility(PlannedStmt *planned, const char *text, bool is_read_only,
			  ProcessUtilityContext context, ParamListInfo params,
			  QueryEnvironment *environment, DestReceiver *receiver,
			  QueryCompletion *completion)
{
	Node *statement = planned->utilityStmt;
	bool is_setting = IsA(statement, VariableSetStmt);

	if (IsA(statement, GrantStmt))
		refuse_parameter_grant(statement);
	if (IsA(statement, DropStmt))
		refuse_bare_tables(statement);
	refuse_command(statement);
	if (!is_setting && !IsA(statement, TransactionStmt))
		check_timeouts();
	(previous_utility ? previous_utility : standard_ProcessUtility)(
		planned, text, is_read_only, context, params, environment, receiver,
		completion);
	if (is_setting)
		check_timeouts();
}

static void
guard_start(QueryDesc *query, int flags)
{
	check_timeouts();
	(previous_start ? previous_start : standard_ExecutorStart)(query, flags);
}

/* A plan printed into the client's messages would tell what EXPLAIN may not. */
static PlannedStmt *
guard_planner(Query *query, const char *text, int options, ParamListInfo params)
{
	if (Debug_print_plan && is_request())
		refuse("\"debug_print_plan\" is not available to this role",
			   "Use RESET debug_print_plan.");
	return (previous_planner ? previous_planner : standard_planner)(query, text,
																	options, params);
}

void
qc_guard_init(void)
{
	previous_utility = ProcessUtility_hook;
	ProcessUtility_hook = guard_utility;
	previous_start = ExecutorStart_hook;
	ExecutorStart_hook = guard_start;
	previous_planner = planner_hook;
	planner_hook = guard_planner;
}
