/*
 * extension/worker/cron.h
 *		Our jobs in pg_cron.
 */
#ifndef QC_WORKER_CRON_H
#define QC_WORKER_CRON_H

#include "postgres.h"

/* Is pg_cron installed in this database, and does it serve it? */
extern bool qc_cron_is_there(void);

/* Register all jobs, or bring them to this version; false without pg_cron. */
extern bool qc_cron_schedule(void);

/* Take our jobs out; others stay. */
extern void qc_cron_unschedule(void);

/* How many of our jobs are registered; -1 when the caller may not know. */
extern int64 qc_cron_count(void);

/* How many there should be. */
extern int qc_cron_wanted(void);

#endif /* QC_WORKER_CRON_H */
