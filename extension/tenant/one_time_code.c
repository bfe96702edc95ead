/*
 * extension/tenant/one_time_code.c
 *		Six digits sent to a phone or e-mail, and the token they are exchanged for.
 *
 * A code is worth 10 minutes and 5 guesses per contact, however many codes are asked
 * for in that time; a right one is exchanged, once, for a token that is worth another
 * 10 minutes.  Codes and tokens are stored hashed.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "utils/builtins.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/core/settings.h"
#include "extension/mail/mail.h"
#include "extension/outbox/outbox.h"
#include "extension/tenant/account.h"
#include "extension/tenant/attempts.h"
#include "extension/tenant/one_time_code.h"

#define CODE_LEN  6
#define SALT_LEN  16
#define TOKEN_LEN 40
#define GUESSES   5
#define MINUTES   10
#define WHAT      "otp"

static QcStmt read_user = {
	.sql = "SELECT u.name, u.email, u.phone, u.phone_code, u.is_active, u.locale"
		   " FROM qutecart.users u WHERE u.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt write_code = {
	.sql = "INSERT INTO qutecart.one_time_codes (contact, purpose, user_id, code_hash,"
		   " salt, sent_to, expires_at) VALUES ($1, $2, $3, $4, $5, $6,"
		   " pg_catalog.now() + pg_catalog.make_interval(mins => $7))"
		   " ON CONFLICT (contact, purpose) DO UPDATE SET user_id = excluded.user_id,"
		   " code_hash = excluded.code_hash, salt = excluded.salt,"
		   " sent_to = excluded.sent_to, token_hash = NULL,"
		   " created_at = excluded.created_at, expires_at = excluded.expires_at,"
		   " verified_at = NULL",
	.nargs = 7,
	.argtypes = {TEXTOID, TEXTOID, INT8OID, BYTEAOID, BYTEAOID, TEXTOID, INT4OID},
};

static QcStmt find_codes = {
	.sql = "SELECT c.purpose, c.code_hash, c.salt FROM qutecart.one_time_codes c"
		   " WHERE c.contact = $1 AND c.verified_at IS NULL"
		   " AND c.expires_at > pg_catalog.now() FOR UPDATE",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt exchange_code = {
	.sql = "UPDATE qutecart.one_time_codes SET token_hash = $3,"
		   " verified_at = pg_catalog.now(), expires_at = pg_catalog.now()"
		   " + pg_catalog.make_interval(mins => $4)"
		   " WHERE contact = $1 AND purpose = $2 RETURNING user_id, sent_to",
	.nargs = 4,
	.argtypes = {TEXTOID, TEXTOID, BYTEAOID, INT4OID},
};

/* What the code was sent to is verified, if it still is the user's. */
static QcStmt verify_contact = {
	.sql = "UPDATE qutecart.users SET"
		   " email_verified_at = CASE WHEN email = $2"
		   "  THEN pg_catalog.now() ELSE email_verified_at END,"
		   " phone_verified_at = CASE WHEN phone = $2"
		   "  THEN pg_catalog.now() ELSE phone_verified_at END WHERE id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt find_token = {
	.sql = "SELECT c.user_id FROM qutecart.one_time_codes c"
		   " JOIN qutecart.users u ON u.id = c.user_id WHERE c.token_hash = $1"
		   " AND c.expires_at > pg_catalog.now() AND u.is_active"
		   " AND u.deleted_at IS NULL",
	.nargs = 1,
	.argtypes = {BYTEAOID},
};

static QcStmt delete_token = {
	.sql = "DELETE FROM qutecart.one_time_codes c WHERE c.token_hash = $1",
	.nargs = 1,
	.argtypes = {BYTEAOID},
};

/* A code on its way. */
typedef struct Message
{
	char *name;
	char *to; /* a phone or an e-mail */
	char *phone_code;
	char *locale; /* of the user, NULL = none chosen */
	bool by_phone;
	bool is_reset;
	char code[CODE_LEN + 1];
} Message;

