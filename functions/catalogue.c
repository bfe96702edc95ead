/*
 * functions/catalogue.c
 *		What anybody may see of the shops' products, and the care of that view.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "extension/catalogue/details.h"
#include "extension/catalogue/listing.h"
#include "extension/catalogue/publish.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/json.h"

PG_FUNCTION_INFO_V1(qc_fn_list_products);
PG_FUNCTION_INFO_V1(qc_fn_read_product);
PG_FUNCTION_INFO_V1(qc_fn_read_product_details);
PG_FUNCTION_INFO_V1(qc_fn_catalogue_audit);
PG_FUNCTION_INFO_V1(qc_fn_rebuild_catalogue);

/* What clients call the orders; any other word means the usual one. */
static const struct
{
	const char *name;
	QcListOrder order;
} orders[] = {
	{"newest", QC_LIST_NEWEST},           {"just_for_you", QC_LIST_NEWEST},
	{"low_to_high", QC_LIST_CHEAPEST},    {"high_to_low", QC_LIST_DEAREST},
	{"top_selling", QC_LIST_TOP_SELLING}, {"popular_product", QC_LIST_TOP_SELLING},
	{"popular", QC_LIST_TOP_SELLING},
};

static QcListOrder
order_of(const char *name)
{
	for (int i = 0; name != NULL && i < lengthof(orders); i++)
		if (strcmp(name, orders[i].name) == 0)
			return orders[i].order;
	return QC_LIST_NEWEST;
}

Datum
qc_fn_list_products(PG_FUNCTION_ARGS)
{
	QcListing listing = {
		.page = qc_page(qc_arg_int4(0, 0), qc_arg_int4(1, 0)),
		.search = qc_arg_text(2),
		.order = order_of(qc_arg_text(3)),
		.has_min_price = !PG_ARGISNULL(4),
		.min_price = qc_arg_datum(4),
		.has_max_price = !PG_ARGISNULL(5),
		.max_price = qc_arg_datum(5),
		.brand = qc_arg_text(6),
		.is_digital = qc_arg_bool(7, false),
		.shop_id = qc_arg_int8(8, 0),
	};
	QcJson json;

	qc_json_reply_open(&json, "products");
	qc_listing_write(&json, &listing);
	return qc_json_reply_close(&json);
}

static Datum
product_reply(int64 product_id, int64 shop_id)
{
	QcJson json;

	qc_json_reply_open(&json, "product details");
	qc_details_write(&json, product_id, shop_id);
	return qc_json_reply_close(&json);
}

Datum
qc_fn_read_product(PG_FUNCTION_ARGS)
{
	return product_reply(qc_arg_int8(0, 0), qc_arg_int8(1, 0));
}

Datum
qc_fn_read_product_details(PG_FUNCTION_ARGS)
{
	return product_reply(qc_arg_int8(0, 0), qc_arg_int8(1, 0));
}

Datum
qc_fn_catalogue_audit(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	uint64 n;

	InitMaterializedSRF(fcinfo, 0);
	qc_db_begin();
	n = qc_publish_differences();
	for (uint64 i = 0; i < n; i++)
	{
		Datum values[3];
		bool nulls[3];

		for (int column = 0; column < 3; column++)
			values[column] = qc_db_datum(i, column + 1, &nulls[column]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	qc_db_end();
	PG_RETURN_NULL();
}

Datum
qc_fn_rebuild_catalogue(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(qc_publish_all());
}
