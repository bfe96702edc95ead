/*
 * extension/tenant/registration.c
 *		Making an account: what a registration must say, and the rows it becomes.
 *
 * The sentences are those that clients of the API have always been shown.  That a
 * contact is free is checked before the password is hashed and, by the unique index,
 * when the row is written; both give the same answer.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/core/settings.h"
#include "extension/mail/message.h"
#include "extension/mail/owner.h"
#include "extension/tenant/account.h"
#include "extension/tenant/registration.h"

#define NAME_MAX_LEN     200
#define EMAIL_MAX_LEN    255
#define URL_MAX_LEN      2000
#define PASSWORD_MAX_LEN 200 /* bytes */
#define LOCALE_MAX_LEN   35
#define ALPHANUMERIC     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define PHONE_MIN_LEN    4 /* what the table takes, whatever the settings say */
#define PHONE_MAX_LEN    20

static QcStmt find_taken = {
	.sql = "SELECT EXISTS (SELECT FROM qutecart.users u WHERE u.deleted_at IS NULL"
		   "  AND pg_catalog.lower(u.email) = pg_catalog.lower($1)"
		   "  AND u.id IS DISTINCT FROM $3),"
		   " EXISTS (SELECT FROM qutecart.users u WHERE u.deleted_at IS NULL"
		   "  AND u.phone = $2 AND u.id IS DISTINCT FROM $3)",
	.nargs = 3,
	.argtypes = {TEXTOID, TEXTOID, INT8OID},
};

static QcStmt create_user = {
	.sql = "INSERT INTO qutecart.users (name, last_name, phone, phone_code, email,"
		   " password_hash, gender, country, date_of_birth, is_active, photo_url,"
		   " locale) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
		   " ON CONFLICT DO NOTHING RETURNING id",
	.nargs = 12,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
				 DATEOID, BOOLOID, TEXTOID, TEXTOID},
};

