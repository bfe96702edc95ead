/*
 * extension/webhook/delivery.h
 *		What became of a shop's webhook messages, attempt by attempt.
 */
#ifndef QC_WEBHOOK_DELIVERY_H
#define QC_WEBHOOK_DELIVERY_H

#include "postgres.h"

#include "datatype/timestamp.h"

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

/* Which ended messages of one endpoint to send again; 0 or NULL does not choose. */
typedef struct QcReplayWish
{
	int64 shop_id;
	int64 endpoint_id;
	int64 delivery_id;      /* of the attempt that ended it */
	const char *message_id; /* "msg_…" */
	const char *outcome;    /* "dead", "delivered"; NULL = both */
	TimestampTz since;      /* it ended then or later */
	TimestampTz until;      /* or before this */
	bool is_dry_run;        /* only say which */
} QcReplayWish;

/*
 * Send them again, under their ids; write "count" and the first "message_ids".  Raises
 * not_found when the endpoint was never sent such a message.
 */
extern void qc_delivery_replay(QcJson *json, const QcReplayWish *wish);

#endif /* QC_WEBHOOK_DELIVERY_H */
