/*
 * extension/orders/returning.c
 *		Giving products of a delivered order back.
 *
 * The days count from delivery.  A product is returned with all its pieces, at the price
 * it was ordered for, and once: a constraint keeps two requests at the same time apart.
 */
#include "postgres.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/settings.h"
#include "extension/orders/returning.h"

#define DAYS_SETTING  "return_order_within_days"
#define DAYS_FALLBACK 3

static QcStmt find_order = {
	.sql = "SELECT o.shop_id, o.order_status, coalesce(o.delivered_at, o.created_at)"
		   "  < pg_catalog.now() - pg_catalog.make_interval(days => $3)"
		   " FROM qutecart.orders o WHERE o.customer_id = $1 AND o.id = $2",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT4OID},
};

static QcStmt find_missing = {
	.sql = "SELECT w.id FROM unnest($3) w (id) WHERE NOT EXISTS ("
		   "  SELECT FROM qutecart.order_lines l WHERE l.shop_id = $1"
		   "  AND l.order_id = $2 AND l.product_id = w.id) LIMIT 1",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT8ARRAYOID},
};

static QcStmt find_returned = {
	.sql = "SELECT pg_catalog.string_agg(d.product_id::text, ', ' ORDER BY"
		   "  d.product_id) FROM qutecart.return_order_details d"
		   " WHERE d.shop_id = $1 AND d.order_id = $2 AND d.product_id = ANY ($3)",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT8ARRAYOID},
	.is_latest = true,
};

/* One after the other for one order: its row is the lock. */
static QcStmt lock_order = {
	.sql = "SELECT FROM qutecart.orders o WHERE o.shop_id = $1 AND o.id = $2"
		   " FOR NO KEY UPDATE",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt insert_return = {
	.sql = "INSERT INTO qutecart.return_orders (shop_id, order_id, customer_id, amount,"
		   " bank_name, bank_account_number, reason, return_address)"
		   " SELECT $1, $2, $3, coalesce(sum(l.price * l.quantity), 0), $5, $6, $7, $8"
		   " FROM qutecart.order_lines l WHERE l.shop_id = $1 AND l.order_id = $2"
		   " AND l.product_id = ANY ($4) RETURNING id",
	.nargs = 8,
	.argtypes = {INT8OID, INT8OID, INT8OID, INT8ARRAYOID, TEXTOID, TEXTOID, TEXTOID,
				 TEXTOID},
};

static QcStmt insert_details = {
	.sql = "INSERT INTO qutecart.return_order_details (shop_id, return_order_id,"
		   " order_id, customer_id, product_id, price, quantity)"
		   " SELECT $1, $5, $2, $3, l.product_id,"
		   " pg_catalog.round(sum(l.price * l.quantity) / sum(l.quantity), 2),"
		   " sum(l.quantity) FROM qutecart.order_lines l WHERE l.shop_id = $1"
		   " AND l.order_id = $2 AND l.product_id = ANY ($4)"
		   " GROUP BY l.product_id ORDER BY l.product_id",
	.nargs = 5,
	.argtypes = {INT8OID, INT8OID, INT8OID, INT8ARRAYOID, INT8OID},
};

#define BRIEF                                                                          \
	"SELECT r.id, o.prefix || o.order_code, r.reason, r.amount, r.status,"             \
	" r.payment_status, r.reject_note, pg_catalog.to_char(r.created_at"                \
	"  AT TIME ZONE 'UTC', 'FMDD FMMonth, YYYY'), r.return_address,"                   \
	" (SELECT sum(d.quantity) FROM qutecart.return_order_details d"                    \
	"  WHERE d.shop_id = r.shop_id AND d.return_order_id = r.id)"

#define OF                                                                             \
	" FROM qutecart.return_orders r JOIN qutecart.orders o ON o.shop_id = r.shop_id"   \
	" AND o.id = r.order_id WHERE ($1 IS NULL OR r.shop_id = $1)"                      \
	" AND ($2 IS NULL OR r.customer_id = $2)"

static QcStmt count_returns = {
	.sql = "SELECT count(*) FROM qutecart.return_orders r"
		   " WHERE ($1 IS NULL OR r.shop_id = $1)"
		   " AND ($2 IS NULL OR r.customer_id = $2)",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
	.is_custom = true,
};

static QcStmt read_page = {
	.sql = BRIEF OF " ORDER BY r.created_at DESC, r.id DESC LIMIT $3 OFFSET $4",
	.nargs = 4,
	.argtypes = {INT8OID, INT8OID, INT8OID, INT8OID},
	.is_read = true,
	.is_custom = true,
};

static QcStmt read_one = {
	.sql = BRIEF
	", s.name, u.name, u.phone, u.email, (SELECT coalesce(pg_catalog.json_agg("
	"  pg_catalog.json_build_object('product_id', d.product_id, 'product_name',"
	"  p.name, 'product_price', d.price, 'thumbnail', p.thumbnail_url, 'quantity',"
	"  d.quantity, 'color', NULL, 'size', NULL, 'unit', NULL, 'price',"
	"  d.price * d.quantity) ORDER BY d.id), '[]')"
	"  FROM qutecart.return_order_details d JOIN qutecart.products p"
	"  ON p.shop_id = d.shop_id AND p.id = d.product_id"
	"  WHERE d.shop_id = r.shop_id AND d.return_order_id = r.id)::text"
	" FROM qutecart.return_orders r"
	" JOIN qutecart.orders o ON o.shop_id = r.shop_id AND o.id = r.order_id"
	" JOIN qutecart.shops s ON s.id = r.shop_id"
	" LEFT JOIN qutecart.users u ON u.id = r.customer_id"
	" WHERE ($1 IS NULL OR r.shop_id = $1) AND ($2 IS NULL OR r.customer_id = $2)"
	" AND r.id = $3",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT8OID},
	.is_custom = true,
};

