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
	QcVerdict verdict;
	int32 status;         /* of the answer, 0 = none */
	const char *response; /* its first bytes, any bytes; NULL = none */
	size_t response_len;
	int32 duration; /* ms */
	bool is_secret; /* keep neither payload nor answer */
} QcSettlement;

/*
 * Settle messages in the caller's transaction: delivered and dead ones go to the log,
 * others wait for their backoff.  One whose lease is not ours any more is left alone.
 * Also keeps the circuits of their lanes.
 */
extern void qc_outbox_settle(const QcSettlement *settlements, int count);

#endif /* QC_OUTBOX_SETTLE_H */
