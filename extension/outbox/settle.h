/*
 * extension/outbox/settle.h
 *		What became of claimed messages, for the worker.
 */
#ifndef QC_OUTBOX_SETTLE_H
#define QC_OUTBOX_SETTLE_H

#include "postgres.h"

#include "extension/outbox/message.h"

typedef struct QcSettlement
{
	const QcMessage *message;
	QcVerdict verdict;    /* a retry after the last attempt becomes dead here */
	int32 status;         /* of the answer, 0 = none */
	const char *response; /* its first bytes, any bytes; NULL = none */
	size_t response_len;
	int32 duration;  /* ms */
	bool is_secret;  /* keep neither payload nor answer */
	bool is_settled; /* out: false = the lease was not ours any more */
} QcSettlement;

/*
 * Settle messages in the caller's transaction: delivered and dead ones go to the log,
 * others wait for their backoff.  One whose lease is not ours any more is left alone,
 * and has no further effects.  Also keeps the circuits of their lanes, and lets the next
 * message of a key go.
 */
extern void qc_outbox_settle(QcSettlement *settlements, int count);

#endif /* QC_OUTBOX_SETTLE_H */
