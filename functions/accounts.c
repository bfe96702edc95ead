/*
 * functions/accounts.c
 *		Signing in and out, and acting with a token, for SQL clients and HTTP.
 *
 * enter() is the only way for a SQL client to act as somebody; what it sets ends with
 * the transaction.
 */
#include "postgres.h"

#include "access/xact.h"
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
#include "extension/tenant/token.h"

PG_FUNCTION_INFO_V1(qc_fn_change_password);
PG_FUNCTION_INFO_V1(qc_fn_enter);
PG_FUNCTION_INFO_V1(qc_fn_login);
PG_FUNCTION_INFO_V1(qc_fn_login_customer);
PG_FUNCTION_INFO_V1(qc_fn_logout);
PG_FUNCTION_INFO_V1(qc_fn_register_customer);
PG_FUNCTION_INFO_V1(qc_fn_whoami);

static QcStmt read_me = {
	.sql = "SELECT u.name, u.email, u.phone,"
		   " (SELECT s.name FROM qutecart.shops s WHERE s.id = $2),"
		   " (SELECT e.expires_at FROM qutecart.sessions e WHERE e.id = $3)"
		   " FROM (VALUES ($1)) me (id) LEFT JOIN qutecart.users u ON u.id = me.id",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT8OID},
	.is_read = true,
};

static const struct
{
	const char *name;
	QcActAs act_as;
} wishes[] = {
	{"member", QC_ACT_AS_MEMBER},
	{"customer", QC_ACT_AS_CUSTOMER},
	{"admin", QC_ACT_AS_ADMIN},
};

static QcActAs
parse_wish(const char *wish)
{
	if (wish == NULL)
		return QC_ACT_AS_ANY;
	for (int i = 0; i < lengthof(wishes); i++)
		if (strcmp(wish, wishes[i].name) == 0)
			return wishes[i].act_as;
	ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST), errmsg("cannot act as \"%s\"", wish),
			errhint("Use 'member', 'customer' or 'admin'."));
}

Datum
qc_fn_enter(PG_FUNCTION_ARGS)
{
	char *token = qc_arg_text(0);
	QcActAs act_as = parse_wish(qc_arg_text(2));

	if (!PG_ARGISNULL(1) && PG_GETARG_INT64(1) <= 0)
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
				errmsg("shop id must be a positive integer"));
	qc_token_enter(token ? token : "", qc_arg_int8(1, 0), act_as);
	if (!IsTransactionBlock())
		ereport(WARNING, errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
				errmsg("enter() counts until the end of this statement only"),
				errhint("Call it between BEGIN and COMMIT."));
	PG_RETURN_VOID();
}

/* Complain about the fields of a sign-in that are missing. */
static void
check_given(const char *contact, const char *field, const char *password)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (contact == NULL)
		qc_fields_add(&errors, field, "The %s field is required.", field);
	if (password == NULL)
		qc_fields_add(&errors, "password", "The password field is required.");
	qc_fields_raise(&errors);
}

Datum
qc_fn_login(PG_FUNCTION_ARGS)
{
	char *contact = qc_arg_text(0);
	char *password = qc_arg_text(1);
	QcAccess access;
	QcJson json;

	check_given(contact, "contact", password);
	access = qc_account_sign_in(contact, password, QC_SIGN_IN_ANYBODY,
								(QcDevice){.name = "sql"});
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "token", access.token);
	qc_json_time(&json, "expires_at", access.expires_at);
	qc_account_write_user(&json, "user", access.user_id);
	qc_json_close(&json, '}');
	return qc_json_datum(&json);
}

static QcDevice
device_of(const char *name, const char *key)
{
	return (QcDevice){.name = name, .key = key, .peer = qc_request_peer()};
}

/* {"message", "data": {"user": User, "access": Access}} */
static Datum
reply_signed_in(const char *message, const QcAccess *access)
{
	QcJson json;

	qc_reply_is_secret();
	qc_json_reply_open(&json, message);
	qc_account_write_user(&json, "user", access->user_id);
	qc_account_write_access(&json, access);
	return qc_json_reply_close(&json);
}

