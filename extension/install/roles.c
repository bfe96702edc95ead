/*
 * extension/install/roles.c
 *		qutecart_owner, _api, _bi, _gateway, _client and _cron: made once per server, granted
 *		per database.
 *
 * Roles are no tenant boundary: the context is.  The owner and the api role cannot log
 * in; the gateway's login may run qutecart.http() and nothing else; the client login
 * has the api role's rights, all of them under row-level security.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#include "extension/core/db.h"
#include "extension/install/roles.h"

static const struct
{
	const char *name;
	const char *sql;
} roles[] = {
	{"qutecart_owner", "CREATE ROLE qutecart_owner NOLOGIN"},
	{"qutecart_api", "CREATE ROLE qutecart_api NOLOGIN"},
	{"qutecart_bi", "CREATE ROLE qutecart_bi NOLOGIN"},
	{"qutecart_gateway", "CREATE ROLE qutecart_gateway LOGIN NOINHERIT"},
	{"qutecart_client",
	 "CREATE ROLE qutecart_client LOGIN INHERIT IN ROLE qutecart_api"},
	{"qutecart_cron", "CREATE ROLE qutecart_cron LOGIN NOINHERIT"},
};

/* Run on the schema before tables exist: the owner must be able to create them. */
static const char *const owner_grants[] = {
	"GRANT USAGE, CREATE ON SCHEMA qutecart TO qutecart_owner",
	"GRANT EXECUTE ON ALL ROUTINES IN SCHEMA qutecart TO qutecart_owner",
};

/* Database-wide rights, with %s for the quoted name of the database. */
static const char *const database_grants[] = {
	"REVOKE ALL ON DATABASE %s FROM PUBLIC",
	"GRANT CONNECT ON DATABASE %s TO qutecart_gateway, qutecart_client, qutecart_bi,"
	" qutecart_cron",
};

/* Every function that a route points at is for the api role. */
static QcStmt grant_handlers = {
	.sql = "SELECT pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO qutecart_api',"
		   " p.oid::pg_catalog.regprocedure)"
		   " FROM (SELECT DISTINCT r.handler FROM qutecart.routes r) h"
		   " JOIN pg_catalog.pg_proc p ON p.oid = pg_catalog.to_regproc(h.handler)",
};

static void
execute(const char *sql)
{
	int result = SPI_execute(sql, false, 0);

	if (result < 0)
		elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
}

void
qc_roles_create(void)
{
	for (int i = 0; i < lengthof(roles); i++)
		if (!OidIsValid(get_role_oid(roles[i].name, true)))
			execute(roles[i].sql);
	CommandCounterIncrement();
	for (int i = 0; i < lengthof(owner_grants); i++)
		execute(owner_grants[i]);
}

static void
grant_on_database(void)
{
	const char *database = quote_identifier(get_database_name(MyDatabaseId));

	for (int i = 0; i < lengthof(database_grants); i++)
		execute(psprintf(database_grants[i], database)); /* NOLINT: own formats */
}

void
qc_roles_grant(void)
{
	uint64 n = qc_db_run(&grant_handlers, NULL);
	SPITupleTable *grants = SPI_tuptable;

	for (uint64 i = 0; i < n; i++)
		execute(SPI_getvalue(grants->vals[i], grants->tupdesc, 1));
	grant_on_database();
	/* A job's command and messages are its owner's business. */
	if (OidIsValid(get_namespace_oid("cron", true)))
		execute("REVOKE USAGE ON SCHEMA cron FROM PUBLIC");
}
