/*
 * extension/outbox/claim.h
 *		Taking messages on lease, for the worker.
 */
#ifndef QC_OUTBOX_CLAIM_H
#define QC_OUTBOX_CLAIM_H

#include "postgres.h"

#include "extension/outbox/message.h"

typedef struct QcClaimLimits
{
	int messages;            /* how many at most */
	int per_lane;            /* in flight at once in one lane */
	const int64 *busy_lanes; /* that have as many in flight already */
	int busy_lane_count;
	int64 after_lane; /* lanes are visited in a circle; begin after this one */
} QcClaimLimits;

/*
 * Take a lease on messages that are due: heads of their keys, in lanes whose circuit is
 * closed, lane after lane.  Returns how many; *messages is an array in the current
 * memory context.  Runs in the caller's transaction, which must commit before anything
 * is sent.
 */
extern int qc_outbox_claim(const QcClaimLimits *limits, QcMessage **messages);

/* Give back what a dead worker had on lease; the caller is the only worker alive. */
extern int64 qc_outbox_resume(void);

/* When the next message is due that is not on lease; DT_NOEND = none. */
extern TimestampTz qc_outbox_next_due(void);

#endif /* QC_OUTBOX_CLAIM_H */