static QcStmt decide = {
	.sql = "UPDATE qutecart.return_orders r SET status = $3,"
		   " updated_at = pg_catalog.now() WHERE r.shop_id = $1 AND r.id = $2"
		   " RETURNING r.payment_status",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTOID},
};

/* Columns of BRIEF, and of read_one behind them. */
enum
{
	ID = 1,
	ORDER_CODE,
	REASON,
	AMOUNT,
	STATUS,
	IS_PAID,
	REJECT_NOTE,
	RETURN_DATE,
	RETURN_ADDRESS,
	QUANTITY,
	SHOP_NAME,
	CUSTOMER_NAME,
	CUSTOMER_PHONE,
	CUSTOMER_EMAIL,
	PRODUCTS
};

static void
refuse(const char *field, const char *sentence)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, field, "%s", sentence);
	qc_fields_raise(&errors);
}

/* Find the customer's order and check that it can be returned; its shop. */
static int64
need_order(const QcReturn *wish)
{
	int32 days = (int32) qc_setting_int(DAYS_SETTING, DAYS_FALLBACK);
	QcArgs args = {0};

	qc_args_int8(&args, wish->customer_id);
	qc_args_int8(&args, wish->order_id);
	qc_args_int4(&args, days);
	if (qc_db_system(&find_order, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("order not found"));
	if (qc_db_bool(0, 3))
		refuse("order_id", psprintf("Cannot return order after %d days", days));
	if (strcmp(qc_db_text(0, 2), "Delivered") != 0)
		refuse("order_id", "This Order is not Delivered yet");
	return qc_db_int8(0, 1);
}

static void
need_products(const QcReturn *wish, int64 shop_id)
{
	QcArgs order = {0};
	QcArgs args = {0};

	qc_args_int8(&order, shop_id);
	qc_args_int8(&order, wish->order_id);
	(void) qc_db_system(&lock_order, &order);
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, wish->order_id);
	qc_args_datum(&args, wish->product_ids, false);
	if (qc_db_system(&find_missing, &args) > 0)
		refuse("product_ids",
			   psprintf("Product with ID %s not found in this order",
						qc_db_is_null(0, 1) ? "null" : qc_db_output(0, 1)));
	(void) qc_db_system(&find_returned, &args);
	if (!qc_db_is_null(0, 1))
		refuse("product_ids",
			   psprintf("Products with IDs {%s} already returned", qc_db_text(0, 1)));
}

