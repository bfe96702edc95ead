/*
 * extension/orders/event.h
 *		What a shop's endpoints are told about its orders.
 *
 * Each is told as the order is now; one that is gone is not told of.  No-ops where nobody
 * listens.
 */
#ifndef QC_ORDERS_EVENT_H
#define QC_ORDERS_EVENT_H

#include "postgres.h"

extern void qc_order_tell_created(int64 shop_id, int64 order_id);

/* Its lines came in: what this transaction has told of it gets them. */
extern void qc_order_tell_lines(int64 shop_id, int64 order_id);

extern void qc_order_tell_paid(int64 shop_id, int64 order_id);
extern void qc_order_tell_status(int64 shop_id, int64 order_id, const char *from,
								 const char *to);

/* Also when its products came in: they are added to what was told. */
extern void qc_order_tell_returned(int64 shop_id, int64 return_id);

#endif /* QC_ORDERS_EVENT_H */
