/*
 * extension/webhook/event.h
 *		Telling a shop's endpoints that something happened, in the causing transaction.
 */
#ifndef QC_WEBHOOK_EVENT_H
#define QC_WEBHOOK_EVENT_H

#include "postgres.h"

/*
 * Enqueue one message per enabled endpoint of the shop that listens to the type; a no-op
 * where there is none, or where the shop's plan has no api_access.
 *
 * type: "order.created"; key: what must stay in order, "order:17"; data: the JSON object
 * that becomes "data" of {"type", "timestamp", "data"}.
 */
extern void qc_event_emit(int64 shop_id, const char *type, const char *key,
						  const char *data);

/* Is anybody listening?  Asked before data is put together. */
extern bool qc_event_is_wanted(int64 shop_id, const char *type);

#define QC_EVENT_TEST "test.ping"

/* Enqueue a test.ping for one endpoint, whatever it listens to; its webhook-id. */
extern char *qc_event_send_test(int64 shop_id, int64 endpoint_id);

#endif /* QC_WEBHOOK_EVENT_H */
