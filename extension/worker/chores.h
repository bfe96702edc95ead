/*
 * extension/worker/chores.h
 *		What the worker does in a round.
 */
#ifndef QC_WORKER_CHORES_H
#define QC_WORKER_CHORES_H

#include "postgres.h"

#include "datatype/timestamp.h"

typedef struct QcChore
{
	const char *name;   /* shown in pg_stat_activity */
	int64 (*run)(void); /* does one batch; returns how much there was to do */
	TimestampTz (*next_due)(void); /* when there is more without a wake-up */
} QcChore;

extern const QcChore qc_chores[];
extern const int qc_chore_count;

#endif /* QC_WORKER_CHORES_H */
