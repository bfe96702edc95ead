/*
 * functions/products.c
 *		A shop's own products, as its members manage them.
 *
 * Reads and writes run under row-level security and name the shop besides.  Switching
 * and deleting have permissions of their own and change one column each: they run as
 * the owner, past the policy that asks for "shop.product.edit".
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/catalogue/details.h"
#include "extension/catalogue/product.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/core/money.h"
#include "extension/core/page.h"
#include "extension/media/url.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_list_shop_products);
PG_FUNCTION_INFO_V1(qc_fn_create_product);
PG_FUNCTION_INFO_V1(qc_fn_read_shop_product);
PG_FUNCTION_INFO_V1(qc_fn_update_product);
PG_FUNCTION_INFO_V1(qc_fn_set_product_status);
PG_FUNCTION_INFO_V1(qc_fn_delete_product);

#define BRIEF                                                                          \
	"p.id, p.name, coalesce(p.thumbnail_url, m.object_key), p.price,"                  \
	" p.discount_price, p.quantity, p.brand, p.is_active, p.is_approved, p.handle,"    \
	" p.code"

#define OF_SHOP                                                                        \
	" FROM qutecart.products p LEFT JOIN qutecart.media m ON m.shop_id = p.shop_id"    \
	" AND m.id = p.media_id WHERE p.shop_id = $1 AND p.deleted_at IS NULL"

#define MATCHING                                                                       \
	" AND ($2 IS NULL OR pg_catalog.strpos(pg_catalog.lower(p.name),"                  \
	"  pg_catalog.lower($2)) > 0 OR pg_catalog.strpos(pg_catalog.lower(p.code),"       \
	"  pg_catalog.lower($2)) > 0)"                                                     \
	" AND ($3 IS NULL OR p.brand = $3) AND ($4 IS NULL OR p.is_active = $4)"

static QcStmt read_page = {
	.sql = "SELECT " BRIEF OF_SHOP MATCHING
		   " ORDER BY p.created_at DESC, p.id DESC LIMIT $5 OFFSET $6",
	.nargs = 6,
	.argtypes = {INT8OID, TEXTOID, TEXTOID, BOOLOID, INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt count_page = {
	.sql = "SELECT count(*) FROM qutecart.products p"
		   " WHERE p.shop_id = $1 AND p.deleted_at IS NULL" MATCHING,
	.nargs = 4,
	.argtypes = {INT8OID, TEXTOID, TEXTOID, BOOLOID},
	.is_read = true,
};

static QcStmt read_one = {
	.sql =
		"SELECT " BRIEF ", p.min_order_quantity, p.short_description, p.description,"
		" p.buy_price, p.product_type, pg_catalog.to_json(p.tags)::text,"
		" p.is_digital, p.meta_title, p.meta_description, p.meta_keywords,"
		" p.created_at, p.updated_at, coalesce(p.media_id, 0)" OF_SHOP " AND p.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt set_status = {
	.sql = "UPDATE qutecart.products p SET is_active = coalesce($3, NOT p.is_active),"
		   " updated_at = pg_catalog.now()"
		   " WHERE p.shop_id = $1 AND p.id = $2 AND p.deleted_at IS NULL"
		   " RETURNING p.is_active AND NOT p.is_approved",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, BOOLOID},
};

static QcStmt mark_deleted = {
	.sql = "UPDATE qutecart.products p SET deleted_at = pg_catalog.now(),"
		   " updated_at = pg_catalog.now()"
		   " WHERE p.shop_id = $1 AND p.id = $2 AND p.deleted_at IS NULL",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt has_variants = {
	.sql = "SELECT FROM qutecart.product_variants v"
		   " WHERE v.shop_id = $1 AND v.product_id = $2 LIMIT 1",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

/* Columns of BRIEF, and of read_one behind them. */
enum
{
	ID = 1,
	NAME,
	THUMBNAIL,
	PRICE,
	DISCOUNT_PRICE,
	QUANTITY,
	BRAND,
	IS_ACTIVE,
	IS_APPROVED,
	HANDLE,
	CODE,
	MIN_ORDER_QUANTITY,
	SHORT_DESCRIPTION,
	DESCRIPTION,
	BUY_PRICE,
	PRODUCT_TYPE,
	TAGS,
	IS_DIGITAL,
	META_TITLE,
	META_DESCRIPTION,
	META_KEYWORDS,
	CREATED_AT,
	UPDATED_AT,
	MEDIA_ID
};

