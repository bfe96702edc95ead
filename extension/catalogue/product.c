/*
 * extension/catalogue/product.c
 *		A product of a shop: checked, written, read back.
 *
 * The sentences are those that clients of the API have always been shown.  What is
 * checked here for a good answer holds in the table as well, for whoever writes there.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "extension/catalogue/parts.h"
#include "extension/catalogue/product.h"
#include "extension/catalogue/slug.h"
#include "extension/core/errors.h"
#include "extension/core/money.h"
#include "extension/media/url.h"

#define HANDLE_TRIES    5
#define MAX_TAGS        250
#define MAX_TAG_LENGTH  255
#define MAX_DESCRIPTION (256 * 1024) /* bytes */

#define FIELD_TYPES                                                                    \
	TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, NUMERICOID, NUMERICOID, NUMERICOID,   \
		INT4OID, INT4OID, TEXTOID, TEXTOID, TEXTARRAYOID, TEXTOID, INT8OID, BOOLOID,   \
		BOOLOID, TEXTOID, TEXTOID, TEXTOID
#define NFIELDS 20

static QcStmt insert_product = {
	.sql = "INSERT INTO qutecart.products (name, handle, code, short_description,"
		   " description, price, discount_price, buy_price, quantity,"
		   " min_order_quantity, brand, product_type, tags, thumbnail_url, media_id,"
		   " is_active, is_digital, meta_title, meta_description, meta_keywords,"
		   " shop_id)"
		   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
		   " $16, $17, $18, $19, $20, $21) ON CONFLICT DO NOTHING RETURNING id",
	.nargs = NFIELDS + 1,
	.argtypes = {FIELD_TYPES, INT8OID},
};

static QcStmt update_product = {
	.sql = "UPDATE qutecart.products SET name = $1, handle = $2, code = $3,"
		   " short_description = $4, description = $5, price = $6,"
		   " discount_price = $7, buy_price = $8, quantity = $9,"
		   " min_order_quantity = $10, brand = $11, product_type = $12, tags = $13,"
		   " thumbnail_url = $14, media_id = $15, is_active = $16, is_digital = $17,"
		   " meta_title = $18, meta_description = $19, meta_keywords = $20,"
		   " updated_at = pg_catalog.now()"
		   " WHERE shop_id = $21 AND id = $22 AND deleted_at IS NULL",
	.nargs = NFIELDS + 2,
	.argtypes = {FIELD_TYPES, INT8OID, INT8OID},
};

