/*
 * functions/orders.c
 *		Orders as a client sees them: placed by a customer, read by him and by the shop.
 *
 * Reads run under row-level security and name the shop or the customer besides, so
 * that the index of one of them serves the page.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/formatting.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/core/page.h"
#include "extension/orders/checkout.h"
#include "extension/orders/order_json.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_create_order);
PG_FUNCTION_INFO_V1(qc_fn_list_orders);
PG_FUNCTION_INFO_V1(qc_fn_read_order);
PG_FUNCTION_INFO_V1(qc_fn_list_shop_orders);
PG_FUNCTION_INFO_V1(qc_fn_read_shop_order);

#define STATUS_COUNTS "SELECT o.order_status, count(*) FROM qutecart.orders o WHERE "

#define NOTE_LENGTH 2000
#define PAGE        " ORDER BY o.created_at DESC, o.id DESC LIMIT $3 OFFSET $4"
#define OF_STATUS   " AND ($2 IS NULL OR pg_catalog.lower(o.order_status) = $2)"

/* The two points of view: whose orders, and through which statements. */
typedef struct View
{
	QcStmt page;
	QcStmt counts;
	QcStmt one;
} View;

static View of_customer = {
	.page = {.sql = "SELECT " QC_ORDER_JSON " FROM qutecart.orders o"
					" WHERE o.customer_id = $1" OF_STATUS PAGE,
			 .nargs = 4,
			 .argtypes = {INT8OID, TEXTOID, INT8OID, INT8OID},
			 .is_read = true},
	.counts = {.sql = STATUS_COUNTS "o.customer_id = $1 GROUP BY 1",
			   .nargs = 1,
			   .argtypes = {INT8OID},
			   .is_read = true},
	.one = {.sql = "SELECT " QC_ORDER_JSON " FROM qutecart.orders o"
				   " WHERE o.customer_id = $1 AND o.id = $2",
			.nargs = 2,
			.argtypes = {INT8OID, INT8OID},
			.is_read = true},
};

static View of_shop = {
	.page = {.sql = "SELECT " QC_ORDER_JSON " FROM qutecart.orders o"
					" WHERE o.shop_id = $1" OF_STATUS PAGE,
			 .nargs = 4,
			 .argtypes = {INT8OID, TEXTOID, INT8OID, INT8OID},
			 .is_read = true},
	.counts = {.sql = STATUS_COUNTS "o.shop_id = $1 GROUP BY 1",
			   .nargs = 1,
			   .argtypes = {INT8OID},
			   .is_read = true},
	.one = {.sql = "SELECT " QC_ORDER_JSON " FROM qutecart.orders o"
				   " WHERE o.shop_id = $1 AND o.id = $2",
			.nargs = 2,
			.argtypes = {INT8OID, INT8OID},
			.is_read = true},
};

static QcStmt placed = {
	.sql = "SELECT " QC_ORDER_JSON " FROM qutecart.orders o"
		   " WHERE o.customer_id = $1 AND o.id = ANY ($2) ORDER BY o.shop_id, o.id",
	.nargs = 2,
	.argtypes = {INT8OID, INT8ARRAYOID},
};

/* The words of order_status, and the keys of status_wise_orders. */
static const struct
{
	const char *status;
	const char *key;
} statuses[] = {
	{"Pending", "pending"},       {"Confirm", "confirm"},
	{"Processing", "processing"}, {"Pickup", "pickup"},
	{"On The Way", "on_the_way"}, {"Delivered", "delivered"},
	{"Cancelled", "cancelled"},
};

static void
write_orders(QcJson *json, uint64 n)
{
	qc_json_open(json, "orders", '[');
	for (uint64 i = 0; i < n; i++)
		qc_json_raw(json, NULL, qc_db_text(i, 1));
	qc_json_close(json, ']');
}

