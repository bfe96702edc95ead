/*
 * extension/worker/rounds.h
 *		What the worker does in transactions: look around, settle and claim, run chores.
 */
#ifndef QC_WORKER_ROUNDS_H
#define QC_WORKER_ROUNDS_H

#include "postgres.h"

extern void qc_rounds_init(void);

/* Do what is due; everything, where woken.  An error is logged and tried again later. */
extern void qc_rounds_run(bool is_woken);

/* Milliseconds until something is to be done without being woken. */
extern long qc_rounds_pause(void);

/* What it is waiting for, for pg_stat_activity. */
extern const char *qc_rounds_waits_for(void);

/* Write what has ended, as far as that is possible, before the process leaves. */
extern void qc_rounds_finish(void);

#endif /* QC_WORKER_ROUNDS_H */
