/*
 * extension/worker/wake.h
 *		Telling the worker, at commit, that there is something to do.
 */
#ifndef QC_WORKER_WAKE_H
#define QC_WORKER_WAKE_H

/*
 * Wake the worker when this transaction commits.  Cheap, may be called often; lost
 * with a rollback.  A prepared transaction wakes nobody: the worker's timer finds what
 * it left.
 */
extern void qc_wake_worker(void);

#endif /* QC_WORKER_WAKE_H */
