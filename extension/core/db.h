/*
 * extension/core/db.h
 *		The only door to SPI.
 *
 * A statement stands as a QcStmt at the top of the file that uses it, is prepared
 * once per backend and bound by position.  Two ways to run it, and the name says
 * which: qc_db_run as the current role, under row-level security; qc_db_system as
 * qutecart_owner, past row-level security – such a statement carries the shop_id it
 * is meant for itself.
 */
#ifndef QC_CORE_DB_H
#define QC_CORE_DB_H

#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define QC_MAX_ARGS 32

typedef struct QcStmt
{
	const char *sql;
	int nargs;
	Oid argtypes[QC_MAX_ARGS];
	bool is_read;   /* takes no new snapshot, may not write */
	bool is_latest; /* sees what is committed now, whatever the isolation level */
	bool is_custom; /* planned anew for the values of each call */
	bool is_queue;  /* planned as if its tables were full, as they will be */
	SPIPlanPtr plan;
} QcStmt;

/* One parameter list; qc_args_* fill it in order. */
typedef struct QcArgs
{
	int n;
	Datum values[QC_MAX_ARGS];
	char nulls[QC_MAX_ARGS];
} QcArgs;

static inline void
qc_args_datum(QcArgs *args, Datum value, bool is_null)
{
	Assert(args->n < QC_MAX_ARGS);
	args->values[args->n] = value;
	args->nulls[args->n++] = is_null ? 'n' : ' ';
}

static inline void
qc_args_int8(QcArgs *args, int64 value)
{
	qc_args_datum(args, Int64GetDatum(value), false);
}

static inline void
qc_args_int4(QcArgs *args, int32 value)
{
	qc_args_datum(args, Int32GetDatum(value), false);
}

static inline void
qc_args_bool(QcArgs *args, bool value)
{
	qc_args_datum(args, BoolGetDatum(value), false);
}

/* NULL pointer = SQL NULL. */
static inline void
qc_args_text(QcArgs *args, const char *value)
{
	qc_args_datum(args, value ? CStringGetTextDatum(value) : (Datum) 0, value == NULL);
}

/* 0 = SQL NULL: ids start at 1. */
static inline void
qc_args_id(QcArgs *args, int64 value)
{
	qc_args_datum(args, Int64GetDatum(value), value == 0);
}

/* Lists, for unnest: begin one, add to it, pass it. */
static inline ArrayBuildState *
qc_list_begin(Oid type)
{
	return initArrayResult(type, CurrentMemoryContext, false);
}

static inline void
qc_list_datum(ArrayBuildState *list, Datum value, bool is_null)
{
	(void) accumArrayResult(list, value, is_null, list->element_type,
							CurrentMemoryContext);
}

static inline void
qc_list_int8(ArrayBuildState *list, int64 value)
{
	qc_list_datum(list, Int64GetDatum(value), false);
}

static inline void
qc_list_int4(ArrayBuildState *list, int32 value)
{
	qc_list_datum(list, Int32GetDatum(value), false);
}

static inline void
qc_list_int2(ArrayBuildState *list, int16 value)
{
	qc_list_datum(list, Int16GetDatum(value), false);
}

static inline void
qc_list_bool(ArrayBuildState *list, bool value)
{
	qc_list_datum(list, BoolGetDatum(value), false);
}

/* NULL pointer = SQL NULL. */
static inline void
qc_list_text(ArrayBuildState *list, const char *value)
{
	qc_list_datum(list, value ? CStringGetTextDatum(value) : (Datum) 0, value == NULL);
}

static inline void
qc_args_list(QcArgs *args, ArrayBuildState *list)
{
	qc_args_datum(args, makeArrayResult(list, CurrentMemoryContext), false);
}

extern void qc_db_begin(void);
extern void qc_db_end(void);

/* Let statements of this level name the trigger's transition tables. */
extern void qc_db_show_transition(TriggerData *data);

extern uint64 qc_db_run(QcStmt *stmt, const QcArgs *args);
extern uint64 qc_db_system(QcStmt *stmt, const QcArgs *args);
extern uint64 qc_db_system_committed(QcStmt *stmt, const QcArgs *args);
extern void qc_db_expect(uint64 got, uint64 wanted, const char *what);
extern Oid qc_db_owner(void);

/* Columns of the last result; they live until qc_db_end(). Columns count from 1. */
extern bool qc_db_is_null(uint64 row, int column);
extern Datum qc_db_datum(uint64 row, int column, bool *is_null);
extern int64 qc_db_int8(uint64 row, int column);       /* NULL reads as 0 */
extern int32 qc_db_int4(uint64 row, int column);       /* NULL reads as 0 */
extern bool qc_db_bool(uint64 row, int column);        /* NULL reads as false */
extern char *qc_db_text(uint64 row, int column);       /* NULL reads as NULL */
extern char *qc_db_output(uint64 row, int column);     /* any type's text form */
extern TimestampTz qc_db_time(uint64 row, int column); /* NULL reads as DT_NOEND */

/* Copy to the memory context that was current before qc_db_begin(). */
extern char *qc_db_keep_text(const char *value);
extern Datum qc_db_keep_varlena(Datum value);

#endif /* QC_CORE_DB_H */