static char *normal_contact(const char *contact);
static Message message_for(int64 user_id, bool is_reset);
static void make_code(char code[CODE_LEN + 1]);
static Datum bytes(const void *data, size_t len);
static Datum hash_of(const char *text);
static Datum salted_hash(const uint8 salt[SALT_LEN], const char *code);
static bool goes_by_phone(const char *email, const char *phone, bool is_reset);
static void enqueue(const Message *message);
static char *find_purpose(const char *contact, const char *code);
static void refuse_guesses(void);

QcCodeSent
qc_code_send(const char *contact, bool is_reset)
{
	char *normal = normal_contact(contact);
	int64 user_id = qc_account_find(contact);
	uint8 salt[SALT_LEN];
	QcCodeSent sent;
	QcArgs args = {0};
	Message message;

	if (user_id == 0)
		ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED),
				errmsg("Sorry! No user found with this email/phone."));
	if (!qc_attempts_are_left(WHAT, normal, GUESSES))
		refuse_guesses();
	message = message_for(user_id, is_reset);
	qc_crypto_random(salt, SALT_LEN);
	make_code(message.code);
	qc_args_text(&args, normal);
	qc_args_text(&args, is_reset ? "reset" : "verify");
	qc_args_int8(&args, user_id);
	qc_args_datum(&args, salted_hash(salt, message.code), false);
	qc_args_datum(&args, bytes(salt, SALT_LEN), false);
	qc_args_text(&args, message.to);
	qc_args_int4(&args, MINUTES);
	qc_db_begin();
	(void) qc_db_system(&write_code, &args);
	qc_db_end();
	enqueue(&message);
	sent.channel = message.by_phone ? "phone" : "email";
	sent.phone_code = message.phone_code;
	return sent;
}

char *
qc_code_verify(const char *contact, const char *code)
{
	char *normal = normal_contact(contact);
	char *purpose = find_purpose(normal, code);
	char *token = qc_crypto_random_word(TOKEN_LEN);
	QcArgs args = {0};
	QcArgs user = {0};

	if (purpose == NULL)
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST), errmsg("Invalid otp"));
	qc_args_text(&args, normal);
	qc_args_text(&args, purpose);
	qc_args_datum(&args, hash_of(token), false);
	qc_args_int4(&args, MINUTES);
	qc_db_begin();
	qc_db_expect(qc_db_system(&exchange_code, &args), 1, "exchanging a code");
	qc_args_int8(&user, qc_db_int8(0, 1));
	qc_args_text(&user, qc_db_text(0, 2));
	(void) qc_db_system(&verify_contact, &user);
	qc_db_end();
	qc_attempts_forget(WHAT, normal);
	return token;
}

int64
qc_code_user_of(const char *token)
{
	QcArgs args = {0};
	int64 user_id = 0;

	qc_args_datum(&args, hash_of(token), false);
	qc_db_begin();
	if (qc_db_system(&find_token, &args) == 1)
		user_id = qc_db_int8(0, 1);
	qc_db_end();
	return user_id;
}

void
qc_code_use_up(const char *token)
{
	QcArgs args = {0};

	qc_args_datum(&args, hash_of(token), false);
	qc_db_begin();
	if (qc_db_system(&delete_token, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_CONFLICT),
				errmsg("the token has been used a moment ago"));
	qc_db_end();
}

/* One spelling per contact: e-mails in small letters, phones as stored. */
static char *
normal_contact(const char *contact)
{
	if (strchr(contact, '@') == NULL)
		return qc_account_normal_phone(contact);
	return text_to_cstring(DatumGetTextPP(DirectFunctionCall1Coll(
		lower, DEFAULT_COLLATION_OID, CStringGetTextDatum(contact))));
}

static Message
message_for(int64 user_id, bool is_reset)
{
	Message message = {.is_reset = is_reset};
	QcArgs args = {0};
	char *email;
	char *phone;
	bool is_active;

	qc_args_int8(&args, user_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_user, &args), 1, "reading a user");
	message.name = qc_db_keep_text(qc_db_text(0, 1));
	email = qc_db_keep_text(qc_db_text(0, 2));
	phone = qc_db_keep_text(qc_db_text(0, 3));
	message.phone_code = qc_db_keep_text(qc_db_text(0, 4));
	is_active = qc_db_bool(0, 5);
	message.locale = qc_db_keep_text(qc_db_text(0, 6));
	qc_db_end();
	if (!is_active)
		ereport(ERROR, qc_err(QC_ERR_VALIDATION_FAILED),
				errmsg("Sorry, your account is not active"));
	message.by_phone = goes_by_phone(email, phone, is_reset);
	message.to = message.by_phone ? phone : email;
	return message;
}