/* Arguments of create_product; update_product has the id before them. */
enum
{
	ARG_NAME,
	ARG_PRICE,
	ARG_QUANTITY,
	ARG_CODE,
	ARG_SHORT_DESCRIPTION,
	ARG_DESCRIPTION,
	ARG_DISCOUNT_PRICE,
	ARG_BUY_PRICE,
	ARG_MIN_ORDER_QUANTITY,
	ARG_BRAND,
	ARG_PRODUCT_TYPE,
	ARG_TAGS,
	ARG_THUMBNAIL,
	ARG_MEDIA_ID,
	ARG_IS_ACTIVE,
	ARG_IS_DIGITAL,
	ARG_META_TITLE,
	ARG_META_DESCRIPTION,
	ARG_META_KEYWORDS,
	ARG_HANDLE,
	ARG_VARIANTS,
	ARG_IMAGES,
	ARG_CATEGORY /* and the other things there are none of yet */
};

static const char *const none_yet[] = {"category", "sub_category", "unit", "color",
									   "size"};

static void
write_brief(QcJson *json, uint64 row)
{
	qc_json_int(json, "id", qc_db_int8(row, ID));
	qc_json_text(json, "name", qc_db_text(row, NAME));
	qc_json_picture(json, "thumbnail", qc_db_text(row, THUMBNAIL));
	qc_json_number(json, "price", qc_db_output(row, PRICE));
	qc_json_number(json, "discount_price", qc_db_output(row, DISCOUNT_PRICE));
	qc_json_int(json, "quantity", qc_db_int4(row, QUANTITY));
	qc_json_bool(json, "is_active", qc_db_bool(row, IS_ACTIVE));
	qc_json_bool(json, "is_approved", qc_db_bool(row, IS_APPROVED));
	qc_json_text(json, "handle", qc_db_text(row, HANDLE));
}

/* Apps read a number where the code is one; others keep their text. */
static void
write_code(QcJson *json, const char *code)
{
	bool is_number = code != NULL && code[0] >= '1' && code[0] <= '9' &&
					 strlen(code) <= 15 && strspn(code, "0123456789") == strlen(code);

	if (is_number)
		qc_json_raw(json, "code", code);
	else
		qc_json_text(json, "code", code);
}

static void
write_details(QcJson *json)
{
	const char *brand = qc_db_text(0, BRAND);

	qc_json_int(json, "min_order_quantity", qc_db_int4(0, MIN_ORDER_QUANTITY));
	write_code(json, qc_db_text(0, CODE));
	qc_json_null(json, "category");
	qc_json_raw(json, "sub_categories", "[]");
	qc_json_raw(json, "sizes", "[]");
	qc_json_raw(json, "colors", "[]");
	qc_json_null(json, "unit");
	if (brand == NULL)
		qc_json_null(json, "brand");
	else
	{
		qc_json_open(json, "brand", '{');
		qc_json_null(json, "id");
		qc_json_text(json, "name", brand);
		qc_json_close(json, '}');
	}
	qc_json_text(json, "short_description", qc_db_text(0, SHORT_DESCRIPTION));
	qc_json_text(json, "description", qc_db_text(0, DESCRIPTION));
	qc_json_number(json, "buy_price", qc_db_output(0, BUY_PRICE));
	qc_json_text(json, "product_type", qc_db_text(0, PRODUCT_TYPE));
	qc_json_raw(json, "tags", qc_db_text(0, TAGS));
	qc_json_bool(json, "is_digital", qc_db_bool(0, IS_DIGITAL));
	qc_json_text(json, "meta_title", qc_db_text(0, META_TITLE));
	qc_json_text(json, "meta_description", qc_db_text(0, META_DESCRIPTION));
	qc_json_text(json, "meta_keywords", qc_db_text(0, META_KEYWORDS));
	qc_json_id(json, "media_id", qc_db_int8(0, MEDIA_ID));
	qc_json_time(json, "created_at", qc_db_time(0, CREATED_AT));
	qc_json_time(json, "updated_at", qc_db_time(0, UPDATED_AT));
}

