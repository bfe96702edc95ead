/*
 * functions/one_time_codes.c
 *		Verifying a contact and setting a forgotten password by a code.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/args.h"
#include "extension/core/json.h"
#include "extension/http/request.h"
#include "extension/tenant/account.h"
#include "extension/tenant/one_time_code.h"
#include "extension/tenant/registration.h"

PG_FUNCTION_INFO_V1(qc_fn_forgot_password);
PG_FUNCTION_INFO_V1(qc_fn_send_code);
PG_FUNCTION_INFO_V1(qc_fn_verify_code);
PG_FUNCTION_INFO_V1(qc_fn_reset_password);

static void
check_given(char *contact, char *code, bool needs_code)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (contact == NULL)
		qc_fields_add(&errors, "phone", "The phone field is required.");
	if (needs_code && code == NULL)
		qc_fields_add(&errors, "otp", "The otp field is required.");
	qc_fields_raise(&errors);
}

/* otp is null: the code goes to the contact and nowhere else. */
static Datum
send(const char *contact, bool is_reset)
{
	QcCodeSent sent = qc_code_send(contact, is_reset);
	QcJson json;

	qc_json_reply_open(&json, psprintf("Your %s code is sent to your %s",
									   is_reset ? "Forgot Password" : "Verification",
									   sent.channel));
	qc_json_text(&json, "email_or_phone", contact);
	qc_json_text(&json, "phone_code", sent.phone_code);
	qc_json_null(&json, "otp");
	return qc_json_reply_close(&json);
}

Datum
qc_fn_forgot_password(PG_FUNCTION_ARGS)
{
	char *contact = PG_ARGISNULL(0) ? qc_arg_text(1) : qc_arg_text(0);

	check_given(contact, NULL, false);
	return send(contact, true);
}

Datum
qc_fn_send_code(PG_FUNCTION_ARGS)
{
	char *contact = PG_ARGISNULL(0) ? qc_arg_text(1) : qc_arg_text(0);

	check_given(contact, NULL, false);
	return send(contact, qc_arg_bool(2, false));
}

Datum
qc_fn_verify_code(PG_FUNCTION_ARGS)
{
	char *contact = PG_ARGISNULL(0) ? qc_arg_text(2) : qc_arg_text(0);
	char *code = qc_arg_text(1);
	QcJson json;

	check_given(contact, code, true);
	qc_reply_is_secret();
	qc_json_reply_open(&json, "Otp verified successfully");
	qc_json_text(&json, "token", qc_code_verify(contact, code));
	return qc_json_reply_close(&json);
}

Datum
qc_fn_reset_password(PG_FUNCTION_ARGS)
{
	char *token = qc_arg_text(0);
	char *password = qc_arg_text(1);
	int64 user_id = token ? qc_code_user_of(token) : 0;
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (user_id == 0)
		qc_fields_add(&errors, "token", "The selected token is invalid.");
	qc_registration_check_password(&errors, password);
	qc_registration_check_confirmation(&errors, password, qc_arg_text(2));
	qc_fields_raise(&errors);
	qc_account_reset_password(user_id, password);
	qc_code_use_up(token);
	return qc_json_reply_message("Password reset successfully");
}
