/*
 * extension/orders/checkout.c
 *		Checkout: lines are resolved, stock is taken, one order per shop is written.
 *
 * Shops are served in ascending order, their products and variants likewise: all
 * checkouts lock rows in the same order.  Every statement names the shop it is for;
 * the shop of a line is that of the published product, never one the client named.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "extension/core/args.h"
#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/orders/checkout.h"

#define MAX_LINES    200
#define MAX_QUANTITY 100000
#define CODE_DIGITS  8
#define CODE_TRIES   5

typedef struct Line
{
	int64 shop_id;
	int64 product_id;
	int64 variant_id; /* 0 = the product itself */
	int32 quantity;
} Line;

/* One shop's order while it is put together. */
typedef struct Leg
{
	int64 shop_id;
	int n;
	Datum product_ids[MAX_LINES];
	Datum variant_ids[MAX_LINES]; /* 0 = the product itself */
	Datum quantities[MAX_LINES];
	Datum prices[MAX_LINES];
	Datum total; /* numeric */
} Leg;

static QcStmt read_lines = {
	.sql = "SELECT l.product_id, coalesce(l.variant_id, 0), l.quantity, l.least,"
		   " coalesce(c.shop_id, 0)"
		   " FROM (SELECT coalesce(x.product_id, x.id) AS product_id, x.variant_id,"
		   "  sum(coalesce(x.quantity, 1)) AS quantity,"
		   "  min(coalesce(x.quantity, 1)) AS least"
		   "  FROM pg_catalog.jsonb_to_recordset($1) AS x(id bigint, product_id bigint,"
		   "  variant_id bigint, quantity integer) GROUP BY 1, 2) l"
		   " LEFT JOIN qutecart.catalogue c ON c.product_id = l.product_id"
		   " ORDER BY c.shop_id, l.product_id, l.variant_id",
	.nargs = 1,
	.argtypes = {JSONBOID},
};

static QcStmt count_variants = {
	.sql = "SELECT count(*), min(v.id) FROM qutecart.product_variants v"
		   " WHERE v.shop_id = $1 AND v.product_id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

/* A product with variants keeps the sum of their stock, so it may run below. */
static QcStmt take_product = {
	.sql = "UPDATE qutecart.products p SET quantity ="
		   " CASE WHEN $4 THEN greatest(p.quantity - $3, 0) ELSE p.quantity - $3 END,"
		   " updated_at = pg_catalog.now()"
		   " WHERE p.shop_id = $1 AND p.id = $2 AND p.deleted_at IS NULL"
		   " AND p.is_active AND p.is_approved AND ($4 OR p.quantity >= $3)"
		   " RETURNING CASE WHEN p.discount_price > 0 THEN p.discount_price"
		   " ELSE p.price END, p.min_order_quantity",
	.nargs = 4,
	.argtypes = {INT8OID, INT8OID, INT4OID, BOOLOID},
};

static QcStmt take_variant = {
	.sql = "UPDATE qutecart.product_variants v SET quantity = v.quantity - $4,"
		   " updated_at = pg_catalog.now()"
		   " WHERE v.shop_id = $1 AND v.product_id = $2 AND v.id = $3"
		   " AND v.quantity >= $4 RETURNING v.price",
	.nargs = 4,
	.argtypes = {INT8OID, INT8OID, INT8OID, INT4OID},
};

static QcStmt read_stock = {
	.sql = "SELECT p.name, coalesce(v.quantity, p.quantity), $3 <> 0 AND v.id IS NULL"
		   " FROM qutecart.products p LEFT JOIN qutecart.product_variants v"
		   " ON v.shop_id = p.shop_id AND v.product_id = p.id AND v.id = $3"
		   " WHERE p.shop_id = $1 AND p.id = $2 AND p.deleted_at IS NULL"
		   " AND p.is_active AND p.is_approved",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT8OID},
};

static QcStmt insert_order = {
	.sql =
		"INSERT INTO qutecart.orders (shop_id, customer_id, order_code, prefix,"
		" currency, total_amount, delivery_charge, payable_amount, address, note)"
		" SELECT s.id, $2, $3, s.prefix, s.currency, $4, s.delivery_charge,"
		" $4 + s.delivery_charge, (SELECT pg_catalog.jsonb_object_agg(a.key, a.value)"
		"  FROM pg_catalog.jsonb_each($5) a WHERE a.key IN ('name', 'phone', 'area',"
		"  'flat_no', 'post_code', 'address_line', 'address_line2', 'address_type',"
		"  'latitude', 'longitude')), $6"
		" FROM qutecart.shops s WHERE s.id = $1 AND s.is_active"
		" ON CONFLICT ON CONSTRAINT order_code_is_unique DO NOTHING RETURNING id",
	.nargs = 6,
	.argtypes = {INT8OID, INT8OID, TEXTOID, NUMERICOID, JSONBOID, TEXTOID},
};

