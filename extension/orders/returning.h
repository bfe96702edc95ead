/*
 * extension/orders/returning.h
 *		Giving products of a delivered order back.
 */
#ifndef QC_ORDERS_RETURNING_H
#define QC_ORDERS_RETURNING_H

#include "postgres.h"

#include "extension/core/json.h"
#include "extension/core/page.h"

typedef struct QcReturn
{
	int64 customer_id;
	int64 order_id;
	Datum product_ids; /* bigint[] */
	char *reason;
	char *return_address;
	char *bank_account_number;
	char *bank_name; /* NULL = none */
} QcReturn;

/*
 * Ask to return products, each with all its pieces; returns the return's id, and the
 * shop's in *shop_id.  Raises not_found when the order is not the customer's,
 * validation_failed when it is too old, not delivered, or has no such products, or they
 * are returned already.
 */
extern int64 qc_returning_ask(const QcReturn *wish, int64 *shop_id);

/* Whose returns: of a shop (customer_id 0) or of a customer (shop_id 0). */
typedef struct QcReturnsOf
{
	int64 shop_id;
	int64 customer_id;
} QcReturnsOf;

/* Write "total" and the page of "returnOrders", newest first. */
extern void qc_returning_write_page(QcJson *json, const QcReturnsOf *of, QcPage page);

/* Write one with its products as member "key"; raises not_found. */
extern void qc_returning_write_one(QcJson *json, const char *key, const QcReturnsOf *of,
								   int64 id);

/*
 * What the shop decides: Approved, Damaged, Mismatch, or Pending again.  Raises
 * not_found; validation_failed for another word; conflict when it is refunded.
 */
extern void qc_returning_decide(int64 shop_id, int64 id, const char *status);

#endif /* QC_ORDERS_RETURNING_H */
