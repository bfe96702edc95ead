/*
 * extension/worker/sending.h
 *		Messages whose lease is committed: on their way, or held back until there is room.
 */
#ifndef QC_WORKER_SENDING_H
#define QC_WORKER_SENDING_H

#include "postgres.h"

#include "extension/core/guc.h"
#include "extension/worker/delivery.h"

/* How many may be held back: a batch, and another one while that is on its way. */
#define QC_SENDING_HELD_MOST (2 * qc_guc_worker_batch)

/* How often to look after what is held back, in milliseconds. */
#define QC_SENDING_HELD_MS 500

/* Send it, or hold it back until there is room. */
extern void qc_sending_dispatch(QcDelivery *delivery);

/* Let requests proceed; what has ended goes to deliver.c. */
extern void qc_sending_proceed(void);

/* Start what is held back and has room now. */
extern void qc_sending_start_held(void);

/* Forget what is held back: it is claimed anew when work goes on. */
extern void qc_sending_drop_held(void);

/* The lane of each message here; palloc'd. */
extern int64 *qc_sending_lanes(void);

extern int qc_sending_on_way(void);
extern int qc_sending_held(void);

/* Did something end when requests proceeded last? */
extern bool qc_sending_is_busy(void);

#endif /* QC_WORKER_SENDING_H */