static QcStmt insert_lines = {
	.sql = "INSERT INTO qutecart.order_lines (shop_id, order_id, customer_id,"
		   " product_id, variant_id, name, sku, options, quantity, price)"
		   " SELECT $1, $2, $3, l.product_id, v.id, p.name, coalesce(v.sku, p.code),"
		   " nullif(pg_catalog.concat_ws(' / ', nullif(v.option1_value,"
		   "  'Default Title'), nullif(v.option2_value, ''),"
		   "  nullif(v.option3_value, '')), ''), l.quantity, l.price"
		   " FROM unnest($4, $5, $6, $7)"
		   "  AS l(product_id, variant_id, quantity, price)"
		   " JOIN qutecart.products p ON p.shop_id = $1 AND p.id = l.product_id"
		   " LEFT JOIN qutecart.product_variants v ON v.shop_id = $1"
		   "  AND v.product_id = l.product_id AND v.id = l.variant_id",
	.nargs = 7,
	.argtypes = {INT8OID, INT8OID, INT8OID, INT8ARRAYOID, INT8ARRAYOID, INT4ARRAYOID,
				 NUMERICARRAYOID},
};

static QcStmt read_minimum = {
	.sql = "SELECT $2 < s.min_order_amount, s.min_order_amount, s.name"
		   " FROM qutecart.shops s WHERE s.id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, NUMERICOID},
};

/* Complain about a line in the words of its field. */
static void
refuse_line(const Line *line, const char *field, const char *sentence)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, field, "%s (product " INT64_FORMAT ")", sentence,
				  line->product_id);
	qc_fields_raise(&errors);
}

/* Read and check the client's lines, sorted for locking; returns their number. */
static int
resolve_lines(Datum lines, Line *resolved)
{
	QcArgs args = {0};
	uint64 n;

	qc_args_datum(&args, lines, false);
	n = qc_db_run(&read_lines, &args);
	if (n == 0 || n > MAX_LINES)
	{
		QcFieldErrors errors;

		qc_fields_init(&errors);
		qc_fields_add(&errors, "products", "The products field needs 1 to %d lines.",
					  MAX_LINES);
		qc_fields_raise(&errors);
	}
	for (uint64 i = 0; i < n; i++)
	{
		int64 quantity = qc_db_int8(i, 3);

		resolved[i] = (Line){.product_id = qc_db_int8(i, 1),
							 .variant_id = qc_db_int8(i, 2),
							 .shop_id = qc_db_int8(i, 5)};
		if (qc_db_int4(i, 4) < 1 || quantity > MAX_QUANTITY)
			refuse_line(&resolved[i], "products.quantity",
						"The quantity must be between 1 and 100000.");
		if (resolved[i].shop_id == 0)
			ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("product not found"),
					errdetail("No shop sells product " INT64_FORMAT ".",
							  resolved[i].product_id));
		resolved[i].quantity = (int32) quantity;
	}
	return (int) n;
}

/* A product with one variant is that variant; with several, the client must choose. */
static void
settle_variant(Line *line)
{
	QcArgs args = {0};
	int64 n;

	qc_args_int8(&args, line->shop_id);
	qc_args_int8(&args, line->product_id);
	(void) qc_db_system(&count_variants, &args);
	n = qc_db_int8(0, 1);
	if (line->variant_id == 0 && n == 1)
		line->variant_id = qc_db_int8(0, 2);
	else if (line->variant_id == 0 && n > 1)
		refuse_line(line, "products.variant_id", "The variant field is required.");
}

/* Say why nothing could be taken: the row is gone, or it is not enough. */
static void
refuse_stock(const Line *line)
{
	QcArgs args = {0};

	qc_args_int8(&args, line->shop_id);
	qc_args_int8(&args, line->product_id);
	qc_args_int8(&args, line->variant_id);
	if (qc_db_system(&read_stock, &args) == 0 || qc_db_bool(0, 3))
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("product not found"),
				errdetail("No shop sells product " INT64_FORMAT " in that form.",
						  line->product_id));
	ereport(ERROR, qc_err(QC_ERR_OUT_OF_STOCK),
			errmsg("\"%s\" is out of stock", qc_db_text(0, 1)),
			errdetail("%d ordered, %d left.", line->quantity, qc_db_int4(0, 2)));
}

/* Take the stock of one line; returns the unit price. */
static Datum
take_stock(const Line *line)
{
	QcArgs args = {0};
	bool is_null;
	Datum price;

	qc_args_int8(&args, line->shop_id);
	qc_args_int8(&args, line->product_id);
	qc_args_int4(&args, line->quantity);
	qc_args_bool(&args, line->variant_id != 0);
	if (qc_db_system(&take_product, &args) != 1)
		refuse_stock(line);
	if (line->quantity < qc_db_int4(0, 2))
		refuse_line(line, "products.quantity",
					"The quantity is below the least that may be ordered.");
	price = qc_db_datum(0, 1, &is_null);
	if (line->variant_id == 0)
		return price;
	args = (QcArgs){0};
	qc_args_int8(&args, line->shop_id);
	qc_args_int8(&args, line->product_id);
	qc_args_int8(&args, line->variant_id);
	qc_args_int4(&args, line->quantity);
	if (qc_db_system(&take_variant, &args) != 1)
		refuse_stock(line);
	return qc_db_datum(0, 1, &is_null);
}

