/*
 * extension/outbox/claim.h
 *		Taking messages on lease, for the worker.
 */
#ifndef QC_OUTBOX_CLAIM_H
#define QC_OUTBOX_CLAIM_H

#include "postgres.h"

#include "extension/outbox/message.h"

typedef struct QcClaim
{
	/* What is wanted. */
	int most;               /* messages */
	int per_lane;           /* in flight at once in one lane */
	const int64 *in_flight; /* the lane of each message that is on its way already */
	int in_flight_count;

	/*
	 * Lanes are visited in a circle: the visit begins after this one, and leaves here
	 * where the next is to begin.
	 */
	int64 after_lane;

	/* What was found; in the memory context that was current. */
	QcMessage *messages;
	int count;
	bool has_more; /* there may be more to take at once: claim again */
} QcClaim;

/*
 * Take a lease on messages that are due: heads of their keys, in lanes whose circuit
 * lets them, lane after lane.  Runs in the caller's transaction, which must commit
 * before anything is sent.  Never waits for another transaction.
 */
extern void qc_outbox_claim(QcClaim *claim);

/*
 * Give back what a dead worker had on lease; returns how many messages.  The caller is
 * the only worker alive.
 */
extern int64 qc_outbox_resume(void);

/* When to claim again if nothing wakes us before; DT_NOEND = never. */
extern TimestampTz qc_outbox_next_due(void);

#endif /* QC_OUTBOX_CLAIM_H */
