/*
 * extension/outbox/outbox.h
 *		Messages that must leave the server, written in the causing transaction.
 */
#ifndef QC_OUTBOX_OUTBOX_H
#define QC_OUTBOX_OUTBOX_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

typedef struct QcNewMessage
{
	const char *kind;  /* "mail.limit_reached", "webhook.order.created", … */
	int64 shop_id;     /* 0 = the platform's own */
	int64 endpoint_id; /* of a webhook; 0 = none */
	const char *key;   /* messages of one lane and key leave in order; "" = no order */
	const char *payload; /* a JSON object */
	Jsonb *document;     /* the same, parsed; NULL = parse payload */
	TimestampTz due_at;  /* not before; 0, or any time that is over, = at once */
} QcNewMessage;

/*
 * Enqueue one message and wake the worker when this transaction commits; returns the
 * message's id.
 */
extern int64 qc_outbox_enqueue_message(const QcNewMessage *message);

/* The same, at once and to no endpoint. */
extern int64 qc_outbox_enqueue(const char *kind, int64 shop_id, const char *key,
							   const char *payload);

/*
 * Raise 42501 unless the caller is a superuser or qutecart_owner: whoever can enqueue
 * writes to anybody in the platform's name, so a grant alone is not enough.
 */
extern void qc_outbox_need_platform(const char *what);

/* Is it a channel, a dot and a name: "mail.welcome"? */
extern bool qc_outbox_is_kind(const char *kind);

/*
 * The queue that such messages wait in: an endpoint's, or a shop's for one channel.
 * What is in one lane shares its limit of messages in flight, and its circuit.
 */
extern int64 qc_outbox_lane(const char *kind, int64 shop_id, int64 endpoint_id);

#endif /* QC_OUTBOX_OUTBOX_H */
