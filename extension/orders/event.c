/*
 * extension/orders/event.c
 *		What a shop's endpoints are told about its orders.
 *
 * The messages of one order leave in order: their key is the order's.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/orders/event.h"
#include "extension/orders/order_json.h"
#include "extension/webhook/event.h"

#define CREATED  "order.created"
#define PAID     "order.paid"
#define RETURNED "order.returned"

static QcStmt read_order = {
	.sql = "SELECT " QC_ORDER_JSON " FROM qutecart.orders o"
		   " WHERE o.shop_id = $1 AND o.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt read_return = {
	.sql =
		"SELECT pg_catalog.json_build_object('id', r.id, 'order_id', r.order_id,"
		" 'order_code', '#' || o.prefix || o.order_code, 'reason', r.reason,"
		" 'amount', r.amount, 'status', r.status, 'payment_status',"
		" CASE WHEN r.payment_status THEN 'Paid' ELSE 'Unpaid' END, 'reject_note',"
		" r.reject_note, 'return_address', r.return_address, 'created_at',"
		" pg_catalog.to_char(r.created_at AT TIME ZONE 'UTC',"
		"  'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), 'products', (SELECT"
		"  coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('id',"
		"  d.product_id, 'name', p.name, 'quantity', d.quantity, 'price', d.price)"
		"  ORDER BY d.id), '[]') FROM qutecart.return_order_details d"
		"  JOIN qutecart.products p ON p.shop_id = d.shop_id AND p.id = d.product_id"
		"  WHERE d.shop_id = r.shop_id AND d.return_order_id = r.id))::text, r.order_id"
		" FROM qutecart.return_orders r"
		" JOIN qutecart.orders o ON o.shop_id = r.shop_id AND o.id = r.order_id"
		" WHERE r.shop_id = $1 AND r.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

/* One change of an order; from and to are NULL but for a change of its status. */
typedef struct Change
{
	const char *type;
	const char *from;
	const char *to;
} Change;

static char *
key_of(int64 order_id)
{
	return psprintf("order:" INT64_FORMAT, order_id);
}

/* Begin the event's data; the caller adds one member and closes it. */
static void
begin_data(QcJson *json, int64 shop_id)
{
	qc_json_init(json);
	qc_json_open(json, NULL, '{');
	qc_json_int(json, "shop_id", shop_id);
}

/* The event's data; NULL when the order is gone. */
static char *
read_data(int64 shop_id, int64 order_id, const Change *change)
{
	QcArgs args = {0};
	char *order = NULL;
	QcJson json;

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, order_id);
	qc_db_begin();
	if (qc_db_system(&read_order, &args) == 1)
		order = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	if (order == NULL)
		return NULL;
	begin_data(&json, shop_id);
	if (change->from != NULL)
	{
		qc_json_text(&json, "from", change->from);
		qc_json_text(&json, "to", change->to);
	}
	qc_json_raw(&json, "order", order);
	qc_json_close(&json, '}');
	return json.out.data;
}

static void
tell(int64 shop_id, int64 order_id, const Change *change)
{
	char *data;

	if (!qc_event_is_wanted(shop_id, change->type))
		return;
	data = read_data(shop_id, order_id, change);
	if (data != NULL)
		qc_event_emit(shop_id, change->type, key_of(order_id), data);
}

void
qc_order_tell_created(int64 shop_id, int64 order_id)
{
	tell(shop_id, order_id, &(Change){.type = CREATED});
}

void
qc_order_tell_lines(int64 shop_id, int64 order_id)
{
	static const char *const types[] = {CREATED, PAID};
	char *key = key_of(order_id);

	for (int i = 0; i < lengthof(types); i++)
	{
		char *data = NULL;

		if (qc_event_was_told(shop_id, types[i], key))
			data = read_data(shop_id, order_id, &(Change){.type = types[i]});
		if (data != NULL)
			(void) qc_event_retell(shop_id, types[i], key, data);
	}
}

void
qc_order_tell_paid(int64 shop_id, int64 order_id)
{
	tell(shop_id, order_id, &(Change){.type = PAID});
}

void
qc_order_tell_status(int64 shop_id, int64 order_id, const char *from, const char *to)
{
	tell(shop_id, order_id,
		 &(Change){.type = "order.status_changed", .from = from, .to = to});
}

void
qc_order_tell_returned(int64 shop_id, int64 return_id)
{
	QcArgs args = {0};
	QcJson json;
	char *key;

	if (!qc_event_is_wanted(shop_id, RETURNED))
		return;
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, return_id);
	qc_db_begin();
	if (qc_db_system(&read_return, &args) == 1)
	{
		begin_data(&json, shop_id);
		qc_json_raw(&json, "return", qc_db_text(0, 1));
		qc_json_close(&json, '}');
		key = key_of(qc_db_int8(0, 2));
		if (!qc_event_retell(shop_id, RETURNED, key, json.out.data))
			qc_event_emit(shop_id, RETURNED, key, json.out.data);
	}
	qc_db_end();
}
