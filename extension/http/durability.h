/*
 * extension/http/durability.h
 *		Commits that share a flush.
 *
 * A route of group durability may be asked to commit without waiting for the disk, by a
 * caller who holds the reply until a flush that began after the commit.
 */
#ifndef QC_HTTP_DURABILITY_H
#define QC_HTTP_DURABILITY_H

#include "postgres.h"

/* Register the shared memory; when the library is loaded. */
extern void qc_durability_init(void);

/*
 * Let this transaction commit without waiting for the disk, if the request says that its
 * caller will wait; false when it does not.
 */
extern bool qc_durability_relax(void);

/* Say so in the reply; not kept for an Idempotency-Key, for it is about this commit. */
extern void qc_durability_tell(void);

/*
 * Wait until all that was committed before this call is as durable as a commit of the
 * session's synchronous_commit is.  Returns a word for the server's life: one that
 * crashed in between has another.  Raises an error on a standby.
 */
extern char *qc_durability_flush(void);

#endif /* QC_HTTP_DURABILITY_H */
