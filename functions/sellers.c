/*
 * functions/sellers.c
 *		A vendor registers, signs in and looks at himself.
 *
 * A registration makes user, shop and ownership in one transaction; the shop begins on
 * the Free plan.  Where the setting seller_approval is on, both are inactive until an
 * admin lets them in.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/core/settings.h"
#include "extension/http/request.h"
#include "extension/tenant/account.h"
#include "extension/tenant/context.h"
#include "extension/tenant/registration.h"
#include "extension/tenant/seller.h"

PG_FUNCTION_INFO_V1(qc_fn_login_seller);
PG_FUNCTION_INFO_V1(qc_fn_register_seller);
PG_FUNCTION_INFO_V1(qc_fn_seller_profile);

static QcStmt create_shop = {
	.sql = "INSERT INTO qutecart.shops (name, description, email, phone, address,"
		   " logo_url, banner_url, is_active)"
		   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
	.nargs = 8,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
				 BOOLOID},
};

static QcStmt create_owner = {
	.sql = "INSERT INTO qutecart.shop_members (shop_id, user_id, role)"
		   " VALUES ($1, $2, 'owner')",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

typedef struct NewShop
{
	char *name;
	char *description;
	char *address;
	char *logo_url;
	char *banner_url;
} NewShop;

static void
check_shop(QcFieldErrors *errors, NewShop *shop)
{
	qc_registration_check_text(errors, "shop_name", &shop->name, 100, true);
	qc_registration_check_text(errors, "address", &shop->address, 255, false);
	qc_registration_check_text(errors, "description", &shop->description, 200, false);
	qc_registration_check_url(errors, "shop_logo", &shop->logo_url);
	qc_registration_check_url(errors, "shop_banner", &shop->banner_url);
}

static int64
create(QcRegistration *person, const NewShop *shop, int64 *shop_id)
{
	int64 user_id = qc_registration_create(person);
	QcArgs args = {0};
	QcArgs owner = {0};

	qc_registration_give_role(user_id, "shop");
	qc_registration_give_role(user_id, "customer");
	qc_args_text(&args, shop->name);
	qc_args_text(&args, shop->description);
	qc_args_text(&args, person->email);
	qc_args_text(&args, person->phone);
	qc_args_text(&args, shop->address);
	qc_args_text(&args, shop->logo_url);
	qc_args_text(&args, shop->banner_url);
	qc_args_bool(&args, person->is_active);
	qc_db_begin();
	(void) qc_db_system(&create_shop, &args);
	*shop_id = qc_db_int8(0, 1);
	qc_args_int8(&owner, *shop_id);
	qc_args_int8(&owner, user_id);
	(void) qc_db_system(&create_owner, &owner);
	qc_db_end();
	return user_id;
}

/* {"message", "data": {"user": SellerUser, "access": Access if there is one}} */
static Datum
reply(const char *message, int64 user_id, int64 shop_id, const QcAccess *access)
{
	QcJson json;

	qc_json_reply_open(&json, message);
	qc_seller_write_user(&json, "user", user_id, shop_id);
	if (access != NULL)
	{
		qc_reply_is_secret();
		qc_account_write_access(&json, access);
	}
	return qc_json_reply_close(&json);
}

Datum
qc_fn_register_seller(PG_FUNCTION_ARGS)
{
	QcRegistration person = {.name = qc_arg_text(0),
							 .name_field = "first_name",
							 .phone = qc_arg_text(1),
							 .email = qc_arg_text(2),
							 .password = qc_arg_text(3),
							 .last_name = qc_arg_text(6),
							 .photo_url = qc_arg_text(11),
							 .locale = qc_arg_text(12),
							 .is_active = !qc_setting_bool("seller_approval", false)};
	NewShop shop = {.name = qc_arg_text(5),
					.address = qc_arg_text(7),
					.description = qc_arg_text(8),
					.logo_url = qc_arg_text(9),
					.banner_url = qc_arg_text(10)};
	QcFieldErrors errors;
	QcAccess access;
	int64 user_id;
	int64 shop_id;

	if (!qc_setting_bool("seller_registration", true))
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
				errmsg("sellers cannot register themselves here"),
				errhint("Ask the operator of the marketplace."));
	qc_fields_init(&errors);
	qc_registration_check(&person, &errors, true, true);
	qc_registration_check_confirmation(&errors, person.password, qc_arg_text(4));
	check_shop(&errors, &shop);
	qc_fields_raise(&errors);
	user_id = create(&person, &shop, &shop_id);
	qc_registration_welcome(&person, shop_id, shop.name);
	if (!person.is_active)
		return reply("Your profile is under review", user_id, shop_id, NULL);
	access = qc_account_open_session(user_id, (QcDevice){.peer = qc_request_peer()});
	return reply("Registration successfully complete", user_id, shop_id, &access);
}

Datum
qc_fn_login_seller(PG_FUNCTION_ARGS)
{
	char *contact = qc_arg_text(0);
	char *password = qc_arg_text(1);
	QcFieldErrors errors;
	QcAccess access;

	if (contact == NULL)
		contact = PG_ARGISNULL(2) ? qc_arg_text(3) : qc_arg_text(2);
	qc_fields_init(&errors);
	if (contact == NULL)
		qc_fields_add(&errors, "contact", "The contact field is required.");
	if (password == NULL)
		qc_fields_add(&errors, "password", "The password field is required.");
	qc_fields_raise(&errors);
	access = qc_account_sign_in(contact, password, QC_SIGN_IN_MEMBER,
								(QcDevice){.name = qc_arg_text(4),
										   .key = qc_arg_text(5),
										   .peer = qc_request_peer()});
	return reply("Log In Successful", access.user_id, qc_seller_shop_of(access.user_id),
				 &access);
}

Datum
qc_fn_seller_profile(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();

	return reply("user details", qc_context_need_user(), shop_id, NULL);
}
