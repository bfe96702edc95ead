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
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "extension/core/compat.h"
#include "extension/core/db.h"

#define OWNER_ROLE "qutecart_owner"

static Oid owner = InvalidOid;

/*
 * One plan for all values, unless the statement says otherwise: left to choose,
 * PostgreSQL plans statements with NULLs among their parameters anew each time, which
 * costs more than they do.
 */
static void
prepare(QcStmt *stmt)
{
	SPIPlanPtr plan = SPI_prepare_cursor(stmt->sql, stmt->nargs, stmt->argtypes,
										 stmt->is_custom ? CURSOR_OPT_CUSTOM_PLAN
														 : CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "could not prepare a statement: %s",
			 SPI_result_code_string(SPI_result));
	SPI_keepplan(plan);
	stmt->plan = plan;
}

/*
 * Plan, or plan anew, without what reads a table from end to end: it is cheap while a
 * queue is short, which is when plans are made.  What cannot be avoided looks too dear
 * then, which must not call the compiler.
 */
static void
plan_by_indexes(void)
{
	static const char *const off[] = {"enable_seqscan", "enable_bitmapscan",
									  "enable_hashjoin", "enable_mergejoin", "jit"};

	for (int i = 0; i < lengthof(off); i++)
		(void) set_config_option(off[i], "off", PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
}

static uint64
execute(QcStmt *stmt, const QcArgs *args, Snapshot snapshot)
{
	int path = qc_search_path_push();
	int level = stmt->is_indexed ? NewGUCNestLevel() : 0;
	int result;

	Assert(stmt->nargs == (args ? args->n : 0));
	if (stmt->is_indexed)
		plan_by_indexes();
	if (stmt->plan == NULL)
		prepare(stmt);
	if (stmt->is_latest && snapshot == InvalidSnapshot)
		snapshot = GetLatestSnapshot();
	result = SPI_execute_snapshot(stmt->plan, args ? (Datum *) args->values : NULL,
								  args ? args->nulls : NULL, snapshot, InvalidSnapshot,
								  stmt->is_read, true, 0);
	if (result < 0)
		elog(ERROR, "could not run a statement: %s", SPI_result_code_string(result));
	if (stmt->is_indexed)
		AtEOXact_GUC(false, level);
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
	return execute(stmt, args, InvalidSnapshot);
}

static uint64
execute_as_owner(QcStmt *stmt, const QcArgs *args, Snapshot snapshot)
{
	Oid user;
	int flags;
	uint64 n;

	GetUserIdAndSecContext(&user, &flags);
	SetUserIdAndSecContext(qc_db_owner(),
						   flags | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	n = execute(stmt, args, snapshot);
	SetUserIdAndSecContext(user, flags);
	return n;
}

/* Run as qutecart_owner, past row-level security; returns the number of rows. */
uint64
qc_db_system(QcStmt *stmt, const QcArgs *args)
{
	return execute_as_owner(stmt, args, InvalidSnapshot);
}

/*
 * Read as the owner what is committed by now, and nothing that this transaction did:
 * for its commands count from FirstCommandId, and all of them are later than that.
 * The statement is marked is_read.
 */
uint64
qc_db_system_committed(QcStmt *stmt, const QcArgs *args)
{
	Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
	uint64 n;

	snapshot->curcid = FirstCommandId;
	n = execute_as_owner(stmt, args, snapshot);
	UnregisterSnapshot(snapshot);
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

static void
forget_owner(Datum arg, int cache, uint32 hash)
{
	owner = InvalidOid;
}

/* The role's OID, looked up once per backend and again when roles change. */
Oid
qc_db_owner(void)
{
	static bool is_watching = false;

	if (OidIsValid(owner))
		return owner;
	if (!is_watching)
		CacheRegisterSyscacheCallback(AUTHOID, forget_owner, (Datum) 0);
	is_watching = true;
	owner = get_role_oid(OWNER_ROLE, false);
	return owner;
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
