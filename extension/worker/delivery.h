/*
 * extension/worker/delivery.h
 *		One claimed message in the worker's memory, from its claim to its settlement.
 */
#ifndef QC_WORKER_DELIVERY_H
#define QC_WORKER_DELIVERY_H

#include "postgres.h"

#include "lib/ilist.h"

#include "extension/outbox/message.h"
#include "extension/outbox/settle.h"
#include "extension/worker/hosts.h"

typedef struct QcDelivery
{
	dlist_node node;       /* in one of the lists of deliver.c */
	MemoryContext context; /* of everything here, this struct included */
	QcMessage message;
	const QcSender *sender; /* NULL = nobody sends this kind */
	QcRequest request;      /* what prepare made */
	bool is_wanted;         /* is it to be sent? */
	QcHost *host;           /* NULL = not to be sent */
	TimestampTz held_since; /* while it is held back */
	QcResponse response;    /* what came back */
	QcVerdict verdict;
	QcOutcome outcome; /* that was written; the last attempt's failure is the end */
	bool has_effect;   /* is the sender's "settled" to be called? */
} QcDelivery;

/* Copy a message into a context of its own, below the given one. */
extern QcDelivery *qc_delivery_new(const QcMessage *message, MemoryContext parent);
extern void qc_delivery_free(QcDelivery *delivery);

/* Make the request, in a transaction; may raise. */
extern void qc_delivery_prepare(QcDelivery *delivery);

/* Record what came back and what it means; outside of transactions, never raises. */
extern void qc_delivery_judge(QcDelivery *delivery, const QcResponse *response);

/* It could not be handled because of an error of ours. */
extern void qc_delivery_fail(QcDelivery *delivery, const char *doing, int sqlstate);

/* Not now: as if it had never been claimed. */
extern void qc_delivery_postpone(QcDelivery *delivery, int32 seconds);

extern QcSettlement qc_delivery_settlement(const QcDelivery *delivery);

#endif /* QC_WORKER_DELIVERY_H */
