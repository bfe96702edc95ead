/*
 * extension/outbox/outbox.h
 *		Messages that must leave the server, written in the causing transaction.
 */
#ifndef QC_OUTBOX_OUTBOX_H
#define QC_OUTBOX_OUTBOX_H

#include "postgres.h"

/*
 * Enqueue one message; returns its id.
 *
 * kind: "mail.limit_reached", "webhook.order_created", …; shop_id 0 = the platform's
 * own; key: messages of one key leave in order, "" = no order; payload: a JSON object.
 */
extern int64 qc_outbox_enqueue(const char *kind, int64 shop_id, const char *key,
							   const char *payload);

#endif /* QC_OUTBOX_OUTBOX_H */
