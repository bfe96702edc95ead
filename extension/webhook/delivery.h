/*
 * extension/webhook/delivery.h
 *		What became of a shop's webhook messages, attempt by attempt.
 */
#ifndef QC_WEBHOOK_DELIVERY_H
#define QC_WEBHOOK_DELIVERY_H

#include "postgres.h"

#include "extension/core/json.h"
#include "extension/core/page.h"

/* Which attempts; what is 0 or NULL does not filter. */
typedef struct QcDeliveryFilter
{
	int64 shop_id;
	int64 endpoint_id;
	const char *outcome;    /* "delivered", "retry", "dead" */
	const char *event_type; /* "order.created" */
	const char *message_id; /* "msg_…" */
} QcDeliveryFilter;

/* Write "total" and the page of "deliveries", newest first. */
extern void qc_delivery_write(QcJson *json, const QcDeliveryFilter *filter,
							  QcPage page);

#endif /* QC_WEBHOOK_DELIVERY_H */