static int64
write_return(const QcReturn *wish, int64 shop_id)
{
	QcArgs args = {0};
	QcArgs details = {0};
	int64 id;

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, wish->order_id);
	qc_args_int8(&args, wish->customer_id);
	qc_args_datum(&args, wish->product_ids, false);
	details = args;
	qc_args_text(&args, wish->bank_name);
	qc_args_text(&args, wish->bank_account_number);
	qc_args_text(&args, wish->reason);
	qc_args_text(&args, wish->return_address);
	qc_db_expect(qc_db_system(&insert_return, &args), 1, "writing a return");
	id = qc_db_int8(0, 1);
	qc_args_int8(&details, id);
	(void) qc_db_system(&insert_details, &details);
	return id;
}

int64
qc_returning_ask(const QcReturn *wish, int64 *shop_id)
{
	int64 id;

	qc_db_begin();
	*shop_id = need_order(wish);
	need_products(wish, *shop_id);
	id = write_return(wish, *shop_id);
	qc_db_end();
	return id;
}

/* Amounts are floats for the apps. */
static void
write_brief(QcJson *json, uint64 row)
{
	qc_json_int(json, "id", qc_db_int8(row, ID));
	qc_json_text(json, "order_id", qc_db_text(row, ORDER_CODE));
	qc_json_text(json, "reason", qc_db_text(row, REASON));
	qc_json_number(json, "amount", qc_db_output(row, AMOUNT));
	qc_json_text(json, "status", qc_db_text(row, STATUS));
	qc_json_text(json, "payment_status", qc_db_bool(row, IS_PAID) ? "Paid" : "Unpaid");
	qc_json_text(json, "reject_note", qc_db_text(row, REJECT_NOTE));
	qc_json_text(json, "return_date", qc_db_text(row, RETURN_DATE));
	qc_json_text(json, "return_address", qc_db_text(row, RETURN_ADDRESS));
}

static void
args_of(QcArgs *args, const QcReturnsOf *of)
{
	qc_args_id(args, of->shop_id);
	qc_args_id(args, of->customer_id);
}

void
qc_returning_write_page(QcJson *json, const QcReturnsOf *of, QcPage page)
{
	QcArgs args = {0};
	uint64 n;

	args_of(&args, of);
	qc_db_begin();
	(void) qc_db_run(&count_returns, &args);
	qc_json_int(json, "total", qc_db_int8(0, 1));
	qc_args_int8(&args, page.limit);
	qc_args_int8(&args, page.offset);
	n = qc_db_run(&read_page, &args);
	qc_json_open(json, "returnOrders", '[');
	for (uint64 i = 0; i < n; i++)
	{
		qc_json_open(json, NULL, '{');
		write_brief(json, i);
		qc_json_int(json, "quantity", qc_db_int8(i, QUANTITY));
		qc_json_close(json, '}');
	}
	qc_json_close(json, ']');
	qc_db_end();
}

/* Runs as the owner: a shop may not read users, nor a customer shops. */
void
qc_returning_write_one(QcJson *json, const char *key, const QcReturnsOf *of, int64 id)
{
	QcArgs args = {0};

	args_of(&args, of);
	qc_args_int8(&args, id);
	qc_db_begin();
	if (qc_db_system(&read_one, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("return not found"));
	qc_json_open(json, key, '{');
	write_brief(json, 0);
	qc_json_text(json, "shop_name", qc_db_text(0, SHOP_NAME));
	qc_json_text(json, "customer_name", qc_db_text(0, CUSTOMER_NAME));
	qc_json_text(json, "customer_phone", qc_db_text(0, CUSTOMER_PHONE));
	qc_json_text(json, "customer_email", qc_db_text(0, CUSTOMER_EMAIL));
	qc_json_raw(json, "return_order_products", qc_db_text(0, PRODUCTS));
	qc_json_close(json, '}');
	qc_db_end();
}

static void
check_status(const char *status)
{
	static const char *const words[] = {"Pending", "Approved", "Damaged", "Mismatch"};

	for (int i = 0; i < lengthof(words); i++)
		if (status != NULL && strcmp(status, words[i]) == 0)
			return;
	refuse("status", "The selected status is invalid.");
}

void
qc_returning_decide(int64 shop_id, int64 id, const char *status)
{
	QcArgs args = {0};

	check_status(status);
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, id);
	qc_args_text(&args, status);
	qc_db_begin();
	if (qc_db_system(&decide, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("return not found"));
	if (qc_db_bool(0, 1))
		ereport(ERROR, qc_err(QC_ERR_CONFLICT), errmsg("the return is refunded"),
				errhint("A refunded return stays as it is."));
	qc_db_end();
}
