/*
 * extension/worker/attempt.h
 *		Something that may fail without failing the transaction around it.
 */
#ifndef QC_WORKER_ATTEMPT_H
#define QC_WORKER_ATTEMPT_H

#include "postgres.h"

/*
 * Run an action in a subtransaction.  Returns 0, or the SQLSTATE of the error that undid
 * it, which is then in the server's log.  An error of the whole database, like a lock or
 * a full disk, is passed on.
 */
extern int qc_attempt(void (*action)(void *arg), void *arg);

#endif /* QC_WORKER_ATTEMPT_H */