static void
refuse_missing(void)
{
	ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("product not found"));
}

/* A product of the shop, with or without its details. */
static Datum
product_reply(const char *message, int64 shop_id, int64 product_id, bool has_details)
{
	QcArgs args = {0};
	QcJson json;

	qc_json_reply_open(&json, message);
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	qc_db_begin();
	if (qc_db_run(&read_one, &args) == 0)
		refuse_missing();
	qc_json_open(&json, "product", '{');
	write_brief(&json, 0);
	if (has_details)
	{
		write_details(&json);
		qc_details_write_pictures(&json, "additional_thumbnail", shop_id, product_id);
		qc_details_write_variants(&json, shop_id, product_id);
	}
	else
		qc_json_text(&json, "brand", qc_db_text(0, BRAND));
	qc_json_close(&json, '}');
	qc_db_end();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_list_shop_products(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcPage page = qc_page(qc_arg_int4(0, 0), qc_arg_int4(1, 0));
	QcArgs args = {0};
	QcJson json;
	uint64 n;

	qc_context_need("shop.product.index");
	qc_json_reply_open(&json, "Product list");
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, qc_arg_text(2));
	qc_args_text(&args, qc_arg_text(3));
	qc_args_datum(&args, qc_arg_datum(4), PG_ARGISNULL(4));
	qc_db_begin();
	(void) qc_db_run(&count_page, &args);
	qc_json_int(&json, "total", qc_db_int8(0, 1));
	qc_args_int8(&args, page.limit);
	qc_args_int8(&args, page.offset);
	n = qc_db_run(&read_page, &args);
	qc_json_open(&json, "products", '[');
	for (uint64 i = 0; i < n; i++)
	{
		qc_json_open(&json, NULL, '{');
		write_brief(&json, i);
		qc_json_text(&json, "brand", qc_db_text(i, BRAND));
		qc_json_close(&json, '}');
	}
	qc_json_close(&json, ']');
	qc_db_end();
	return qc_json_reply_close(&json);
}

static void
take_text(FunctionCallInfo fcinfo, int arg, char **field)
{
	if (!PG_ARGISNULL(arg))
		*field = text_to_cstring(PG_GETARG_TEXT_PP(arg));
}

static void
take_amount(FunctionCallInfo fcinfo, int arg, const char *field, const char *words,
			int64 *amount, QcFieldErrors *errors)
{
	QcMoneyVerdict verdict;

	if (PG_ARGISNULL(arg))
		return;
	verdict = qc_money_from_numeric(PG_GETARG_DATUM(arg), amount);
	if (verdict != QC_MONEY_OK)
		qc_fields_add(errors, field, "The %s field %s", words,
					  qc_money_complaint(verdict));
}

/* Take over the arguments that are given; first is where create_product's begin. */
static void
take_args(FunctionCallInfo fcinfo, int first, QcProduct *p, QcFieldErrors *errors)
{
	take_text(fcinfo, first + ARG_NAME, &p->name);
	take_amount(fcinfo, first + ARG_PRICE, "price", "price", &p->price, errors);
	p->quantity = qc_arg_int4(first + ARG_QUANTITY, p->quantity);
	take_text(fcinfo, first + ARG_CODE, &p->code);
	take_text(fcinfo, first + ARG_SHORT_DESCRIPTION, &p->short_description);
	take_text(fcinfo, first + ARG_DESCRIPTION, &p->description);
	take_amount(fcinfo, first + ARG_DISCOUNT_PRICE, "discount_price", "discount price",
				&p->discount_price, errors);
	take_amount(fcinfo, first + ARG_BUY_PRICE, "buy_price", "buy price", &p->buy_price,
				errors);
	p->min_order_quantity =
		qc_arg_int4(first + ARG_MIN_ORDER_QUANTITY, p->min_order_quantity);
	take_text(fcinfo, first + ARG_BRAND, &p->brand);
	take_text(fcinfo, first + ARG_PRODUCT_TYPE, &p->product_type);
	if (!PG_ARGISNULL(first + ARG_TAGS))
		p->tags = PG_GETARG_DATUM(first + ARG_TAGS);
	if (!PG_ARGISNULL(first + ARG_THUMBNAIL))
		p->media_id = 0;
	take_text(fcinfo, first + ARG_THUMBNAIL, &p->thumbnail_url);
	p->media_id = qc_arg_int8(first + ARG_MEDIA_ID, p->media_id);
	p->is_active = qc_arg_bool(first + ARG_IS_ACTIVE, p->is_active);
	p->is_digital = qc_arg_bool(first + ARG_IS_DIGITAL, p->is_digital);
	take_text(fcinfo, first + ARG_META_TITLE, &p->meta_title);
	take_text(fcinfo, first + ARG_META_DESCRIPTION, &p->meta_description);
	take_text(fcinfo, first + ARG_META_KEYWORDS, &p->meta_keywords);
	take_text(fcinfo, first + ARG_HANDLE, &p->handle);
	p->variants = qc_arg_datum(first + ARG_VARIANTS);
	p->images = qc_arg_datum(first + ARG_IMAGES);
	for (int i = 0; i < lengthof(none_yet); i++)
		if (!PG_ARGISNULL(first + ARG_CATEGORY + i))
			qc_fields_add(errors, none_yet[i], "The selected %s is invalid.",
						  none_yet[i]);
}

