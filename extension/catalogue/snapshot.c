/*
 * extension/catalogue/snapshot.c
 *		A product as it is now, for those who are told of it elsewhere.
 *
 * Without its description, which may be a megabyte long, and its pictures.
 */
#include "postgres.h"

#include "extension/catalogue/snapshot.h"
#include "extension/core/db.h"

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

char *
qc_snapshot_product(int64 shop_id, int64 product_id)
{
	QcArgs args = {0};
	char *product = NULL;

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, product_id);
	qc_db_begin();
	if (qc_db_system(&read_product, &args) == 1)
		product = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	return product;
}
