/*
 * extension/webhook/event.h
 *		Telling a shop's endpoints that something happened, in the causing transaction.
 *
 * What changes again in the same transaction is told once, as it ended: the message is
 * written anew, or taken back.
 */
#ifndef QC_WEBHOOK_EVENT_H
#define QC_WEBHOOK_EVENT_H

#include "postgres.h"

#define QC_EVENT_TEST "test.ping"

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

/* Has this transaction told this already, as far as memory says? */
extern bool qc_event_was_told(int64 shop_id, const char *type, const char *key);

/*
 * Give what this transaction has told other data; false when there is nothing of it, not
 * any more either, after a rollback to a savepoint.
 */
extern bool qc_event_retell(int64 shop_id, const char *type, const char *key,
							const char *data);

/* Take it back; false likewise. */
extern bool qc_event_take_back(int64 shop_id, const char *type, const char *key);

/* Enqueue a test.ping for one endpoint, whatever it listens to; its webhook-id. */
extern char *qc_event_send_test(int64 shop_id, int64 endpoint_id);

#endif /* QC_WEBHOOK_EVENT_H */