Datum
qc_fn_create_product(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcFieldErrors errors;
	QcProduct product;
	int64 product_id;

	qc_context_need("shop.product.create");
	qc_fields_init(&errors);
	qc_product_init(&product);
	take_args(fcinfo, 0, &product, &errors);
	if (PG_ARGISNULL(ARG_PRICE))
		qc_fields_add(&errors, "price", "The price field is required.");
	qc_product_check(&product, &errors, shop_id);
	qc_fields_raise(&errors);
	product_id = qc_product_create(&product, shop_id);
	return product_reply("Product created successfully", shop_id, product_id, false);
}

Datum
qc_fn_read_shop_product(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();

	qc_context_need("shop.product.show");
	return product_reply("Product details", shop_id, qc_arg_int8(0, 0), true);
}

/* The stock of a product with variants is theirs: another number would be lost. */
static void
check_stock(int64 shop_id, int64 product_id, int32 before, const QcProduct *product,
			QcFieldErrors *errors)
{
	QcArgs args = {0};

	if (product->variants != (Datum) 0 || product->quantity == before)
		return;
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	qc_db_begin();
	if (qc_db_run(&has_variants, &args) > 0)
		qc_fields_add(errors, "quantity",
					  "The quantity of a product with variants is the sum of theirs.");
	qc_db_end();
}

Datum
qc_fn_update_product(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	int64 product_id = qc_arg_int8(0, 0);
	QcFieldErrors errors;
	QcProduct product;
	int32 quantity;

	qc_context_need("shop.product.edit");
	qc_fields_init(&errors);
	if (!qc_product_lock(&product, shop_id, product_id))
		refuse_missing();
	quantity = product.quantity;
	take_args(fcinfo, 1, &product, &errors);
	qc_product_check(&product, &errors, shop_id);
	check_stock(shop_id, product_id, quantity, &product, &errors);
	qc_fields_raise(&errors);
	qc_product_update(&product, shop_id, product_id);
	return product_reply("Product updated successfully", shop_id, product_id, false);
}

Datum
qc_fn_set_product_status(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	int64 product_id = qc_arg_int8(0, 0);
	QcArgs args = {0};

	qc_context_need("shop.product.toggle");
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	qc_args_datum(&args, qc_arg_datum(1), PG_ARGISNULL(1));
	qc_db_begin();
	if (qc_db_system(&set_status, &args) == 0)
		refuse_missing();
	if (qc_db_bool(0, 1))
		ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED),
				errmsg("Sorry! Your Product is not approved yet!"),
				errhint("An admin approves new products."));
	qc_db_end();
	return product_reply("Status updated successfully", shop_id, product_id, false);
}

Datum
qc_fn_delete_product(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcArgs args = {0};

	qc_context_need("shop.product.destroy");
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, qc_arg_int8(0, 0));
	qc_db_begin();
	if (qc_db_system(&mark_deleted, &args) == 0)
		refuse_missing();
	qc_db_end();
	return qc_json_reply_message("Product deleted successfully");
}