static QcStmt give_role = {
	.sql = "INSERT INTO qutecart.user_roles (user_id, role_id)"
		   " SELECT $1, r.id FROM qutecart.roles r WHERE r.name = $2",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static char *words_of(const char *field);
static bool is_phone(const char *phone, int64 min_len, int64 max_len);
static bool check_phone(QcRegistration *person, QcFieldErrors *errors, bool is_needed);
static bool check_email(QcRegistration *person, QcFieldErrors *errors, bool is_needed);
static void check_free(const char *phone, const char *email, QcFieldErrors *errors,
					   int64 user_id);

void
qc_registration_check(QcRegistration *person, QcFieldErrors *errors, bool needs_phone,
					  bool needs_email)
{
	qc_registration_check_text(errors, person->name_field, &person->name, NAME_MAX_LEN,
							   true);
	qc_registration_check_text(errors, "last_name", &person->last_name, NAME_MAX_LEN,
							   false);
	qc_registration_check_contacts(person, errors, needs_phone, needs_email, 0);
	qc_registration_check_text(errors, "phone_code", &person->phone_code, 8, false);
	qc_registration_check_text(errors, "gender", &person->gender, 50, false);
	qc_registration_check_url(errors, "profile_photo", &person->photo_url);
	qc_registration_check_locale(errors, &person->locale);
	if (person->password != NULL || !person->may_lack_password)
		qc_registration_check_password(errors, person->password);
}

/* Trims the value; an empty one becomes NULL, as an absent one is. */
void
qc_registration_check_text(QcFieldErrors *errors, const char *field, char **value,
						   int max_len, bool is_required)
{
	char *text = *value;
	int len;

	if (text != NULL)
	{
		while (*text == ' ')
			text++;
		for (len = strlen(text); len > 0 && text[len - 1] == ' '; len--)
			text[len - 1] = '\0';
		*value = *text ? text : NULL;
	}
	if (*value == NULL && is_required)
		qc_fields_add(errors, field, "The %s field is required.", words_of(field));
	if (*value != NULL && pg_mbstrlen(*value) > max_len)
		qc_fields_add(errors, field,
					  "The %s field must not be greater than %d characters.",
					  words_of(field), max_len);
}

void
qc_registration_check_url(QcFieldErrors *errors, const char *field, char **url)
{
	qc_registration_check_text(errors, field, url, URL_MAX_LEN, false);
	if (*url != NULL && strncmp(*url, "https://", 8) != 0 &&
		strncmp(*url, "http://", 7) != 0)
		qc_fields_add(errors, field, "The %s field must be a valid URL.",
					  words_of(field));
}

/* Two or three small letters, then subtags: "de", "de-AT", "zh-Hant-TW". */
static bool
is_language_tag(const char *tag)
{
	size_t len = strspn(tag, "abcdefghijklmnopqrstuvwxyz");

	if (len < 2 || len > 3)
		return false;
	for (tag += len; *tag; tag += len)
	{
		if (*tag++ != '-')
			return false;
		len = strspn(tag, ALPHANUMERIC);
		if (len < 2 || len > 8)
			return false;
	}
	return true;
}

void
qc_registration_check_locale(QcFieldErrors *errors, char **locale)
{
	qc_registration_check_text(errors, "locale", locale, LOCALE_MAX_LEN, false);
	if (*locale != NULL && !is_language_tag(*locale))
		qc_fields_add(errors, "locale",
					  "The locale field must be a language tag, such as en or de-AT.");
}

void
qc_registration_check_password(QcFieldErrors *errors, const char *password)
{
	int min_len = (int) qc_setting_int("password_min_length", 8);

	if (password == NULL || *password == '\0')
		qc_fields_add(errors, "password", "The password field is required.");
	else if (pg_mbstrlen(password) < min_len)
		qc_fields_add(errors, "password",
					  "The password field must be at least %d characters.", min_len);
	else if (strlen(password) > PASSWORD_MAX_LEN)
		qc_fields_add(errors, "password",
					  "The password field must not be greater than %d characters.",
					  PASSWORD_MAX_LEN);
}

void
qc_registration_check_confirmation(QcFieldErrors *errors, const char *password,
								   const char *confirmation)
{
	if (password != NULL &&
		(confirmation == NULL || strcmp(password, confirmation) != 0))
		qc_fields_add(errors, "password",
					  "The password field confirmation does not match.");
}

void
qc_registration_check_contacts(QcRegistration *person, QcFieldErrors *errors,
							   bool needs_phone, bool needs_email, int64 user_id)
{
	bool is_phone_good = check_phone(person, errors, needs_phone);
	bool is_email_good = check_email(person, errors, needs_email);

	check_free(is_phone_good ? person->phone : NULL,
			   is_email_good ? person->email : NULL, errors, user_id);
}

int64
qc_registration_create(QcRegistration *person)
{
	const char *password = person->password;
	QcArgs args = {0};
	QcFieldErrors errors;
	int64 user_id;

	qc_args_text(&args, person->name);
	qc_args_text(&args, person->last_name);
	qc_args_text(&args, person->phone);
	qc_args_text(&args, person->phone_code);
	qc_args_text(&args, person->email);
	qc_args_text(&args, password ? qc_crypto_password_hash(password) : NULL);
	qc_args_text(&args, person->gender);
	qc_args_text(&args, person->country);
	qc_args_datum(&args, person->date_of_birth, !person->has_date_of_birth);
	qc_args_bool(&args, person->is_active);
	qc_args_text(&args, person->photo_url);
	qc_args_text(&args, person->locale);
	qc_db_begin();
	if (qc_db_system(&create_user, &args) != 1)
	{
		qc_fields_init(&errors);
		check_free(person->phone, person->email, &errors, 0);
		qc_fields_raise(&errors);
		elog(ERROR, "a user could not be created although his contacts are free");
	}
	user_id = qc_db_int8(0, 1);
	qc_db_end();
	return user_id;
}

void
qc_registration_welcome(const QcRegistration *person, int64 shop_id,
						const char *shop_name)
{
	QcMail mail = {.template_name = "welcome",
				   .shop_id = shop_id,
				   .to = person->email,
				   .to_name = qc_mail_full_name(person->name, person->last_name),
				   .locale = person->locale};
	QcJson json;

	if (person->email == NULL)
		return;
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_bool(&json, "is_seller", shop_name != NULL);
	qc_json_bool(&json, "is_under_review", !person->is_active);
	qc_json_text(&json, "shop_name", shop_name);
	qc_json_close(&json, '}');
	mail.data = json.out.data;
	(void) qc_mail_enqueue(&mail);
}

void
qc_registration_give_role(int64 user_id, const char *role)
{
	QcArgs args = {0};

	qc_args_int8(&args, user_id);
	qc_args_text(&args, role);
	qc_db_begin();
	if (qc_db_system(&give_role, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_CONFIGURED),
				errmsg("role \"%s\" does not exist", role),
				errhint("Run CALL qutecart.seed('essential')."));
	qc_db_end();
}

/* A field's name as a sentence has it: "shop_name" -> "shop name". */
static char *
words_of(const char *field)
{
	char *words = pstrdup(field);

	for (char *p = words; *p; p++)
		if (*p == '_')
			*p = ' ';
	return words;
}

static bool
is_phone(const char *phone, int64 min_len, int64 max_len)
{
	const char *digits = phone[0] == '+' ? phone + 1 : phone;
	size_t len = strlen(digits);

	return strspn(digits, "0123456789") == len && (int64) len >= min_len &&
		   (int64) len <= max_len;
}

/* Puts the phone into its stored form; false when there is a complaint. */
static bool
check_phone(QcRegistration *person, QcFieldErrors *errors, bool is_needed)
{
	int64 min_len = Max(qc_setting_int("phone_min_length", 9), PHONE_MIN_LEN);
	int64 max_len = Min(qc_setting_int("phone_max_length", 16), PHONE_MAX_LEN);
	int before = errors->n;

	qc_registration_check_text(errors, "phone", &person->phone, 64, is_needed);
	if (person->phone == NULL || errors->n > before)
		return errors->n == before;
	person->phone = qc_account_normal_phone(person->phone);
	if (!is_phone(person->phone, min_len, max_len))
		qc_fields_add(errors, "phone",
					  "The phone field must be between " INT64_FORMAT
					  " and " INT64_FORMAT " digits.",
					  min_len, max_len);
	return errors->n == before;
}

static bool
check_email(QcRegistration *person, QcFieldErrors *errors, bool is_needed)
{
	int before = errors->n;

	qc_registration_check_text(errors, "email", &person->email, EMAIL_MAX_LEN,
							   is_needed);
	if (person->email != NULL && errors->n == before && !qc_message_is_address(person->email))
		qc_fields_add(errors, "email",
					  "The email field must be a valid email address.");
	return errors->n == before;
}

/* Complain when somebody else than this user has one of the contacts. */
static void
check_free(const char *phone, const char *email, QcFieldErrors *errors, int64 user_id)
{
	QcArgs args = {0};
	bool is_email_taken;
	bool is_phone_taken;

	qc_args_text(&args, email);
	qc_args_text(&args, phone);
	qc_args_id(&args, user_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&find_taken, &args), 1, "looking for a contact");
	is_email_taken = qc_db_bool(0, 1);
	is_phone_taken = qc_db_bool(0, 2);
	qc_db_end();
	if (is_phone_taken)
		qc_fields_add(errors, "phone", "The phone has already been taken.");
	if (is_email_taken)
		qc_fields_add(errors, "email", "The email has already been taken.");
}
