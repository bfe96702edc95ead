/*
 * extension/outbox/notes.h
 *		What others want of the worker; done by him after their commit.
 */
#ifndef QC_OUTBOX_NOTES_H
#define QC_OUTBOX_NOTES_H

#include "postgres.h"

/* Let nothing leave a lane, until it is opened again. */
extern void qc_outbox_hold_lane(int64 lane);

/* Let messages leave a lane again, and forget its failures. */
extern void qc_outbox_reset_circuit(int64 lane);

/* Do what is noted; false when there was nothing that could be.  For the worker. */
extern bool qc_notes_do(void);

#endif /* QC_OUTBOX_NOTES_H */