static void
add_to_leg(Leg *leg, const Line *line, Datum price)
{
	Datum amount = DirectFunctionCall2(
		numeric_mul, price, NumericGetDatum(int64_to_numeric(line->quantity)));

	leg->product_ids[leg->n] = Int64GetDatum(line->product_id);
	leg->variant_ids[leg->n] = Int64GetDatum(line->variant_id);
	leg->quantities[leg->n] = Int32GetDatum(line->quantity);
	leg->prices[leg->n] = price;
	leg->total = DirectFunctionCall2(numeric_add, leg->total, amount);
	leg->n++;
}

static void
need_minimum(const Leg *leg)
{
	QcArgs args = {0};

	qc_args_int8(&args, leg->shop_id);
	qc_args_datum(&args, leg->total, false);
	if (qc_db_system(&read_minimum, &args) == 1 && qc_db_bool(0, 1))
		ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED),
				errmsg("the order is below the shop's minimum"),
				errdetail("\"%s\" takes orders from %s on.", qc_db_text(0, 3),
						  qc_db_output(0, 2)));
}

/* A code of random digits: it tells nobody how many orders a shop has. */
static char *
random_code(void)
{
	char *code = palloc(CODE_DIGITS + 1);
	int made = 0;

	while (made < CODE_DIGITS)
	{
		uint8 byte;

		qc_crypto_random(&byte, 1);
		if (byte < 250)
			code[made++] = '0' + byte % 10;
	}
	code[CODE_DIGITS] = '\0';
	return code;
}

static int64
write_order(const Leg *leg, const QcCheckout *checkout)
{
	for (int i = 0; i < CODE_TRIES; i++)
	{
		QcArgs args = {0};

		qc_args_int8(&args, leg->shop_id);
		qc_args_int8(&args, checkout->customer_id);
		qc_args_text(&args, random_code());
		qc_args_datum(&args, leg->total, false);
		qc_args_datum(&args, checkout->address, checkout->address == (Datum) 0);
		qc_args_text(&args, checkout->note);
		if (qc_db_system(&insert_order, &args) == 1)
			return qc_db_int8(0, 1);
	}
	ereport(ERROR, qc_err(QC_ERR_CONFLICT), errmsg("could not find a free order code"),
			errhint("Try again."));
}

static Datum
int8_array(const Datum *values, int n)
{
	return PointerGetDatum(construct_array((Datum *) values, n, INT8OID, sizeof(int64),
										   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static void
write_lines(const Leg *leg, int64 order_id, int64 customer_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, leg->shop_id);
	qc_args_int8(&args, order_id);
	qc_args_int8(&args, customer_id);
	qc_args_datum(&args, int8_array(leg->product_ids, leg->n), false);
	qc_args_datum(&args, int8_array(leg->variant_ids, leg->n), false);
	qc_args_datum(
		&args,
		PointerGetDatum(construct_array((Datum *) leg->quantities, leg->n, INT4OID,
										sizeof(int32), true, TYPALIGN_INT)),
		false);
	qc_args_datum(&args,
				  PointerGetDatum(construct_array((Datum *) leg->prices, leg->n,
												  NUMERICOID, -1, false, TYPALIGN_INT)),
				  false);
	qc_db_expect(qc_db_system(&insert_lines, &args), leg->n, "writing order lines");
}

static int64
finish_leg(const Leg *leg, const QcCheckout *checkout)
{
	int64 order_id;

	need_minimum(leg);
	order_id = write_order(leg, checkout);
	write_lines(leg, order_id, checkout->customer_id);
	return order_id;
}

Datum
qc_checkout_place(const QcCheckout *checkout)
{
	Line *lines = palloc(sizeof(Line) * MAX_LINES);
	Datum *order_ids = palloc(sizeof(Datum) * MAX_LINES);
	Leg *leg = palloc0(sizeof(Leg));
	int n_orders = 0;
	int n;
	Datum result;

	qc_db_begin();
	n = resolve_lines(checkout->lines, lines);
	for (int i = 0; i < n; i++)
	{
		if (lines[i].shop_id != leg->shop_id)
			*leg = (Leg){.shop_id = lines[i].shop_id,
						 .total = NumericGetDatum(int64_to_numeric(0))};
		settle_variant(&lines[i]);
		add_to_leg(leg, &lines[i], take_stock(&lines[i]));
		if (i + 1 == n || lines[i + 1].shop_id != leg->shop_id)
			order_ids[n_orders++] = Int64GetDatum(finish_leg(leg, checkout));
	}
	result = qc_db_keep_varlena(int8_array(order_ids, n_orders));
	qc_db_end();
	return result;
}
