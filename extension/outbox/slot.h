/*
 * extension/outbox/slot.h
 *		Which half of the outbox new messages go to.
 */
#ifndef QC_OUTBOX_SLOT_H
#define QC_OUTBOX_SLOT_H

#include "postgres.h"

#define QC_SLOT_COUNT 2

extern void qc_slot_init(void); /* in _PG_init */

/* Any answer is right: readers look into both halves. */
extern int16 qc_slot_current(void);

/* For the worker, when it has emptied the other half. */
extern void qc_slot_set_current(int16 slot);

#endif /* QC_OUTBOX_SLOT_H */
