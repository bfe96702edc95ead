/*
 * extension/install/install.c
 *		From an empty schema, or an older one, to this version's.
 *
 * Everything happens in the caller's transaction: a failure leaves nothing.  Tables
 * are ordinary objects of qutecart_owner, never members of the extension, so that a
 * dump keeps them.  A file runs as qutecart_owner, but those under grants/ run as the
 * superuser who calls.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "catalog/pg_control.h"
#include "catalog/pg_extension.h"
#include "commands/dbcommands.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"

#include "extension/core/db.h"
#include "extension/core/version.h"
#include "extension/install/files.h"
#include "extension/install/install.h"
#include "extension/install/roles.h"

static QcStmt migrations_exist = {
	.sql = "SELECT pg_catalog.to_regclass('qutecart.migrations') IS NOT NULL",
};

/* Who, but a superuser or ourselves, could replace what stands in our schema? */
static QcStmt find_stranger = {
	.sql = "SELECT s.what FROM ("
		   " SELECT 'schema owned by ' || r.rolname FROM pg_catalog.pg_namespace n"
		   "  JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner"
		   "  WHERE n.nspname = 'qutecart' AND NOT r.rolsuper"
		   "  AND r.rolname <> 'qutecart_owner' UNION ALL"
		   " SELECT o.what FROM (SELECT 'pg_class'::regclass, c.oid,"
		   "   'relation ' || c.relname, c.relnamespace FROM pg_catalog.pg_class c"
		   "   WHERE c.relkind <> 'i' UNION ALL"
		   "  SELECT 'pg_operator'::regclass, p.oid, 'operator ' || p.oprname,"
		   "   p.oprnamespace FROM pg_catalog.pg_operator p UNION ALL"
		   "  SELECT 'pg_proc'::regclass, f.oid, 'function ' || f.proname,"
		   "   f.pronamespace FROM pg_catalog.pg_proc f) o (class, oid, what, schema)"
		   " WHERE $1 AND o.schema = 'qutecart'::regnamespace"
		   "  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
		   "   WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')"
		   ") s (what) LIMIT 1",
	.nargs = 1,
	.argtypes = {BOOLOID},
};

static QcStmt find_migration = {
	.sql = "SELECT m.checksum FROM qutecart.migrations m WHERE m.name = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt record_migration = {
	.sql = "INSERT INTO qutecart.migrations (name, checksum) VALUES ($1, $2)"
		   " ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum,"
		   " applied_at = pg_catalog.now()",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID},
};

