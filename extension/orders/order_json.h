/*
 * extension/orders/order_json.h
 *		An order as JSON text, for the API and for events alike: one shape.
 *
 * Of order o, in a statement's list of columns.  Amounts are numerics with two decimals,
 * so they keep the fraction that clients parse.
 */
#ifndef QC_ORDERS_ORDER_JSON_H
#define QC_ORDERS_ORDER_JSON_H

#define QC_ORDER_JSON                                                                    \
	"pg_catalog.json_build_object('id', o.id, 'shop_id', o.shop_id, 'order_code',"       \
	" '#' || o.prefix || o.order_code, 'quantity', (SELECT coalesce(sum(l.quantity), 0)" \
	"  FROM qutecart.order_lines l WHERE l.shop_id = o.shop_id AND l.order_id = o.id),"  \
	" 'amount', o.payable_amount, 'total_amount', o.total_amount, 'discount',"           \
	" o.discount, 'coupon_discount', o.discount, 'delivery_charge',"                     \
	" o.delivery_charge, 'tax_amount', o.tax_amount, 'payable_amount',"                  \
	" o.payable_amount, 'currency', o.currency, 'payment_method', o.payment_method,"     \
	" 'payment_status', o.payment_status, 'order_status', o.order_status,"               \
	" 'created_at', pg_catalog.to_char(o.created_at AT TIME ZONE 'UTC',"                 \
	"  'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), 'placed_at', pg_catalog.to_char("           \
	"  o.created_at AT TIME ZONE 'UTC', 'FMDD Mon, YYYY HH12:MI AM'), 'address',"        \
	" o.address, 'note', o.note, 'products', (SELECT coalesce(pg_catalog.json_agg("      \
	"  pg_catalog.json_build_object('id', l.product_id, 'variant_id', l.variant_id,"     \
	"  'name', l.name, 'sku', l.sku, 'options', l.options, 'order_qty', l.quantity,"     \
	"  'price', l.price) ORDER BY l.id), '[]') FROM qutecart.order_lines l"              \
	"  WHERE l.shop_id = o.shop_id AND l.order_id = o.id))::pg_catalog.text"

#endif /* QC_ORDERS_ORDER_JSON_H */
