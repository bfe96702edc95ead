/*
 * extension/tenant/seller.c
 *		A person with his shop, as the seller's app reads both.
 *
 * Callers have made sure that the user is a member of the shop.  Opening hours are in
 * UTC; a shop without hours is offline, one that closes after midnight is open over it.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/tenant/seller.h"

static QcStmt find_shop = {
	.sql = "SELECT m.shop_id FROM qutecart.shop_members m"
		   " WHERE m.user_id = $1 AND m.is_active AND m.accepted_at IS NOT NULL"
		   " ORDER BY m.role, m.created_at, m.shop_id LIMIT 1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt read_user = {
	.sql = "SELECT u.id, u.name, u.last_name, u.phone, u.email, u.gender,"
		   " u.date_of_birth::pg_catalog.text, u.is_active, u.photo_url"
		   " FROM qutecart.users u WHERE u.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt read_shop = {
	.sql = "SELECT s.id, s.name, s.logo_url, s.banner_url, s.address,"
		   " pg_catalog.to_char(s.opening_time, 'HH24:MI'),"
		   " pg_catalog.to_char(s.closing_time, 'HH24:MI'),"
		   " pg_catalog.to_json(s.off_days)::pg_catalog.text, s.prefix,"
		   " pg_catalog.substring(s.estimated_delivery_time, '[0-9]{1,9}')"
		   "  ::pg_catalog.int8,"
		   " s.min_order_amount::pg_catalog.text, s.description,"
		   " (SELECT pg_catalog.count(*) FROM qutecart.products p"
		   "  WHERE p.shop_id = s.id AND p.deleted_at IS NULL),"
		   " COALESCE(NOT pg_catalog.to_char(n.at, 'dy') = ANY (s.off_days)"
		   "  AND CASE WHEN s.opening_time <= s.closing_time"
		   "   THEN n.at::pg_catalog.time >= s.opening_time"
		   "    AND n.at::pg_catalog.time < s.closing_time"
		   "   ELSE n.at::pg_catalog.time >= s.opening_time"
		   "    OR n.at::pg_catalog.time < s.closing_time END, false)"
		   " FROM qutecart.shops s,"
		   " (VALUES (pg_catalog.timezone('UTC', pg_catalog.now()))) n (at)"
		   " WHERE s.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

/* What read_shop returns, by position. */
enum
{
	COL_ID = 1,
	COL_NAME,
	COL_LOGO,
	COL_BANNER,
	COL_ADDRESS,
	COL_OPENING,
	COL_CLOSING,
	COL_OFF_DAYS,
	COL_PREFIX,
	COL_DELIVERY_DAYS,
	COL_MIN_ORDER,
	COL_DESCRIPTION,
	COL_PRODUCTS,
	COL_IS_ONLINE
};

static const char *write_shop(QcJson *json);

int64
qc_seller_shop_of(int64 user_id)
{
	QcArgs args = {0};
	int64 shop_id = 0;

	qc_args_int8(&args, user_id);
	qc_db_begin();
	if (qc_db_system(&find_shop, &args) == 1)
		shop_id = qc_db_int8(0, 1);
	qc_db_end();
	return shop_id;
}

void
qc_seller_write_user(QcJson *json, const char *key, int64 user_id, int64 shop_id)
{
	const char *status = "Offline";
	QcArgs user = {0};
	QcArgs shop = {0};

	qc_args_int8(&user, user_id);
	qc_args_id(&shop, shop_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_user, &user), 1, "reading a user");
	qc_json_open(json, key, '{');
	qc_json_int(json, "id", qc_db_int8(0, 1));
	qc_json_text(json, "first_name", qc_db_text(0, 2));
	qc_json_text(json, "last_name", qc_db_text(0, 3));
	qc_json_text(json, "phone", qc_db_text(0, 4));
	qc_json_text(json, "email", qc_db_text(0, 5));
	qc_json_text(json, "profile_photo", qc_db_text(0, 9));
	qc_json_text(json, "gender", qc_db_text(0, 6));
	qc_json_text(json, "date_of_birth", qc_db_text(0, 7));
	qc_json_bool(json, "is_active", qc_db_bool(0, 8));
	if (qc_db_system(&read_shop, &shop) == 1)
		status = write_shop(json);
	else
		qc_json_null(json, "shop");
	qc_json_text(json, "shop_status", status);
	qc_json_open(json, "banners", '[');
	qc_json_close(json, ']');
	qc_json_close(json, '}');
	qc_db_end();
}

/*
 * Write the row of read_shop; returns "Online" or "Offline".  Categories, ratings and
 * reviews are counted from nothing yet.
 */
static const char *
write_shop(QcJson *json)
{
	const char *status = qc_db_bool(0, COL_IS_ONLINE) ? "Online" : "Offline";

	qc_json_open(json, "shop", '{');
	qc_json_int(json, "id", qc_db_int8(0, COL_ID));
	qc_json_text(json, "name", qc_db_text(0, COL_NAME));
	qc_json_text(json, "logo", qc_db_text(0, COL_LOGO));
	qc_json_text(json, "banner", qc_db_text(0, COL_BANNER));
	qc_json_text(json, "address", qc_db_text(0, COL_ADDRESS));
	qc_json_text(json, "open_time", qc_db_text(0, COL_OPENING));
	qc_json_text(json, "close_time", qc_db_text(0, COL_CLOSING));
	qc_json_raw(json, "off_day", qc_db_text(0, COL_OFF_DAYS));
	qc_json_text(json, "prefix", qc_db_text(0, COL_PREFIX));
	qc_json_int(json, "estimated_delivery_time", qc_db_int8(0, COL_DELIVERY_DAYS));
	qc_json_number(json, "min_order_amount", qc_db_text(0, COL_MIN_ORDER));
	qc_json_text(json, "shop_status", status);
	qc_json_int(json, "total_products", qc_db_int8(0, COL_PRODUCTS));
	qc_json_int(json, "total_categories", 0);
	qc_json_number(json, "rating", "0");
	qc_json_int(json, "total_reviews", 0);
	qc_json_text(json, "description", qc_db_text(0, COL_DESCRIPTION));
	qc_json_close(json, '}');
	return status;
}