static QcStmt lock_product = {
	.sql = "SELECT p.name, p.handle, p.code, p.short_description, p.description,"
		   " p.price, p.discount_price, p.buy_price, p.quantity, p.min_order_quantity,"
		   " p.brand, p.product_type, p.tags, p.thumbnail_url, p.media_id, p.is_active,"
		   " p.is_digital, p.meta_title, p.meta_description, p.meta_keywords"
		   " FROM qutecart.products p"
		   " WHERE p.shop_id = $1 AND p.id = $2 AND p.deleted_at IS NULL FOR UPDATE",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt find_product = {
	.sql = "SELECT p.id FROM qutecart.products p"
		   " WHERE p.shop_id = $1 AND p.handle = $2 AND p.deleted_at IS NULL",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt find_code = {
	.sql = "SELECT p.id FROM qutecart.products p"
		   " WHERE p.shop_id = $1 AND p.code = $2 AND p.deleted_at IS NULL",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

/* The highest number behind a handle, "tea-7" -> 7; 1 when only "tea" is taken. */
static QcStmt find_last_number = {
	.sql =
		"SELECT coalesce(max(pg_catalog.substr(p.handle, length($2) + 2)::bigint), 1)"
		" FROM qutecart.products p WHERE p.shop_id = $1 AND p.deleted_at IS NULL"
		" AND pg_catalog.left(p.handle, length($2) + 1) = $2 || '-'"
		" AND pg_catalog.substr(p.handle, length($2) + 2) ~ '^[1-9][0-9]{0,8}$'",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt find_media = {
	.sql = "SELECT m.id FROM qutecart.media m"
		   " WHERE m.shop_id = $1 AND m.id = $2 AND m.status = 'confirmed'",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

void
qc_product_init(QcProduct *product)
{
	memset(product, 0, sizeof(*product));
	product->min_order_quantity = 1;
	product->is_active = true;
}

/* Trims a text; an empty one becomes NULL, as an absent one is. */
static void
check_text(QcFieldErrors *errors, const char *field, const char *words, char **value,
		   int max_len)
{
	char *text = *value;
	int len;

	if (text == NULL)
		return;
	text += strspn(text, " \t\r\n");
	for (len = strlen(text); len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL; len--)
		text[len - 1] = '\0';
	*value = *text != '\0' ? text : NULL;
	if (len > max_len && pg_mbstrlen_with_len(text, len) > max_len)
		qc_fields_add(errors, field,
					  "The %s field must not be greater than %d characters.", words,
					  max_len);
}

static void
check_amount(QcFieldErrors *errors, const char *field, const char *words, int64 amount)
{
	if (amount < 0)
		qc_fields_add(errors, field, "The %s field must be at least 0.", words);
	else if (amount > QC_MONEY_MAX)
		qc_fields_add(errors, field, "The %s field %s", words,
					  qc_money_complaint(QC_MONEY_TOO_LARGE));
}

static void
check_texts(QcProduct *p, QcFieldErrors *errors)
{
	check_text(errors, "name", "name", &p->name, 191);
	check_text(errors, "handle", "handle", &p->handle, 255);
	check_text(errors, "code", "code", &p->code, 64);
	check_text(errors, "short_description", "short description", &p->short_description,
			   1000);
	check_text(errors, "description", "description", &p->description, MAX_DESCRIPTION);
	check_text(errors, "brand", "brand", &p->brand, 191);
	check_text(errors, "product_type", "product type", &p->product_type, 191);
	check_text(errors, "meta_title", "meta title", &p->meta_title, 191);
	check_text(errors, "meta_description", "meta description", &p->meta_description,
			   500);
	check_text(errors, "meta_keywords", "meta keywords", &p->meta_keywords, 500);
	check_text(errors, "thumbnail", "thumbnail", &p->thumbnail_url, 2000);
	if (p->name == NULL)
		qc_fields_add(errors, "name", "The name field is required.");
	if (p->thumbnail_url != NULL && !qc_media_url_is_web(p->thumbnail_url))
		qc_fields_add(errors, "thumbnail", "The thumbnail field must be a valid URL.");
}

static void
check_numbers(QcProduct *p, QcFieldErrors *errors)
{
	check_amount(errors, "price", "price", p->price);
	check_amount(errors, "discount_price", "discount price", p->discount_price);
	check_amount(errors, "buy_price", "buy price", p->buy_price);
	if (p->discount_price > p->price && p->price >= 0)
		qc_fields_add(errors, "discount_price",
					  "The discount price field must not be greater than the price.");
	if (p->quantity < 0)
		qc_fields_add(errors, "quantity", "The quantity field must be at least 0.");
	if (p->min_order_quantity < 1)
		qc_fields_add(errors, "min_order_quantity",
					  "The min order quantity field must be at least 1.");
}

static void
check_tags(QcProduct *p, QcFieldErrors *errors)
{
	Datum *tags;
	bool *nulls;
	int n;

	if (p->tags == (Datum) 0)
		return;
	deconstruct_array(DatumGetArrayTypeP(p->tags), TEXTOID, -1, false, TYPALIGN_INT,
					  &tags, &nulls, &n);
	if (n > MAX_TAGS)
		qc_fields_add(errors, "tags",
					  "The tags field must not have more than %d items.", MAX_TAGS);
	for (int i = 0; i < n; i++)
		if (nulls[i] || pg_mbstrlen(TextDatumGetCString(tags[i])) > MAX_TAG_LENGTH)
		{
			qc_fields_add(errors, "tags",
						  "A tag must not be greater than %d characters.",
						  MAX_TAG_LENGTH);
			return;
		}
}

static bool
has_row(QcStmt *stmt, int64 shop_id, int64 id)
{
	QcArgs args = {0};
	bool found;

	qc_db_begin();
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, id);
	found = qc_db_run(stmt, &args) > 0;
	qc_db_end();
	return found;
}

static int64
id_of(QcStmt *stmt, int64 shop_id, const char *text)
{
	QcArgs args = {0};
	int64 id;

	qc_db_begin();
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, text);
	id = qc_db_run(stmt, &args) > 0 ? qc_db_int8(0, 1) : 0;
	qc_db_end();
	return id;
}

void
qc_product_check(QcProduct *product, QcFieldErrors *errors, int64 shop_id)
{
	check_texts(product, errors);
	check_numbers(product, errors);
	check_tags(product, errors);
	if (product->media_id != 0 && !has_row(&find_media, shop_id, product->media_id))
		qc_fields_add(errors, "media_id", "The selected media id is invalid.");
	if (product->variants != (Datum) 0)
		qc_parts_check_variants(product->variants, errors, &product->quantity);
	if (product->images != (Datum) 0)
		qc_parts_check_images(product->images, errors, shop_id);
}

int64
qc_product_find(int64 shop_id, const char *handle)
{
	return id_of(&find_product, shop_id, handle);
}

static void
field_args(QcArgs *args, const QcProduct *p)
{
	qc_args_text(args, p->name);
	qc_args_text(args, p->handle);
	qc_args_text(args, p->code);
	qc_args_text(args, p->short_description);
	qc_args_text(args, p->description);
	qc_args_datum(args, qc_money_numeric(p->price), false);
	qc_args_datum(args, qc_money_numeric(p->discount_price), false);
	qc_args_datum(args, qc_money_numeric(p->buy_price), false);
	qc_args_int4(args, p->quantity);
	qc_args_int4(args, p->min_order_quantity);
	qc_args_text(args, p->brand);
	qc_args_text(args, p->product_type);
	qc_args_datum(args,
				  p->tags ? p->tags : PointerGetDatum(construct_empty_array(TEXTOID)),
				  false);
	qc_args_text(args, p->media_id ? NULL : p->thumbnail_url);
	qc_args_id(args, p->media_id);
	qc_args_bool(args, p->is_active);
	qc_args_bool(args, p->is_digital);
	qc_args_text(args, p->meta_title);
	qc_args_text(args, p->meta_description);
	qc_args_text(args, p->meta_keywords);
}

/* Another product of the shop has the code: the answer that clients know. */
static void
refuse_code(void)
{
	ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED),
			qc_err_members("\"data\":{\"errors\":{\"code\":"
						   "[\"The product code already exists\"]}}"),
			errmsg("Product code already exists"),
			errhint("Choose another code, or leave it out."));
}

static void
refuse_handle(void)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, "handle", "The handle has already been taken.");
	qc_fields_raise(&errors);
}

