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
#include "optimizer/plancat.h"
#include "utils/acl.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "extension/core/compat.h"
#include "extension/core/db.h"

#define OWNER_ROLE "qutecart_owner"

#define FULL_PAGES 50000
#define FULL_ROWS  1000000

static Oid owner = InvalidOid;
static bool plans_for_full_tables = false;
static get_relation_info_hook_type next_relation_info = NULL;

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
 * Show the planner a table as it is when the queue is long: it is empty every other
 * minute, and a plan made then would read it from end to end ever after.
 */
static void
show_full_table(PlannerInfo *root, Oid relation, bool is_parent, RelOptInfo *rel)
{
	ListCell *cell;

	if (next_relation_info)
		next_relation_info(root, relation, is_parent, rel);
	if (!plans_for_full_tables || rel->rtekind != RTE_RELATION)
		return;
	rel->pages = Max(rel->pages, FULL_PAGES);
	rel->tuples = Max(rel->tuples, FULL_ROWS);
	foreach (cell, rel->indexlist)
	{
		IndexOptInfo *index = lfirst(cell);

		index->pages = Max(index->pages, FULL_PAGES / 10);
		index->tuples = Max(index->tuples, FULL_ROWS);
	}
}

static void
watch_planner(void)
{
	static bool is_watching = false;

	if (is_watching)
		return;
	next_relation_info = get_relation_info_hook;
	get_relation_info_hook = show_full_table;
	is_watching = true;
}

static int
prepare_and_run(QcStmt *stmt, const QcArgs *args, Snapshot snapshot)
{
	if (stmt->plan == NULL)
		prepare(stmt);
	if (stmt->is_latest && snapshot == InvalidSnapshot)
		snapshot = GetLatestSnapshot();
	return SPI_execute_snapshot(stmt->plan, args ? (Datum *) args->values : NULL,
								args ? args->nulls : NULL, snapshot, InvalidSnapshot,
								stmt->is_read, true, 0);
}

static int
run_for_full_tables(QcStmt *stmt, const QcArgs *args, Snapshot snapshot)
{
	volatile int result = 0;

	watch_planner();
	plans_for_full_tables = true;
	PG_TRY();
	{
		result = prepare_and_run(stmt, args, snapshot);
	}
	PG_FINALLY();
	{
		plans_for_full_tables = false;
	}
	PG_END_TRY();
	return result;
}

static uint64
execute(QcStmt *stmt, const QcArgs *args, Snapshot snapshot)
{
	int path = qc_search_path_push();
	int result;

	Assert(stmt->nargs == (args ? args->n : 0));
	result = stmt->is_queue ? run_for_full_tables(stmt, args, snapshot)
							: prepare_and_run(stmt, args, snapshot);
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
