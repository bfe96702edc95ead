/*
 * extension/catalogue/card.c
 *		A product as lists show it.
 *
 * Clients parse amounts and ratings as doubles and lists as lists: nothing is left
 * out.  What has no table yet (reviews, sizes, colours, units, favourites) reads as
 * none.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/timestamp.h"

#include "extension/catalogue/card.h"
#include "extension/core/db.h"
#include "extension/core/money.h"
#include "extension/media/url.h"

#define ONLINE_FOR (10 * 60 * 1000) /* ms */

enum
{
	PRODUCT_ID = 1,
	IS_DIGITAL,
	NAME,
	THUMBNAIL,
	PRICE,
	DISCOUNT_PRICE,
	QUANTITY,
	BRAND,
	SOLD,
	SHOP_ID,
	SHOP_NAME,
	LOGO_URL,
	DELIVERY_TIME,
	DELIVERY_CHARGE,
	LAST_ONLINE_AT
};

StaticAssertDecl(LAST_ONLINE_AT == QC_CARD_NCOLUMNS,
				 "columns and their numbers differ");

static int64
amount(uint64 row, int column)
{
	bool is_null;
	int64 result = 0;

	(void) qc_money_from_numeric(qc_db_datum(row, column, &is_null), &result);
	return result;
}

int64
qc_card_discount(int64 price, int64 discount_price)
{
	if (discount_price <= 0 || price <= 0)
		return 0;
	return ((price - discount_price) * 10000 + price / 2) / price;
}

/* "1234567" -> "1,234,567" */
static void
write_with_commas(QcJson *json, const char *key, int64 n)
{
	char digits[32];
	char out[48];
	int len = snprintf(digits, sizeof(digits), INT64_FORMAT, n);
	int o = 0;

	for (int i = 0; i < len; i++)
	{
		if (i > 0 && (len - i) % 3 == 0)
			out[o++] = ',';
		out[o++] = digits[i];
	}
	out[o] = '\0';
	qc_json_text(json, key, out);
}

void
qc_card_members(QcJson *json, uint64 row, bool has_thumbnail)
{
	int64 price = amount(row, PRICE);
	int64 discount_price = amount(row, DISCOUNT_PRICE);

	qc_json_int(json, "id", qc_db_int8(row, PRODUCT_ID));
	qc_json_bool(json, "is_digital", qc_db_bool(row, IS_DIGITAL));
	qc_json_text(json, "name", qc_db_text(row, NAME));
	if (has_thumbnail)
		qc_json_picture(json, "thumbnail", qc_db_text(row, THUMBNAIL));
	qc_json_money(json, "price", price);
	qc_json_money(json, "discount_price", discount_price);
	qc_json_money(json, "discount_percentage", qc_card_discount(price, discount_price));
	qc_json_raw(json, "rating", "0.0");
	qc_json_text(json, "total_reviews", "0");
	write_with_commas(json, "total_sold", qc_db_int8(row, SOLD));
	qc_json_int(json, "quantity", qc_db_int4(row, QUANTITY));
	qc_json_bool(json, "is_favorite", false);
	qc_json_raw(json, "sizes", "[]");
	qc_json_raw(json, "colors", "[]");
	qc_json_null(json, "unit");
	qc_json_text(json, "brand", qc_db_text(row, BRAND));
}

void
qc_card_shop(QcJson *json, uint64 row)
{
	TimestampTz last_online = qc_db_is_null(row, LAST_ONLINE_AT)
								  ? DT_NOBEGIN
								  : qc_db_time(row, LAST_ONLINE_AT);

	qc_json_open(json, "shop", '{');
	qc_json_int(json, "id", qc_db_int8(row, SHOP_ID));
	qc_json_text(json, "name", qc_db_text(row, SHOP_NAME));
	qc_json_picture(json, "logo", qc_db_text(row, LOGO_URL));
	qc_json_raw(json, "rating", "5.0");
	qc_json_text(json, "estimated_delivery_time", qc_db_text(row, DELIVERY_TIME));
	qc_json_money(json, "delivery_charge", amount(row, DELIVERY_CHARGE));
	qc_json_bool(json, "last_online",
				 !TIMESTAMP_NOT_FINITE(last_online) &&
					 !TimestampDifferenceExceeds(last_online,
												 GetCurrentTransactionStartTimestamp(),
												 ONLINE_FOR));
	qc_json_close(json, '}');
}

/*
 * Neighbours in a list are often of one shop, and a shop's own list is of one shop
 * altogether: its object is copied from the card before.
 */
void
qc_card_list(QcJson *json, const char *key, uint64 n)
{
	int64 written_shop = 0;
	int start = 0;
	int end = 0;

	qc_json_open(json, key, '[');
	for (uint64 i = 0; i < n; i++)
	{
		int64 shop_id = qc_db_int8(i, SHOP_ID);

		qc_json_open(json, NULL, '{');
		qc_card_members(json, i, true);
		if (shop_id == written_shop)
			qc_json_again(json, start, end);
		else
		{
			start = json->out.len;
			qc_card_shop(json, i);
			end = json->out.len;
			written_shop = shop_id;
		}
		qc_json_close(json, '}');
	}
	qc_json_close(json, ']');
}
