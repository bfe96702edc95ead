/*
 * extension/outbox/rotate.h
 *		Emptying the halves of the outbox in turn, for the worker.
 */
#ifndef QC_OUTBOX_ROTATE_H
#define QC_OUTBOX_ROTATE_H

#include "postgres.h"

/* So many messages were settled, which left as many dead rows. */
extern void qc_rotate_note(int settled);

/* Is there something to do?  Asks no table; call it whenever something was settled. */
extern bool qc_outbox_rotation_is_due(void);

/*
 * Do one step, in the caller's transaction, which must be short and at READ COMMITTED.
 * Never waits.
 */
extern void qc_outbox_rotate(void);

#endif /* QC_OUTBOX_ROTATE_H */
