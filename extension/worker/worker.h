/*
 * extension/worker/worker.h
 *		The background process that does what no client waits for.
 */
#ifndef QC_WORKER_WORKER_H
#define QC_WORKER_WORKER_H

/* Register the worker, if qutecart.database names a database; in _PG_init. */
extern void qc_worker_init(void);

#endif /* QC_WORKER_WORKER_H */
