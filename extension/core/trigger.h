/*
 * extension/core/trigger.h
 *		What every trigger function does first.
 */
#ifndef QC_CORE_TRIGGER_H
#define QC_CORE_TRIGGER_H

#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"

/*
 * Check that a trigger function was called as a trigger, on a table in schema
 * qutecart that qutecart_owner owns, and return its data.  Nobody can hang our
 * functions on a table of his own to make them write for him.
 */
extern TriggerData *qc_trigger_begin(FunctionCallInfo fcinfo);

/* The tuple the trigger must return: the new one of an UPDATE, else the only one. */
extern HeapTuple qc_trigger_result(TriggerData *data);

/* A column of a tuple by name; a column that does not exist is an internal error. */
extern Datum qc_trigger_column(TriggerData *data, HeapTuple tuple, const char *name,
							   bool *is_null);
extern int64 qc_trigger_int8(TriggerData *data, HeapTuple tuple, const char *name);

/* Of a text column; NULL reads as NULL. */
extern char *qc_trigger_text(TriggerData *data, HeapTuple tuple, const char *name);

/* The n-th argument of CREATE TRIGGER; raises an internal error when absent. */
extern const char *qc_trigger_arg(TriggerData *data, int n);

#endif /* QC_CORE_TRIGGER_H */