/* Write the counts of each status; returns those of the asked one, or of all. */
static int64
write_counts(QcJson *json, uint64 n, const char *asked)
{
	int64 by_status[lengthof(statuses)] = {0};
	int64 all = 0;
	int64 total = 0;

	for (uint64 i = 0; i < n; i++)
		for (int s = 0; s < lengthof(statuses); s++)
			if (strcmp(qc_db_text(i, 1), statuses[s].status) == 0)
				all += by_status[s] = qc_db_int8(i, 2);
	qc_json_open(json, "status_wise_orders", '{');
	qc_json_int(json, "all", all);
	for (int s = 0; s < lengthof(statuses); s++)
	{
		qc_json_int(json, statuses[s].key, by_status[s]);
		if (asked != NULL && pg_strcasecmp(asked, statuses[s].status) == 0)
			total = by_status[s];
	}
	qc_json_close(json, '}');
	return asked == NULL ? all : total;
}

static Datum
list(View *view, int64 owner, FunctionCallInfo fcinfo)
{
	char *asked = qc_arg_text(0);
	QcPage page = qc_page(qc_arg_int4(1, 0), qc_arg_int4(2, 0));
	char *status = asked ? str_tolower(asked, strlen(asked), C_COLLATION_OID) : NULL;
	QcArgs counts = {0};
	QcArgs args = {0};
	QcJson json;

	qc_json_reply_open(&json, "orders");
	qc_db_begin();
	qc_args_int8(&counts, owner);
	qc_json_int(&json, "total",
				write_counts(&json, qc_db_run(&view->counts, &counts), asked));
	qc_args_int8(&args, owner);
	qc_args_text(&args, status);
	qc_args_int8(&args, page.limit);
	qc_args_int8(&args, page.offset);
	write_orders(&json, qc_db_run(&view->page, &args));
	qc_db_end();
	return qc_json_reply_close(&json);
}

static Datum
read_one(View *view, int64 owner, int64 id)
{
	QcArgs args = {0};
	QcJson json;

	qc_json_reply_open(&json, "order details");
	qc_db_begin();
	qc_args_int8(&args, owner);
	qc_args_int8(&args, id);
	if (qc_db_run(&view->one, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("order not found"));
	qc_json_raw(&json, "order", qc_db_text(0, 1));
	qc_db_end();
	return qc_json_reply_close(&json);
}

static void
need_order_fields(FunctionCallInfo fcinfo)
{
	char *method = qc_arg_text(1);
	char *note = qc_arg_text(3);
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (PG_ARGISNULL(0))
		qc_fields_add(&errors, "products", "The products field is required.");
	if (method != NULL && pg_strcasecmp(method, "cash") != 0 &&
		pg_strcasecmp(method, "Cash Payment") != 0)
		qc_fields_add(&errors, "payment_method",
					  "The selected payment method is invalid.");
	if (note != NULL && pg_mbstrlen(note) > NOTE_LENGTH)
		qc_fields_add(&errors, "note",
					  "The note field must not be greater than %d characters.",
					  NOTE_LENGTH);
	qc_fields_raise(&errors);
}

Datum
qc_fn_create_order(PG_FUNCTION_ARGS)
{
	QcCheckout checkout = {.customer_id = qc_context_need_user(),
						   .lines = qc_arg_datum(0),
						   .address = qc_arg_datum(2),
						   .note = qc_arg_text(3)};
	QcArgs args = {0};
	QcJson json;
	Datum order_ids;

	if (qc_context()->actor != QC_ACTOR_CUSTOMER)
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN), errmsg("only a customer can order"),
				errhint("Enter with act_as => 'customer'."));
	need_order_fields(fcinfo);
	order_ids = qc_checkout_place(&checkout);
	qc_json_reply_open(&json, "Order created successfully");
	qc_json_null(&json, "order_payment_url");
	qc_db_begin();
	qc_args_int8(&args, checkout.customer_id);
	qc_args_datum(&args, order_ids, false);
	write_orders(&json, qc_db_run(&placed, &args));
	qc_db_end();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_list_orders(PG_FUNCTION_ARGS)
{
	return list(&of_customer, qc_context_need_user(), fcinfo);
}

Datum
qc_fn_read_order(PG_FUNCTION_ARGS)
{
	return read_one(&of_customer, qc_context_need_user(), qc_arg_int8(0, 0));
}

Datum
qc_fn_list_shop_orders(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();

	qc_context_need("shop.order.index");
	return list(&of_shop, shop_id, fcinfo);
}

Datum
qc_fn_read_shop_order(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();

	qc_context_need("shop.order.show");
	return read_one(&of_shop, shop_id, qc_arg_int8(0, 0));
}
