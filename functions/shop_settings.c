/*
 * functions/shop_settings.c
 *		A member changes himself, and the shop if he may.
 *
 * What is not sent stays.  The shop's row is written as the acting role, under the
 * policies; the user's own row by the owner, for the signed-in user alone.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/tenant/context.h"
#include "extension/tenant/registration.h"
#include "extension/tenant/seller.h"

PG_FUNCTION_INFO_V1(qc_fn_update_seller_profile);
PG_FUNCTION_INFO_V1(qc_fn_update_shop_settings);

#define EDIT           "shop.profile.edit"
#define STOCK_MAX      1000000
#define UPPER_OR_DIGIT "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* Another contact has to be verified anew. */
static QcStmt update_user = {
	.sql =
		"UPDATE qutecart.users SET name = COALESCE($2, name),"
		" last_name = COALESCE($3, last_name), gender = COALESCE($4, gender),"
		" date_of_birth = COALESCE($5, date_of_birth),"
		" phone_verified_at = CASE WHEN $6 <> phone THEN NULL"
		"  ELSE phone_verified_at END, phone = COALESCE($6, phone),"
		" email_verified_at = CASE WHEN pg_catalog.lower($7)"
		"  <> pg_catalog.lower(email) THEN NULL ELSE email_verified_at END,"
		" email = COALESCE($7, email), photo_url = COALESCE($8, photo_url),"
		" locale = COALESCE($9, locale), updated_at = pg_catalog.now() WHERE id = $1",
	.nargs = 9,
	.argtypes = {INT8OID, TEXTOID, TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, TEXTOID,
				 TEXTOID},
};

static QcStmt update_shop = {
	.sql = "UPDATE qutecart.shops SET name = COALESCE($2, name),"
		   " address = COALESCE($3, address), description = COALESCE($4, description),"
		   " logo_url = COALESCE($5, logo_url), banner_url = COALESCE($6, banner_url),"
		   " updated_at = pg_catalog.now() WHERE id = $1",
	.nargs = 6,
	.argtypes = {INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
};

static QcStmt update_settings = {
	.sql = "UPDATE qutecart.shops SET"
		   " estimated_delivery_time = COALESCE($2 || CASE WHEN $2 = '1' THEN ' day'"
		   "  ELSE ' days' END, estimated_delivery_time),"
		   " opening_time = COALESCE($3, opening_time),"
		   " closing_time = COALESCE($4, closing_time),"
		   " prefix = COALESCE($5, prefix),"
		   " min_order_amount = COALESCE($6, min_order_amount),"
		   " off_days = COALESCE($7, off_days),"
		   " low_stock_threshold = COALESCE($8, low_stock_threshold),"
		   " updated_at = pg_catalog.now() WHERE id = $1",
	.nargs = 8,
	.argtypes = {INT8OID, TEXTOID, TIMEOID, TIMEOID, TEXTOID, NUMERICOID, TEXTARRAYOID,
				 INT4OID},
};

static QcStmt check_days = {
	.sql = "SELECT $1 <@ '{mon,tue,wed,thu,fri,sat,sun}'::pg_catalog.text[]",
	.nargs = 1,
	.argtypes = {TEXTARRAYOID},
};

typedef struct ShopChange
{
	char *name;
	char *address;
	char *description;
	char *logo_url;
	char *banner_url;
} ShopChange;

/* {"message", "data": {"user": SellerUser}} */
static Datum
reply(const char *message)
{
	QcJson json;

	qc_json_reply_open(&json, message);
	qc_seller_write_user(&json, "user", qc_context()->user_id, qc_context()->shop_id);
	return qc_json_reply_close(&json);
}

static void
check_shop(QcFieldErrors *errors, ShopChange *change)
{
	qc_registration_check_text(errors, "shop_name", &change->name, 100, false);
	qc_registration_check_text(errors, "address", &change->address, 255, false);
	qc_registration_check_text(errors, "description", &change->description, 2000,
							   false);
	qc_registration_check_url(errors, "shop_logo", &change->logo_url);
	qc_registration_check_url(errors, "shop_banner", &change->banner_url);
}

static void
check_person(QcFieldErrors *errors, QcRegistration *person)
{
	qc_registration_check_text(errors, "first_name", &person->name, 200, false);
	qc_registration_check_text(errors, "last_name", &person->last_name, 200, false);
	qc_registration_check_text(errors, "gender", &person->gender, 50, false);
	qc_registration_check_url(errors, "profile_photo", &person->photo_url);
	qc_registration_check_locale(errors, &person->locale);
	qc_registration_check_contacts(person, errors, false, false, qc_context()->user_id);
}

static void
write_person(const QcRegistration *person)
{
	QcArgs args = {0};

	qc_args_int8(&args, qc_context()->user_id);
	qc_args_text(&args, person->name);
	qc_args_text(&args, person->last_name);
	qc_args_text(&args, person->gender);
	qc_args_datum(&args, person->date_of_birth, !person->has_date_of_birth);
	qc_args_text(&args, person->phone);
	qc_args_text(&args, person->email);
	qc_args_text(&args, person->photo_url);
	qc_args_text(&args, person->locale);
	qc_db_begin();
	qc_db_expect(qc_db_system(&update_user, &args), 1, "changing a user");
	qc_db_end();
}

static void
write_shop(int64 shop_id, const ShopChange *change)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, change->name);
	qc_args_text(&args, change->address);
	qc_args_text(&args, change->description);
	qc_args_text(&args, change->logo_url);
	qc_args_text(&args, change->banner_url);
	qc_db_begin();
	qc_db_expect(qc_db_run(&update_shop, &args), 1, "changing a shop");
	qc_db_end();
}

