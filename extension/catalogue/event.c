/*
 * extension/catalogue/event.c
 *		What a shop's endpoints are told about its products.
 *
 * A product is told with its variants, without its description, which may be a megabyte
 * long, and its pictures.  The messages of one product leave in order: their key is the
 * product's.
 */
#include "postgres.h"

#include "extension/catalogue/event.h"
#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/webhook/event.h"

#define CREATED   "product.created"
#define UPDATED   "product.updated"
#define DELETED   "product.deleted"
#define LOW_STOCK "stock.low"

#define TIME_FORM "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'"

#define VARIANT                                                                        \
	"pg_catalog.json_build_object('id', v.id, 'option1_name', v.option1_name,"         \
	" 'option1_value', v.option1_value, 'option2_name', v.option2_name,"               \
	" 'option2_value', v.option2_value, 'option3_name', v.option3_name,"               \
	" 'option3_value', v.option3_value, 'sku', v.sku, 'barcode', v.barcode,"           \
	" 'price', v.price, 'compare_at_price', v.compare_at_price, 'quantity',"           \
	" v.quantity)"

static QcStmt read_product = {
	.sql =
		"SELECT pg_catalog.json_build_object('id', p.id, 'name', p.name, 'handle',"
		" p.handle, 'code', p.code, 'short_description', p.short_description, 'price',"
		" p.price, 'discount_price', p.discount_price, 'quantity', p.quantity,"
		" 'min_order_quantity', p.min_order_quantity, 'brand', p.brand,"
		" 'product_type', p.product_type, 'tags', p.tags, 'is_active', p.is_active,"
		" 'is_approved', p.is_approved, 'is_featured', p.is_featured, 'is_digital',"
		" p.is_digital, 'created_at', pg_catalog.to_char(p.created_at AT TIME ZONE"
		"  'UTC', " TIME_FORM "), 'updated_at', pg_catalog.to_char(p.updated_at"
		"  AT TIME ZONE 'UTC', " TIME_FORM "), 'variants', (SELECT"
		"  coalesce(pg_catalog.json_agg(" VARIANT " ORDER BY v.position, v.id), '[]')"
		"  FROM qutecart.product_variants v WHERE v.shop_id = p.shop_id"
		"  AND v.product_id = p.id))::text"
		" FROM qutecart.products p WHERE p.shop_id = $1 AND p.id = $2"
		" AND p.deleted_at IS NULL",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static char *
key_of(int64 product_id)
{
	return psprintf("product:" INT64_FORMAT, product_id);
}

/* The product as it is now; NULL when it is gone or deleted. */
static char *
read_data(int64 shop_id, int64 product_id)
{
	QcArgs args = {0};
	char *product = NULL;
	QcJson json;

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	qc_db_begin();
	if (qc_db_system(&read_product, &args) == 1)
		product = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	if (product == NULL)
		return NULL;
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_int(&json, "shop_id", shop_id);
	qc_json_raw(&json, "product", product);
	qc_json_close(&json, '}');
	return json.out.data;
}

void
qc_product_tell_created(int64 shop_id, int64 product_id)
{
	char *key = key_of(product_id);
	char *data;

	if (!qc_event_was_told(shop_id, DELETED, key) &&
		!qc_event_is_wanted(shop_id, CREATED))
		return;
	data = read_data(shop_id, product_id);
	if (data == NULL)
		return;
	if (!qc_event_take_back(shop_id, DELETED, key))
		qc_event_emit(shop_id, CREATED, key, data);
	else if (!qc_event_retell(shop_id, UPDATED, key, data))
		qc_event_emit(shop_id, UPDATED, key, data);
}

void
qc_product_tell_updated(int64 shop_id, int64 product_id)
{
	char *key = key_of(product_id);
	char *data;

	if (!qc_event_was_told(shop_id, CREATED, key) &&
		!qc_event_is_wanted(shop_id, UPDATED))
		return;
	data = read_data(shop_id, product_id);
	if (data != NULL && !qc_event_retell(shop_id, CREATED, key, data) &&
		!qc_event_retell(shop_id, UPDATED, key, data))
		qc_event_emit(shop_id, UPDATED, key, data);
}

/* {"shop_id", "product": {…; the caller closes both. */
static void
begin_brief(QcJson *json, const QcProductBrief *product)
{
	qc_json_init(json);
	qc_json_open(json, NULL, '{');
	qc_json_int(json, "shop_id", product->shop_id);
	qc_json_open(json, "product", '{');
	qc_json_int(json, "id", product->id);
	qc_json_text(json, "name", product->name);
	qc_json_text(json, "handle", product->handle);
	qc_json_text(json, "code", product->code);
}

void
qc_product_tell_deleted(const QcProductBrief *product)
{
	char *key = key_of(product->id);
	QcJson json;

	if (qc_event_take_back(product->shop_id, CREATED, key))
		return;
	(void) qc_event_take_back(product->shop_id, UPDATED, key);
	begin_brief(&json, product);
	qc_json_close(&json, '}');
	qc_json_close(&json, '}');
	qc_event_emit(product->shop_id, DELETED, key, json.out.data);
}

void
qc_product_tell_low_stock(const QcProductBrief *product, int32 quantity,
						  int64 threshold)
{
	QcJson json;

	begin_brief(&json, product);
	qc_json_int(&json, "quantity", quantity);
	qc_json_close(&json, '}');
	qc_json_int(&json, "threshold", threshold);
	qc_json_close(&json, '}');
	qc_event_emit(product->shop_id, LOW_STOCK, key_of(product->id), json.out.data);
}
