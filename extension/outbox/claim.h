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
	 * In: false = begin a new circle around the lanes, as after each wake-up; true = go
	 * on with it.  Out: there may be more to take, claim again.
	 */
	bool has_more;

	/* What was found; in the memory context that was current. */
	QcMessage *messages;
	int count;

	/* Kept from one claim to the next; begin with zeros. */
	int64 after_lane; /* the last one visited */
	int64 first_lane; /* the circle ends here */
	int lap;          /* 1 = up to the last lane, 2 = from the first one again */
} QcClaim;

/*
 * Be the one who claims, settles and moves messages, until the end of the session or
 * the transaction; false when somebody else is.  All below is for him alone.
 */
extern bool qc_outbox_try_own(bool for_session);

/*
 * Take a lease on messages that are due: heads of their keys, in lanes whose circuit
 * lets them, lane after lane.  Runs in the caller's transaction, which must commit
 * before anything is sent.  Never waits for another transaction.
 */
extern void qc_outbox_claim(QcClaim *claim);

/* Give back what a dead worker had on lease; returns how many messages. */
extern int64 qc_outbox_resume(void);

/* When to claim again if nothing wakes us before; DT_NOEND = never. */
extern TimestampTz qc_outbox_next_due(void);

#endif /* QC_OUTBOX_CLAIM_H */
