/*
 * functions/bi_logins.c
 *		Read-only logins for analysts, each bound to one shop.
 *
 * The role's name carries no shop id, as names are readable by everybody, and its
 * password never stands in the text of a statement, as texts are logged.  The shop is
 * found by the name of the session's login alone; guard.c keeps the timeouts set here.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/dbcommands.h"
#include "commands/user.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_node.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#include "extension/core/args.h"
#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/tenant/audit.h"

PG_FUNCTION_INFO_V1(qc_fn_create_bi_login);
PG_FUNCTION_INFO_V1(qc_fn_drop_bi_login);

#define GROUP_ROLE   "qutecart_bi"
#define NAME_PREFIX  "bi_"
#define NAME_LEN     40 /* of what the operator chose */
#define SUFFIX_LEN   6
#define PASSWORD_LEN 32
#define CONNECTIONS  3

/* What ALTER ROLE … SET makes of a new login. */
static const struct
{
	const char *name;
	const char *value;
} settings[] = {
	{"default_transaction_read_only", "on"},
	{"idle_in_transaction_session_timeout", "60s"},
	{"statement_timeout", "30s"},
};

static QcStmt lock_shop = {
	.sql = "SELECT s.id FROM qutecart.shops s WHERE s.id = $1 FOR KEY SHARE",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt insert_login = {
	.sql = "INSERT INTO qutecart.bi_logins (role_name, shop_id, name)"
		   " VALUES ($1, $2, $3)",
	.nargs = 3,
	.argtypes = {TEXTOID, INT8OID, TEXTOID},
};

static QcStmt delete_login = {
	.sql = "DELETE FROM qutecart.bi_logins WHERE role_name = $1 RETURNING shop_id",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt end_sessions = {
	.sql = "SELECT pg_catalog.pg_terminate_backend(a.pid)"
		   " FROM pg_catalog.pg_stat_activity a WHERE a.usename = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static void
need_operator(const char *what)
{
	if (!has_createrole_privilege(GetUserId()))
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("permission denied to %s", what),
				errhint("This takes a superuser, or a role with CREATEROLE."));
}

/* "Sales 2024" -> "bi_sales_2024_k3xq9a": a name that nobody has or had. */
static char *
role_name_of(const char *name)
{
	StringInfoData role;
	char *suffix = qc_crypto_random_word(SUFFIX_LEN);

	initStringInfo(&role);
	appendStringInfoString(&role, NAME_PREFIX);
	for (const char *p = name; *p && role.len < NAME_LEN; p++)
	{
		char c = pg_tolower((unsigned char) *p);
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		appendStringInfoChar(&role, is_plain ? c : '_');
	}
	appendStringInfoChar(&role, '_');
	for (char *p = suffix; *p; p++)
		appendStringInfoChar(&role, pg_tolower((unsigned char) *p));
	return role.data;
}

static RoleSpec *
role_spec(const char *name)
{
	RoleSpec *role = makeNode(RoleSpec);

	role->roletype = ROLESPEC_CSTRING;
	role->rolename = pstrdup(name);
	role->location = -1;
	return role;
}

static DefElem *
option(const char *name, void *value)
{
	return makeDefElem(pstrdup(name), (Node *) value, -1);
}

/* CREATE ROLE … LOGIN IN ROLE qutecart_bi, without a text that holds the password. */
static void
create_role(const char *name, const char *password)
{
	CreateRoleStmt *create = makeNode(CreateRoleStmt);

	create->stmt_type = ROLESTMT_USER;
	create->role = pstrdup(name);
	create->options =
		list_make4(option("inherit", makeBoolean(true)),
				   option("connectionlimit", makeInteger(CONNECTIONS)),
				   option("password", makeString(pstrdup(password))),
				   option("addroleto", list_make1(role_spec(GROUP_ROLE))));
	(void) CreateRole(make_parsestate(NULL), create);
	CommandCounterIncrement();
}

static void
set_for_role(const char *role, const char *name, const char *value)
{
	AlterRoleSetStmt *alter = makeNode(AlterRoleSetStmt);
	VariableSetStmt *set = makeNode(VariableSetStmt);
	A_Const *constant = makeNode(A_Const);

	constant->val.sval = *makeString(pstrdup(value));
	constant->location = -1;
	set->kind = VAR_SET_VALUE;
	set->name = pstrdup(name);
	set->args = list_make1(constant);
	alter->role = role_spec(role);
	alter->setstmt = set;
	(void) AlterRoleSet(alter);
	CommandCounterIncrement();
}

static void
record(const char *role, int64 shop_id, const char *name)
{
	QcArgs shop = {0};
	QcArgs args = {0};

	qc_args_int8(&shop, shop_id);
	qc_args_text(&args, role);
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, name);
	qc_db_begin();
	if (qc_db_system(&lock_shop, &shop) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
	(void) qc_db_system(&insert_login, &args);
	qc_db_end();
	qc_audit("bi_login.create", shop_id, role, NULL);
}

/* CALL create_bi_login(shop, name): the new role and its password, as one row. */
Datum
qc_fn_create_bi_login(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_arg_int8(0, 0);
	char *name = qc_arg_text(1);
	char *password = qc_crypto_random_word(PASSWORD_LEN);
	Datum values[2];
	bool nulls[2] = {false, false};
	TupleDesc desc;
	char *role;

	need_operator("create a BI login");
	if (name == NULL || *name == '\0')
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("a BI login needs a name"));
	role = role_name_of(name);
	record(role, shop_id, name);
	create_role(role, password);
	for (int i = 0; i < lengthof(settings); i++)
		set_for_role(role, settings[i].name, settings[i].value);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "create_bi_login must return a row");
	values[0] = CStringGetTextDatum(role);
	values[1] = CStringGetTextDatum(password);
	PG_RETURN_DATUM(
		HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* Take the login away; its sessions end. */
Datum
qc_fn_drop_bi_login(PG_FUNCTION_ARGS)
{
	char *role = qc_arg_text(0);
	DropRoleStmt *drop = makeNode(DropRoleStmt);
	QcArgs args = {0};
	int64 shop_id;

	need_operator("drop a BI login");
	qc_args_text(&args, role);
	qc_db_begin();
	if (qc_db_system(&delete_login, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND),
				errmsg("BI login \"%s\" not found", role ? role : ""),
				errhint("See the table qutecart.bi_logins."));
	shop_id = qc_db_int8(0, 1);
	drop->roles = list_make1(role_spec(role));
	DropRole(drop);
	(void) qc_db_run(&end_sessions, &args);
	qc_db_end();
	qc_audit("bi_login.drop", shop_id, role, NULL);
	PG_RETURN_VOID();
}