/* "tea" -> "tea-2", or one more than the highest there is. */
static char *
next_handle(int64 shop_id, const char *handle)
{
	QcArgs args = {0};
	int64 number;

	qc_db_begin();
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, handle);
	(void) qc_db_run(&find_last_number, &args);
	number = qc_db_int8(0, 1) + 1;
	qc_db_end();
	return psprintf("%s-" INT64_FORMAT, handle, number);
}

/* Returns 0 when the handle or the code is taken. */
static int64
insert(const QcProduct *product, int64 shop_id)
{
	QcArgs args = {0};
	int64 id;

	field_args(&args, product);
	qc_args_int8(&args, shop_id);
	qc_db_begin();
	id = qc_db_run(&insert_product, &args) > 0 ? qc_db_int8(0, 1) : 0;
	qc_db_end();
	return id;
}

int64
qc_product_create(QcProduct *product, int64 shop_id)
{
	char slug[4 * QC_SLUG_MAX + 1];
	bool is_made = product->handle == NULL;
	int64 id = 0;

	if (is_made)
		product->handle = pstrdup(qc_slug_make(product->name, slug));
	for (int i = 0; i < HANDLE_TRIES && id == 0; i++)
	{
		id = insert(product, shop_id);
		if (id == 0 && product->code != NULL &&
			id_of(&find_code, shop_id, product->code))
			refuse_code();
		if (id == 0 && !is_made)
			refuse_handle();
		if (id == 0)
			product->handle = next_handle(shop_id, slug);
	}
	if (id == 0)
		ereport(ERROR, qc_err(QC_ERR_CONFLICT), errmsg("could not find a free handle"),
				errhint("Try again, or choose a handle."));
	qc_parts_write(shop_id, id, product->variants, product->images,
				   qc_money_numeric(product->discount_price > 0
										? product->discount_price
										: product->price));
	return id;
}

static int64
amount(int column)
{
	bool is_null;
	int64 result = 0;

	(void) qc_money_from_numeric(qc_db_datum(0, column, &is_null), &result);
	return result;
}

bool
qc_product_lock(QcProduct *product, int64 shop_id, int64 product_id)
{
	char **const texts[] = {&product->name,
							&product->handle,
							&product->code,
							&product->short_description,
							&product->description,
							NULL,
							NULL,
							NULL,
							NULL,
							NULL,
							&product->brand,
							&product->product_type,
							NULL,
							&product->thumbnail_url,
							NULL,
							NULL,
							NULL,
							&product->meta_title,
							&product->meta_description,
							&product->meta_keywords};
	QcArgs args = {0};
	bool is_null;

	memset(product, 0, sizeof(*product));
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	qc_db_begin();
	if (qc_db_run(&lock_product, &args) == 0)
	{
		qc_db_end();
		return false;
	}
	for (int i = 0; i < lengthof(texts); i++)
		if (texts[i] != NULL)
			*texts[i] = qc_db_keep_text(qc_db_text(0, i + 1));
	product->price = amount(6);
	product->discount_price = amount(7);
	product->buy_price = amount(8);
	product->quantity = qc_db_int4(0, 9);
	product->min_order_quantity = qc_db_int4(0, 10);
	product->tags = qc_db_keep_varlena(qc_db_datum(0, 13, &is_null));
	product->media_id = qc_db_int8(0, 15);
	product->is_active = qc_db_bool(0, 16);
	product->is_digital = qc_db_bool(0, 17);
	qc_db_end();
	return true;
}

/* Somebody else's code or handle is looked for first, for a good answer. */
void
qc_product_update(QcProduct *product, int64 shop_id, int64 product_id)
{
	QcArgs args = {0};
	int64 other;

	other = product->code ? id_of(&find_code, shop_id, product->code) : 0;
	if (other != 0 && other != product_id)
		refuse_code();
	other = qc_product_find(shop_id, product->handle);
	if (other != 0 && other != product_id)
		refuse_handle();
	field_args(&args, product);
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	qc_db_begin();
	qc_db_expect(qc_db_run(&update_product, &args), 1, "updating a product");
	qc_db_end();
	qc_parts_write(shop_id, product_id, product->variants, product->images,
				   qc_money_numeric(product->discount_price > 0
										? product->discount_price
										: product->price));
}
