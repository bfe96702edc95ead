/*
 * extension/core/db.c
 *		Prepared statements over SPI, as the caller or as the owner.
 *
 * Names in a statement resolve in pg_catalog alone, whatever search_path the client
 * has, so nobody can slip an operator or a table of his own under ours.  The owner's
 * rights are taken for one statement at a time, with the flags that foreign-key
 * checks use: no SET ROLE inside, FORCE ROW LEVEL SECURITY not applied.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "extension/core/compat.h"
#include "extension/core/db.h"

#define OWNER_ROLE "qutecart_owner"

static void
prepare(QcStmt *stmt)
{
	SPIPlanPtr plan = SPI_prepare_cursor(stmt->sql, stmt->nargs, stmt->argtypes,
										 stmt->is_custom ? CURSOR_OPT_CUSTOM_PLAN : 0);

	if (plan == NULL)
		elog(ERROR, "could not prepare a statement: %s",
			 SPI_result_code_string(SPI_result));
	SPI_keepplan(plan);
	stmt->plan = plan;
}

static uint64
execute(QcStmt *stmt, const QcArgs *args)
{
	int path = qc_search_path_push();
	Snapshot snapshot = stmt->is_latest ? GetLatestSnapshot() : InvalidSnapshot;
	int result;

	Assert(stmt->nargs == (args ? args->n : 0));
	if (stmt->plan == NULL)
		prepare(stmt);
	result = SPI_execute_snapshot(stmt->plan, args ? (Datum *) args->values : NULL,
								  args ? args->nulls : NULL, snapshot, InvalidSnapshot,
								  stmt->is_read, true, 0);
	if (result < 0)
		elog(ERROR, "could not run a statement: %s", SPI_result_code_string(result));
	qc_search_path_pop(path);
	return SPI_processed;
}

/* Open a connection; results of this level die with qc_db_end(). */
void
qc_db_begin(void)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to the executor");
}

void
qc_db_end(void)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from the executor");
}

void
qc_db_show_transition(TriggerData *data)
{
	int result = SPI_register_trigger_data(data);

	if (result < 0)
		elog(ERROR, "could not show the transition tables: %s",
			 SPI_result_code_string(result));
}

/* Run as the current role, under row-level security; returns the number of rows. */
uint64
qc_db_run(QcStmt *stmt, const QcArgs *args)
{
	return execute(stmt, args);
}

/* Run as qutecart_owner, past row-level security; returns the number of rows. */
uint64
qc_db_system(QcStmt *stmt, const QcArgs *args)
{
	Oid user;
	int flags;
	uint64 n;

	GetUserIdAndSecContext(&user, &flags);
	SetUserIdAndSecContext(qc_db_owner(), flags | SECURITY_LOCAL_USERID_CHANGE |
											  SECURITY_NOFORCE_RLS);
	n = execute(stmt, args);
	SetUserIdAndSecContext(user, flags);
	return n;
}

/* A statement that must touch exactly so many rows, or something is broken. */
void
qc_db_expect(uint64 got, uint64 wanted, const char *what)
{
	if (got != wanted)
		elog(ERROR, "%s: " UINT64_FORMAT " rows instead of " UINT64_FORMAT, what, got,
			 wanted);
}

Oid
qc_db_owner(void)
{
	return get_role_oid(OWNER_ROLE, false);
}

Datum
qc_db_datum(uint64 row, int column, bool *is_null)
{
	Assert(row < SPI_tuptable->numvals);
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column,
						 is_null);
}

bool
qc_db_is_null(uint64 row, int column)
{
	bool is_null;

	(void) qc_db_datum(row, column, &is_null);
	return is_null;
}

int64
qc_db_int8(uint64 row, int column)
{
	bool is_null;
	Datum value = qc_db_datum(row, column, &is_null);

	return is_null ? 0 : DatumGetInt64(value);
}

int32
qc_db_int4(uint64 row, int column)
{
	bool is_null;
	Datum value = qc_db_datum(row, column, &is_null);

	return is_null ? 0 : DatumGetInt32(value);
}

bool
qc_db_bool(uint64 row, int column)
{
	bool is_null;
	Datum value = qc_db_datum(row, column, &is_null);

	return is_null ? false : DatumGetBool(value);
}

char *
qc_db_text(uint64 row, int column)
{
	bool is_null;
	Datum value = qc_db_datum(row, column, &is_null);

	return is_null ? NULL : TextDatumGetCString(value);
}

char *
qc_db_output(uint64 row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

TimestampTz
qc_db_time(uint64 row, int column)
{
	bool is_null;
	Datum value = qc_db_datum(row, column, &is_null);

	return is_null ? DT_NOEND : DatumGetTimestampTz(value);
}

char *
qc_db_keep_text(const char *value)
{
	char *copy;

	if (value == NULL)
		return NULL;
	copy = SPI_palloc(strlen(value) + 1);
	strcpy(copy, value); /* NOLINT: sized one line above */
	return copy;
}

Datum
qc_db_keep_varlena(Datum value)
{
	return SPI_datumTransfer(value, false, -1);
}