/* The channel that the settings choose, if the user has it. */
static bool
goes_by_phone(const char *email, const char *phone, bool is_reset)
{
	char *wish =
		qc_setting_text(is_reset ? "forgot_otp_type" : "register_otp_type", "email");

	return email == NULL || (strcmp(wish, "phone") == 0 && phone != NULL);
}

/* Six digits, each as likely as the others. */
static void
make_code(char code[CODE_LEN + 1])
{
	int made = 0;

	while (made < CODE_LEN)
	{
		uint8 byte;

		qc_crypto_random(&byte, 1);
		if (byte < 250)
			code[made++] = '0' + byte % 10;
	}
	code[CODE_LEN] = '\0';
}

static Datum
bytes(const void *data, size_t len)
{
	bytea *copy = palloc(VARHDRSZ + len);

	SET_VARSIZE(copy, VARHDRSZ + len);
	memcpy(VARDATA(copy), data, len);
	return PointerGetDatum(copy);
}

static Datum
hash_of(const char *text)
{
	uint8 digest[QC_SHA256_LEN];

	qc_crypto_sha256(text, strlen(text), digest);
	return bytes(digest, QC_SHA256_LEN);
}

static Datum
salted_hash(const uint8 salt[SALT_LEN], const char *code)
{
	char salted[SALT_LEN + CODE_LEN];
	uint8 digest[QC_SHA256_LEN];

	memcpy(salted, salt, SALT_LEN);
	memcpy(salted + SALT_LEN, code, CODE_LEN);
	qc_crypto_sha256(salted, sizeof(salted), digest);
	return bytes(digest, QC_SHA256_LEN);
}

static void
enqueue(const Message *message)
{
	const char *name = message->is_reset ? "password_reset" : "verification_code";
	QcMail mail = {.template_name = name,
				   .to = message->to,
				   .to_name = message->name,
				   .locale = message->locale};
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	if (message->by_phone)
	{
		qc_json_text(&json, "to", message->to);
		qc_json_text(&json, "phone_code", message->phone_code);
		qc_json_text(&json, "name", message->name);
	}
	qc_json_text(&json, "code", message->code);
	qc_json_int(&json, "minutes", MINUTES);
	qc_json_close(&json, '}');
	mail.data = json.out.data;
	if (message->by_phone)
		(void) qc_outbox_enqueue(psprintf("sms.%s", name), 0, "", mail.data);
	else
		(void) qc_mail_enqueue(&mail);
}

/* The purpose of the live code that this is; NULL when it is none.  Takes a guess. */
static char *
find_purpose(const char *contact, const char *code)
{
	char *purpose = NULL;
	QcArgs args = {0};
	uint64 n;

	qc_args_text(&args, contact);
	qc_db_begin();
	n = qc_db_system(&find_codes, &args);
	if (n > 0 && !qc_attempts_take(WHAT, contact, GUESSES, MINUTES * 60))
		refuse_guesses();
	for (uint64 row = 0; row < n && strlen(code) == CODE_LEN; row++)
	{
		bool is_null;
		bytea *hash = DatumGetByteaPP(qc_db_datum(row, 2, &is_null));
		bytea *salt = DatumGetByteaPP(qc_db_datum(row, 3, &is_null));
		Datum guess = salted_hash((uint8 *) VARDATA_ANY(salt), code);

		if (qc_crypto_equal(VARDATA_ANY(hash), VARDATA_ANY(DatumGetPointer(guess)),
							QC_SHA256_LEN))
			purpose = qc_db_keep_text(qc_db_text(row, 1));
	}
	qc_db_end();
	return purpose;
}

static void
refuse_guesses(void)
{
	ereport(ERROR, qc_err(QC_ERR_TOO_MANY_REQUESTS), errmsg("Too Many Attempts."),
			errhint("Ask for a new code in %d minutes.", MINUTES));
}
