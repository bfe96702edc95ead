/*
 * extension/catalogue/details.c
 *		A published product with everything a product page shows.
 *
 * That the catalogue has the product is what makes it visible: only then are its
 * description, variants and pictures read, past row-level security, by shop and id.
 */
#include "postgres.h"

#include "extension/catalogue/card.h"
#include "extension/catalogue/details.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/money.h"
#include "extension/media/url.h"

#define NEIGHBOURS "500" /* of a shop's products, the newest are looked at */

static QcStmt read_product = {
	.sql = "SELECT " QC_CARD_COLUMNS ", c.shop_id, p.short_description, p.description,"
		   " p.meta_title, p.meta_description, p.meta_keywords, coalesce(p.media_id, 0)"
		   " FROM qutecart.catalogue c JOIN qutecart.shops s ON s.id = c.shop_id"
		   " JOIN qutecart.products p ON p.shop_id = c.shop_id AND p.id = c.product_id"
		   " WHERE c.product_id = $1 AND ($2 IS NULL OR c.shop_id = $2)",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt read_variants = {
	.sql =
		"SELECT v.id, v.option1_name, v.option1_value, v.option2_name,"
		" v.option2_value, v.option3_name, v.option3_value, v.sku, v.barcode, v.price,"
		" v.compare_at_price, v.quantity, v.weight_grams, v.image_url"
		" FROM qutecart.product_variants v WHERE v.shop_id = $1 AND v.product_id = $2"
		" ORDER BY v.position, v.id",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt read_pictures = {
	.sql = "SELECT i.id, coalesce(i.url, m.object_key), i.alt_text"
		   " FROM qutecart.product_images i LEFT JOIN qutecart.media m"
		   " ON m.shop_id = i.shop_id AND m.id = i.media_id"
		   " WHERE i.shop_id = $1 AND i.product_id = $2 ORDER BY i.position, i.id",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
};

/* Of the same type first, then the newest. */
static QcStmt read_related = {
	.sql =
		"SELECT " QC_CARD_COLUMNS " FROM (SELECT n.*, n.product_type IS NOT DISTINCT"
		" FROM (SELECT t.product_type FROM qutecart.catalogue t WHERE t.shop_id = $1"
		" AND t.product_id = $2) AS is_alike FROM (SELECT * FROM qutecart.catalogue a"
		" WHERE a.shop_id = $1 ORDER BY a.shop_id, a.created_at DESC,"
		" a.product_id DESC LIMIT " NEIGHBOURS ") n WHERE n.product_id <> $2"
		" ORDER BY is_alike DESC, n.created_at DESC, n.product_id DESC LIMIT 6) c"
		" JOIN qutecart.shops s ON s.id = c.shop_id"
		" ORDER BY c.is_alike DESC, c.created_at DESC, c.product_id DESC",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt read_popular = {
	.sql = "SELECT " QC_CARD_COLUMNS " FROM (SELECT n.* FROM (SELECT *"
		   " FROM qutecart.catalogue a WHERE a.shop_id = $1 ORDER BY a.shop_id,"
		   " a.created_at DESC, a.product_id DESC LIMIT " NEIGHBOURS ") n"
		   " WHERE n.product_id <> $2"
		   " ORDER BY n.sold DESC, n.created_at DESC, n.product_id DESC LIMIT 6) c"
		   " JOIN qutecart.shops s ON s.id = c.shop_id"
		   " ORDER BY c.sold DESC, c.created_at DESC, c.product_id DESC",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
};

/* Columns of read_product after those of a card. */
enum
{
	SHOP_ID = QC_CARD_NCOLUMNS + 1,
	SHORT_DESCRIPTION,
	DESCRIPTION,
	META_TITLE,
	META_DESCRIPTION,
	META_KEYWORDS,
	MEDIA_ID
};

#define NAME      3
#define THUMBNAIL 4

/* Clients show an empty text where there is none, and fail on null. */
static void
write_text(QcJson *json, const char *key, int column, const char *fallback)
{
	const char *text = qc_db_text(0, column);

	qc_json_text(json, key, text ? text : fallback);
}

static void
write_amount(QcJson *json, const char *key, uint64 row, int column)
{
	qc_json_number(json, key, qc_db_output(row, column));
}

/* The main picture opens the list; it has the id of its file, or 0. */
static void
write_thumbnails(QcJson *json, int64 media_id, const char *main, uint64 n)
{
	qc_json_open(json, "thumbnails", '[');
	qc_json_open(json, NULL, '{');
	qc_json_int(json, "id", media_id);
	qc_json_picture(json, "thumbnail", main);
	qc_json_null(json, "url");
	qc_json_text(json, "type", "image");
	qc_json_close(json, '}');
	for (uint64 i = 0; i < n; i++)
	{
		qc_json_open(json, NULL, '{');
		qc_json_int(json, "id", qc_db_int8(i, 1));
		qc_json_picture(json, "thumbnail", qc_db_text(i, 2));
		qc_json_null(json, "url");
		qc_json_text(json, "type", "image");
		qc_json_close(json, '}');
	}
	qc_json_close(json, ']');
}

static uint64
run_for(QcStmt *stmt, int64 shop_id, int64 product_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	return qc_db_system(stmt, &args);
}

void
qc_details_write_variants(QcJson *json, int64 shop_id, int64 product_id)
{
	static const char *const options[] = {"option1_name", "option1_value",
										  "option2_name", "option2_value",
										  "option3_name", "option3_value"};
	uint64 n = run_for(&read_variants, shop_id, product_id);

	qc_json_open(json, "variants", '[');
	for (uint64 i = 0; i < n; i++)
	{
		qc_json_open(json, NULL, '{');
		qc_json_int(json, "id", qc_db_int8(i, 1));
		for (int o = 0; o < lengthof(options); o++)
			qc_json_text(json, options[o], qc_db_text(i, 2 + o));
		qc_json_text(json, "sku", qc_db_text(i, 8));
		qc_json_text(json, "barcode", qc_db_text(i, 9));
		write_amount(json, "price", i, 10);
		write_amount(json, "compare_at_price", i, 11);
		qc_json_int(json, "quantity", qc_db_int4(i, 12));
		write_amount(json, "weight_grams", i, 13);
		qc_json_text(json, "image", qc_db_text(i, 14));
		qc_json_close(json, '}');
	}
	qc_json_close(json, ']');
}

void
qc_details_write_pictures(QcJson *json, const char *key, int64 shop_id,
						  int64 product_id)
{
	uint64 n = run_for(&read_pictures, shop_id, product_id);

	qc_json_open(json, key, '[');
	for (uint64 i = 0; i < n; i++)
	{
		qc_json_open(json, NULL, '{');
		qc_json_int(json, "id", qc_db_int8(i, 1));
		qc_json_picture(json, "thumbnail", qc_db_text(i, 2));
		qc_json_text(json, "alt_text", qc_db_text(i, 3));
		qc_json_close(json, '}');
	}
	qc_json_close(json, ']');
}

/* Returns the shop of the product. */
static int64
write_product(QcJson *json, int64 product_id, int64 shop_id)
{
	QcArgs args = {0};
	const char *name;
	const char *thumbnail;
	int64 media_id;

	qc_args_int8(&args, product_id);
	qc_args_id(&args, shop_id);
	if (qc_db_system(&read_product, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("product not found"));
	name = qc_db_text(0, NAME);
	thumbnail = qc_db_text(0, THUMBNAIL);
	media_id = qc_db_int8(0, MEDIA_ID);
	shop_id = qc_db_int8(0, SHOP_ID);
	qc_json_open(json, "product", '{');
	qc_card_members(json, 0, false);
	write_text(json, "short_description", SHORT_DESCRIPTION, "");
	write_text(json, "description", DESCRIPTION, "");
	write_text(json, "meta_title", META_TITLE, name);
	write_text(json, "meta_description", META_DESCRIPTION, name);
	write_text(json, "meta_keywords", META_KEYWORDS, NULL);
	qc_json_null(json, "flash_sale");
	qc_card_shop(json, 0);
	write_thumbnails(json, media_id, thumbnail,
					 run_for(&read_pictures, shop_id, product_id));
	qc_details_write_variants(json, shop_id, product_id);
	qc_json_close(json, '}');
	return shop_id;
}

void
qc_details_write(QcJson *json, int64 product_id, int64 shop_id)
{
	qc_db_begin();
	shop_id = write_product(json, product_id, shop_id);
	qc_card_list(json, "related_products", run_for(&read_related, shop_id, product_id));
	qc_card_list(json, "popular_products", run_for(&read_popular, shop_id, product_id));
	qc_db_end();
}
