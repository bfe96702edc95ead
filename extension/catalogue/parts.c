/*
 * extension/catalogue/parts.c
 *		Variants and pictures of a product, as JSON lists.
 *
 * A list is checked as a whole before it is written; values of a wrong type raise the
 * error of their conversion.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "extension/catalogue/parts.h"
#include "extension/core/db.h"

#define MAX_PARTS 250

#define VARIANTS                                                                       \
	"(SELECT o.*, pg_catalog.row_number() OVER () AS position FROM"                    \
	" pg_catalog.jsonb_to_recordset($1) AS o(option1_name text, option1_value text,"   \
	" option2_name text, option2_value text, option3_name text, option3_value text,"   \
	" sku text, barcode text, price numeric, compare_at_price numeric,"                \
	" quantity integer, weight_grams numeric, image_url text)) v"

#define OPTIONS                                                                        \
	"coalesce(nullif(v.option1_value, ''), 'Default Title'),"                          \
	" coalesce(v.option2_value, ''), coalesce(v.option3_value, '')"

/* n counts what complains; each column of the result is one complaint. */
static QcStmt check_variants = {
	.sql = "SELECT count(DISTINCT (" OPTIONS ")),"
		   " count(*) FILTER (WHERE v.price < 0 OR v.compare_at_price < 0),"
		   " count(*) FILTER (WHERE v.quantity < 0),"
		   " count(*) FILTER (WHERE v.image_url !~* '^https?://[^[:space:]\"<>]+$'"
		   "  OR length(v.image_url) > 2000),"
		   " count(*) FILTER (WHERE length(v.sku) > 255 OR length(v.barcode) > 255),"
		   " count(*) FILTER (WHERE v.price >= 1000000000000"
		   "  OR v.compare_at_price >= 1000000000000"
		   "  OR pg_catalog.round(v.price, 2) <> v.price"
		   "  OR pg_catalog.round(v.compare_at_price, 2) <> v.compare_at_price),"
		   " least(coalesce(pg_catalog.sum(v.quantity), 0), 2147483647)::integer"
		   " FROM " VARIANTS,
	.nargs = 1,
	.argtypes = {JSONBOID},
};

static QcStmt drop_other_variants = {
	.sql = "DELETE FROM qutecart.product_variants p WHERE p.shop_id = $2"
		   " AND p.product_id = $3"
		   " AND (p.option1_value, p.option2_value, p.option3_value) NOT IN"
		   " (SELECT " OPTIONS " FROM " VARIANTS ")",
	.nargs = 3,
	.argtypes = {JSONBOID, INT8OID, INT8OID},
};

static QcStmt put_variants = {
	.sql =
		"INSERT INTO qutecart.product_variants AS p (shop_id, product_id, position,"
		" option1_name, option2_name, option3_name, option1_value, option2_value,"
		" option3_value, sku, barcode, price, compare_at_price, quantity,"
		" weight_grams, image_url)"
		" SELECT $2, $3, v.position, v.option1_name, v.option2_name, v.option3_name,"
		" " OPTIONS ", v.sku, v.barcode, coalesce(v.price, $4), v.compare_at_price,"
		" coalesce(v.quantity, 0), v.weight_grams, v.image_url FROM " VARIANTS
		" ON CONFLICT ON CONSTRAINT variant_options_are_unique DO UPDATE SET"
		" position = excluded.position, option1_name = excluded.option1_name,"
		" option2_name = excluded.option2_name, option3_name = excluded.option3_name,"
		" sku = excluded.sku, barcode = excluded.barcode, price = excluded.price,"
		" compare_at_price = excluded.compare_at_price,"
		" quantity = excluded.quantity, weight_grams = excluded.weight_grams,"
		" image_url = excluded.image_url, updated_at = pg_catalog.now()"
		" WHERE (p.position, p.option1_name, p.option2_name, p.option3_name, p.sku,"
		" p.barcode, p.price, p.compare_at_price, p.quantity, p.weight_grams,"
		" p.image_url) IS DISTINCT FROM (excluded.position, excluded.option1_name,"
		" excluded.option2_name, excluded.option3_name, excluded.sku,"
		" excluded.barcode, excluded.price, excluded.compare_at_price,"
		" excluded.quantity, excluded.weight_grams, excluded.image_url)",
	.nargs = 4,
	.argtypes = {JSONBOID, INT8OID, INT8OID, NUMERICOID},
};

#define IMAGES                                                                          \
	"(SELECT CASE pg_catalog.jsonb_typeof(e.value) WHEN 'string' THEN e.value #>> '{}'" \
	" ELSE e.value ->> 'url' END AS url, (e.value ->> 'media_id')::bigint AS media_id," \
	" e.value ->> 'alt_text' AS alt_text, e.position"                                   \
	" FROM pg_catalog.jsonb_array_elements($1) WITH ORDINALITY e(value, position)) i"