Datum
qc_fn_login_customer(PG_FUNCTION_ARGS)
{
	char *password = qc_arg_text(1);
	char *contact = qc_arg_text(0);
	QcAccess access;

	if (contact == NULL)
		contact = PG_ARGISNULL(2) ? qc_arg_text(3) : qc_arg_text(2);
	check_given(contact, "phone", password);
	access = qc_account_sign_in(contact, password, QC_SIGN_IN_CUSTOMER,
								device_of(qc_arg_text(4), qc_arg_text(5)));
	return reply_signed_in("Login successfully", &access);
}

Datum
qc_fn_register_customer(PG_FUNCTION_ARGS)
{
	QcRegistration person = {.name = PG_ARGISNULL(0) ? qc_arg_text(5) : qc_arg_text(0),
							 .name_field = "name",
							 .phone = qc_arg_text(1),
							 .email = qc_arg_text(2),
							 .password = qc_arg_text(3),
							 .country = qc_arg_text(4),
							 .last_name = qc_arg_text(6),
							 .phone_code = qc_arg_text(7),
							 .gender = qc_arg_text(8),
							 .date_of_birth = qc_arg_datum(9),
							 .has_date_of_birth = !PG_ARGISNULL(9),
							 .photo_url = qc_arg_text(12),
							 .locale = qc_arg_text(13),
							 .is_active = true};
	QcAccess access;
	QcFieldErrors errors;
	int64 user_id;

	qc_fields_init(&errors);
	qc_registration_check(&person, &errors, qc_setting_bool("phone_required", false),
						  qc_setting_bool("email_required", true));
	qc_registration_check_text(&errors, "country", &person.country, 100, true);
	qc_fields_raise(&errors);
	user_id = qc_registration_create(&person);
	qc_registration_give_role(user_id, "customer");
	qc_registration_welcome(&person, 0, NULL);
	access =
		qc_account_open_session(user_id, device_of(qc_arg_text(10), qc_arg_text(11)));
	return reply_signed_in("Registration successfully complete", &access);
}

Datum
qc_fn_logout(PG_FUNCTION_ARGS)
{
	(void) qc_context_need_user();
	(void) qc_token_end_current();
	return qc_json_reply_message("Logged out successfully!");
}

Datum
qc_fn_change_password(PG_FUNCTION_ARGS)
{
	int64 user_id = qc_context_need_user();
	char *current = qc_arg_text(0);
	char *password = qc_arg_text(1);
	char *confirmation = qc_arg_text(2);
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (current == NULL)
		qc_fields_add(&errors, "current_password",
					  "The current password field is required.");
	qc_registration_check_password(&errors, password);
	qc_registration_check_confirmation(&errors, password, confirmation);
	qc_fields_raise(&errors);
	qc_account_change_password(user_id, current, password, qc_context()->session_id);
	return qc_json_reply_message("Password change successfully");
}

static const char *
actor_name(QcActor actor)
{
	switch (actor)
	{
		case QC_ACTOR_CUSTOMER:
			return "customer";
		case QC_ACTOR_RIDER:
			return "rider";
		case QC_ACTOR_OWNER:
			return "owner";
		case QC_ACTOR_STAFF:
			return "staff";
		case QC_ACTOR_ADMIN:
			return "admin";
		case QC_ACTOR_ROOT:
			return "root";
		case QC_ACTOR_BI:
			return "bi";
		case QC_ACTOR_NONE:
			break;
	}
	return "nobody";
}

Datum
qc_fn_whoami(PG_FUNCTION_ARGS)
{
	const QcContext *context = qc_context();
	QcArgs args = {0};
	QcJson json;

	qc_args_id(&args, context->user_id);
	qc_args_id(&args, context->shop_id);
	qc_args_id(&args, context->session_id);
	qc_json_init(&json);
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_me, &args), 1, "reading who acts");
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "actor", actor_name(context->actor));
	qc_json_id(&json, "user_id", context->user_id);
	qc_json_text(&json, "name", qc_db_text(0, 1));
	qc_json_text(&json, "email", qc_db_text(0, 2));
	qc_json_text(&json, "phone", qc_db_text(0, 3));
	qc_json_id(&json, "shop_id", context->shop_id);
	qc_json_text(&json, "shop_name", qc_db_text(0, 4));
	qc_json_time(&json, "expires_at", qc_db_time(0, 5));
	qc_json_close(&json, '}');
	qc_db_end();
	return qc_json_datum(&json);
}