static QcStmt write_home = {
	.sql = "INSERT INTO qutecart.installation (system_identifier, database_oid)"
		   " VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt move_home = {
	.sql = "UPDATE qutecart.installation SET system_identifier = $1, database_oid = $2,"
		   " adopted_at = pg_catalog.now()",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt find_home = {
	.sql = "SELECT EXISTS (SELECT FROM qutecart.installation i"
		   " WHERE i.system_identifier = $1 AND i.database_oid = $2)",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt read_version = {
	.sql = "SELECT e.extversion FROM pg_catalog.pg_extension e"
		   " WHERE e.extname = 'qutecart'",
	.is_read = true,
};

static QcStmt has_real_shops = {
	.sql = "SELECT EXISTS (SELECT FROM qutecart.shop_members m"
		   " JOIN qutecart.users u ON u.id = m.user_id"
		   " WHERE m.role = 'owner' AND COALESCE(u.email, '')"
		   " NOT LIKE '%@demo.qutekart.example')",
};

static void
need_superuser(const char *what)
{
	if (!superuser())
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only a superuser may %s", what));
}

/* One installation at a time; held until the end of the transaction. */
static void
lock_installation(void)
{
	LockDatabaseObject(ExtensionRelationId, get_extension_oid("qutecart", false), 0,
					   AccessExclusiveLock);
}

/* A schema that somebody prepared before us could hold traps; a fresh one is empty. */
static void
refuse_strangers(bool is_fresh)
{
	QcArgs args = {0};

	qc_args_bool(&args, is_fresh);
	if (qc_db_run(&find_stranger, &args) > 0)
		ereport(
			ERROR, errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			errmsg("schema \"%s\" is not ours alone: %s", "qutecart", qc_db_text(0, 1)),
			errhint("Drop what does not belong to QuteCart, then install again."));
}

static void
name_file_in_error(void *name)
{
	errcontext("schema file \"%s\"", (const char *) name);
}

static void
execute_text(const char *text)
{
	int result = SPI_execute(text, false, 0);

	if (result < 0)
		elog(ERROR, "could not run a schema file: %s", SPI_result_code_string(result));
}

/* Run one file; as the owner, past the policies it makes, unless it only grants. */
static void
run_file(const char *name, const char *text)
{
	ErrorContextCallback callback = {.previous = error_context_stack,
									 .callback = name_file_in_error,
									 .arg = (void *) name};
	Oid user;
	int flags;

	error_context_stack = &callback;
	GetUserIdAndSecContext(&user, &flags);
	if (strncmp(name, "grants/", 7) != 0)
		SetUserIdAndSecContext(qc_db_owner(), flags | SECURITY_LOCAL_USERID_CHANGE |
												  SECURITY_NOFORCE_RLS);
	execute_text(text);
	SetUserIdAndSecContext(user, flags);
	error_context_stack = callback.previous;
	CommandCounterIncrement();
}

static char *
recorded_checksum(const char *name)
{
	QcArgs args = {0};

	qc_args_text(&args, name);
	return qc_db_system(&find_migration, &args) == 1 ? qc_db_text(0, 1) : NULL;
}

static void
record(const char *name, const char *checksum)
{
	QcArgs args = {0};

	qc_args_text(&args, name);
	qc_args_text(&args, checksum);
	(void) qc_db_system(&record_migration, &args);
}

/* Does this file have to run now, given what the database has had? */
static bool
is_due(const QcSchemaFile *file, const char *recorded, const char *checksum,
	   bool is_fresh)
{
	if (strcmp(file->verb, "once") == 0)
		return recorded == NULL;
	if (strcmp(file->verb, "always") == 0)
		return recorded == NULL || strcmp(recorded, checksum) != 0;
	return recorded == NULL && !is_fresh; /* migration */
}

static bool
is_seed(const QcSchemaFile *file)
{
	return strcmp(file->verb, "essential") == 0 || strcmp(file->verb, "demo") == 0;
}

static void
apply(const QcSchemaFile *file, bool is_fresh)
{
	char *text = qc_files_read(file->name);
	char *checksum = qc_files_checksum(text);
	char *recorded = recorded_checksum(file->name);

	if (is_due(file, recorded, checksum, is_fresh))
		run_file(file->name, text);
	else if (recorded != NULL)
		return;
	record(file->name, checksum);
}

static void
home_args(QcArgs *args)
{
	qc_args_int8(args, (int64) GetSystemIdentifier());
	qc_args_int8(args, (int64) MyDatabaseId);
}

void
qc_install_run(void)
{
	QcArgs home = {0};
	ListCell *cell;
	bool is_fresh;

	need_superuser("install the schema");
	lock_installation();
	qc_db_begin();
	qc_roles_create();
	(void) qc_db_run(&migrations_exist, NULL);
	is_fresh = !qc_db_bool(0, 1);
	refuse_strangers(is_fresh);
	if (is_fresh)
		run_file("migrations", qc_files_read("tables/platform/migrations.sql"));
	foreach (cell, qc_files_list())
		if (!is_seed(lfirst(cell)))
			apply(lfirst(cell), is_fresh);
	qc_roles_grant();
	home_args(&home);
	(void) qc_db_system(&write_home, &home);
	qc_db_end();
}

static void
refuse_demo_beside_real_shops(void)
{
	(void) qc_db_system(&has_real_shops, NULL);
	if (qc_db_bool(0, 1))
		ereport(ERROR, errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				errmsg("demo data are refused in a database with real shops"),
				errhint("Use another database for the demo."));
}

void
qc_install_seed(const char *what)
{
	ListCell *cell;
	int n = 0;

	need_superuser("seed the schema");
	lock_installation();
	qc_db_begin();
	if (strcmp(what, "demo") == 0)
		refuse_demo_beside_real_shops();
	foreach (cell, qc_files_list())
	{
		QcSchemaFile *file = lfirst(cell);

		if (!is_seed(file) || strcmp(file->verb, what) != 0)
			continue;
		run_file(file->name, qc_files_read(file->name));
		n++;
	}
	qc_db_end();
	if (n == 0)
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("unrecognized seed: \"%s\"", what),
				errhint("Use 'essential' or 'demo'."));
}

void
qc_install_adopt(void)
{
	QcArgs home = {0};

	need_superuser("adopt the database");
	qc_db_begin();
	home_args(&home);
	qc_db_expect(qc_db_system(&move_home, &home), 1, "adopting the database");
	qc_db_end();
}

bool
qc_install_is_home(void)
{
	QcArgs home = {0};
	bool is_home;

	qc_db_begin();
	home_args(&home);
	(void) qc_db_system(&find_home, &home);
	is_home = qc_db_bool(0, 1);
	qc_db_end();
	return is_home;
}

bool
qc_install_is_current(void)
{
	bool is_current;

	qc_db_begin();
	is_current = qc_db_system(&read_version, NULL) == 1 &&
				 strcmp(qc_db_text(0, 1), QC_VERSION) == 0;
	qc_db_end();
	return is_current;
}
