/*
 * extension/orders/checkout.h
 *		Turning lines into orders: one order per shop, all or none.
 */
#ifndef QC_ORDERS_CHECKOUT_H
#define QC_ORDERS_CHECKOUT_H

#include "postgres.h"

typedef struct QcCheckout
{
	int64 customer_id;
	Datum lines;   /* jsonb: [{product_id or id, variant_id?, quantity?}, …] */
	Datum address; /* jsonb object; (Datum) 0 = none */
	char *note;    /* NULL = none */
} QcCheckout;

/*
 * Place the orders; returns their ids as a bigint[] datum in the caller's context.
 *
 * Prices, names and delivery charges are the shop's, never the client's.  Stock is
 * taken in the order of shop, product and variant, so that two checkouts cannot wait
 * for each other.  Raises validation_failed, not_found, out_of_stock, and
 * plan_limit_reached when a shop's month is full; then nothing has happened.
 */
extern Datum qc_checkout_place(const QcCheckout *checkout);

#endif /* QC_ORDERS_CHECKOUT_H */