Datum
qc_fn_update_seller_profile(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcRegistration person = {.name = qc_arg_text(0),
							 .last_name = qc_arg_text(1),
							 .phone = qc_arg_text(2),
							 .email = qc_arg_text(3),
							 .gender = qc_arg_text(4),
							 .date_of_birth = qc_arg_datum(5),
							 .has_date_of_birth = !PG_ARGISNULL(5),
							 .photo_url = qc_arg_text(12),
							 .locale = qc_arg_text(13)};
	ShopChange shop = {.name = PG_ARGISNULL(6) ? qc_arg_text(11) : qc_arg_text(6),
					   .address = qc_arg_text(7),
					   .description = qc_arg_text(8),
					   .logo_url = qc_arg_text(9),
					   .banner_url = qc_arg_text(10)};
	QcFieldErrors errors;

	qc_fields_init(&errors);
	check_person(&errors, &person);
	check_shop(&errors, &shop);
	qc_fields_raise(&errors);
	write_person(&person);
	if (shop.name || shop.address || shop.description || shop.logo_url ||
		shop.banner_url)
	{
		qc_context_need(EDIT);
		write_shop(shop_id, &shop);
	}
	return reply("Profile is updated successfully");
}

static void
check_settings(FunctionCallInfo fcinfo, QcFieldErrors *errors)
{
	int32 days = qc_arg_int4(0, 1);
	char *prefix = qc_arg_text(3);
	int32 threshold = qc_arg_int4(6, 0);
	QcArgs args = {0};
	bool are_days = true;

	if (days < 1 || days > 120)
		qc_fields_add(errors, "estimated_delivery_time",
					  "The estimated delivery time field must be between 1 and 120.");
	if (threshold < 0 || threshold > STOCK_MAX)
		qc_fields_add(errors, "low_stock_threshold",
					  "The low stock threshold field must be between 0 and %d.",
					  STOCK_MAX);
	if (prefix != NULL && (strlen(prefix) != 2 || strspn(prefix, UPPER_OR_DIGIT) != 2))
		qc_fields_add(errors, "prefix",
					  "The prefix field must be 2 capital letters or digits.");
	if (!PG_ARGISNULL(5))
	{
		qc_args_datum(&args, PG_GETARG_DATUM(5), false);
		qc_db_begin();
		(void) qc_db_run(&check_days, &args);
		are_days = qc_db_bool(0, 1);
		qc_db_end();
	}
	if (!are_days)
		qc_fields_add(
			errors, "off_day",
			"The off day field must be a list of mon, tue, wed, thu, fri, sat, sun.");
}

Datum
qc_fn_update_shop_settings(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcFieldErrors errors;
	QcArgs args = {0};

	qc_context_need(EDIT);
	qc_fields_init(&errors);
	check_settings(fcinfo, &errors);
	qc_fields_raise(&errors);
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, PG_ARGISNULL(0) ? NULL : psprintf("%d", PG_GETARG_INT32(0)));
	for (int i = 1; i < 7; i++)
		qc_args_datum(&args, qc_arg_datum(i), PG_ARGISNULL(i));
	qc_db_begin();
	qc_db_expect(qc_db_run(&update_settings, &args), 1, "changing a shop");
	qc_db_end();
	return reply("shop setting is updated successfully");
}