static QcStmt check_images = {
	.sql = "SELECT count(*) FILTER (WHERE i.url !~* '^https?://[^[:space:]\"<>]+$'"
		   "  OR length(i.url) > 2000),"
		   " count(*) FILTER (WHERE (i.url IS NULL) = (i.media_id IS NULL)),"
		   " count(*) FILTER (WHERE i.media_id IS NOT NULL AND NOT EXISTS (SELECT"
		   "  FROM qutecart.media m WHERE m.shop_id = $2 AND m.id = i.media_id"
		   "  AND m.status = 'confirmed')),"
		   " count(*) FILTER (WHERE length(i.alt_text) > 512) FROM " IMAGES,
	.nargs = 2,
	.argtypes = {JSONBOID, INT8OID},
};

static QcStmt drop_images = {
	.sql = "DELETE FROM qutecart.product_images WHERE shop_id = $1 AND product_id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt add_images = {
	.sql = "INSERT INTO qutecart.product_images (shop_id, product_id, position, url,"
		   " media_id, alt_text) SELECT $2, $3, i.position, i.url, i.media_id,"
		   " i.alt_text FROM " IMAGES,
	.nargs = 3,
	.argtypes = {JSONBOID, INT8OID, INT8OID},
};

/* The number of elements, or -1 after complaining that it is no list or too long. */
static int
check_list(Datum list, QcFieldErrors *errors, const char *field)
{
	Jsonb *jsonb = DatumGetJsonbP(list);

	if (!JB_ROOT_IS_ARRAY(jsonb) || JB_ROOT_IS_SCALAR(jsonb))
	{
		qc_fields_add(errors, field, "The %s field must be an array.", field);
		return -1;
	}
	if (JB_ROOT_COUNT(jsonb) > MAX_PARTS)
	{
		qc_fields_add(errors, field, "The %s field must not have more than %d items.",
					  field, MAX_PARTS);
		return -1;
	}
	return JB_ROOT_COUNT(jsonb);
}

static bool
has_only_objects(Datum list)
{
	JsonbIterator *it = JsonbIteratorInit(&DatumGetJsonbP(list)->root);
	JsonbIteratorToken token;
	JsonbValue value;

	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
		if (token == WJB_ELEM &&
			(value.type != jbvBinary || !JsonContainerIsObject(value.val.binary.data)))
			return false;
	return true;
}

static void
complain(QcFieldErrors *errors, int column, const char *field, const char *sentence)
{
	if (qc_db_int8(0, column) > 0)
		qc_fields_add(errors, field, "%s", sentence);
}

void
qc_parts_check_variants(Datum variants, QcFieldErrors *errors, int32 *quantity)
{
	int n = check_list(variants, errors, "variants");
	QcArgs args = {0};

	if (n <= 0)
		return;
	if (!has_only_objects(variants))
	{
		qc_fields_add(errors, "variants", "Each variant must be an object.");
		return;
	}
	qc_args_datum(&args, variants, false);
	qc_db_begin();
	(void) qc_db_run(&check_variants, &args);
	if (qc_db_int8(0, 1) < n)
		qc_fields_add(errors, "variants.option1_value",
					  "Two variants have the same options.");
	complain(errors, 2, "variants.price", "The price of a variant must be at least 0.");
	complain(errors, 3, "variants.quantity",
			 "The quantity of a variant must be at least 0.");
	complain(errors, 4, "variants.image_url",
			 "The image of a variant must be a valid URL.");
	complain(errors, 5, "variants.sku",
			 "SKU and barcode must not be greater than 255 characters.");
	complain(errors, 6, "variants.price",
			 "The price of a variant must have at most 2 decimals and be below "
			 "1000000000000.");
	*quantity = qc_db_int4(0, 7);
	qc_db_end();
}

void
qc_parts_check_images(Datum images, QcFieldErrors *errors, int64 shop_id)
{
	QcArgs args = {0};

	if (check_list(images, errors, "images") <= 0)
		return;
	qc_args_datum(&args, images, false);
	qc_args_int8(&args, shop_id);
	qc_db_begin();
	(void) qc_db_run(&check_images, &args);
	complain(errors, 1, "images.url", "The URL of an image must be a valid URL.");
	complain(errors, 2, "images", "An image needs either url or media_id.");
	complain(errors, 3, "images.media_id", "The selected media id is invalid.");
	complain(errors, 4, "images.alt_text",
			 "The alt text must not be greater than 512 characters.");
	qc_db_end();
}

static void
write_variants(int64 shop_id, int64 product_id, Datum variants, Datum price)
{
	QcArgs args = {0};

	qc_args_datum(&args, variants, false);
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	(void) qc_db_run(&drop_other_variants, &args);
	qc_args_datum(&args, price, false);
	(void) qc_db_run(&put_variants, &args);
}

static void
write_images(int64 shop_id, int64 product_id, Datum images)
{
	QcArgs gone = {0};
	QcArgs come = {0};

	qc_args_int8(&gone, shop_id);
	qc_args_int8(&gone, product_id);
	(void) qc_db_run(&drop_images, &gone);
	qc_args_datum(&come, images, false);
	qc_args_int8(&come, shop_id);
	qc_args_int8(&come, product_id);
	(void) qc_db_run(&add_images, &come);
}

void
qc_parts_write(int64 shop_id, int64 product_id, Datum variants, Datum images,
			   Datum price)
{
	qc_db_begin();
	if (variants != (Datum) 0)
		write_variants(shop_id, product_id, variants, price);
	if (images != (Datum) 0)
		write_images(shop_id, product_id, images);
	qc_db_end();
}
