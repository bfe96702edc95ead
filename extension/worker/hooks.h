/*
 * extension/worker/hooks.h
 *		Commands of clients that the worker must know of.
 */
#ifndef QC_WORKER_HOOKS_H
#define QC_WORKER_HOOKS_H

extern void qc_worker_hooks_init(void); /* in _PG_init */

#endif /* QC_WORKER_HOOKS_H */
