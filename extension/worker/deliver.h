/*
 * extension/worker/deliver.h
 *		Messages between their claim and their settlement.
 *
 * A turn is the one transaction in which what has finished is settled and more is
 * claimed; between turns nothing but libcurl works, without a transaction.
 */
#ifndef QC_WORKER_DELIVER_H
#define QC_WORKER_DELIVER_H

#include "postgres.h"

#include "extension/worker/delivery.h"

extern void qc_deliver_init(void);

/* Its request has ended, or it is not to be sent: it is settled at the next turn. */
extern void qc_deliver_finish(QcDelivery *delivery);

/* Something may be due: claim at the next turn. */
extern void qc_deliver_look(void);

/* Is it time for a turn? */
extern bool qc_deliver_is_turn(void);

/*
 * Milliseconds until something is to be done without being woken; at most this many.
 * may_turn: is a turn possible, or are only requests to proceed?
 */
extern long qc_deliver_pause(long most, bool may_turn);

/*
 * A turn, in a transaction.  Whether that committed must be told, before anything else
 * is called.
 */
extern void qc_deliver_turn(bool may_claim);
extern void qc_deliver_committed(void);
extern void qc_deliver_aborted(void);

/* Forget what has ended: there is nowhere to write it. */
extern void qc_deliver_drop_finished(void);

/* How many have ended and are not known to be settled. */
extern int qc_deliver_unsettled(void);

#endif /* QC_WORKER_DELIVER_H */
