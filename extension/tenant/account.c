/*
 * extension/tenant/account.c
 *		Accounts: finding, signing in, showing.
 *
 * A sign-in costs one password hash whether the contact exists or not, and hashes
 * while nothing is locked.  The session is made under a lock of the user's row, after
 * which the hash that was checked must still be the stored one: a password change
 * leaves no session behind that was opened with the old password.
 */
#include "postgres.h"

#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/tenant/account.h"
#include "extension/tenant/token.h"

/* What find_login returns, by position. */
enum
{
	COL_ID = 1,
	COL_HASH,
	COL_IS_ACTIVE,
	COL_IS_CUSTOMER,
	COL_IS_MEMBER
};

/* $1 an e-mail, or $2 a phone; the other is NULL. */
static QcStmt find_login = {
	.sql = "SELECT u.id, u.password_hash, u.is_active,"
		   " EXISTS (SELECT FROM qutecart.user_roles ur JOIN qutecart.roles r"
		   "  ON r.id = ur.role_id WHERE ur.user_id = u.id AND r.name = 'customer'),"
		   " EXISTS (SELECT FROM qutecart.shop_members m"
		   "  WHERE m.user_id = u.id AND m.is_active AND m.accepted_at IS NOT NULL)"
		   " FROM qutecart.users u WHERE u.deleted_at IS NULL"
		   " AND (pg_catalog.lower(u.email) = pg_catalog.lower($1) OR u.phone = $2)",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID},
};

static QcStmt still_has_hash = {
	.sql = "SELECT u.password_hash = $2 FROM qutecart.users u WHERE u.id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt read_hash = {
	.sql = "SELECT u.password_hash FROM qutecart.users u"
		   " WHERE u.id = $1 AND u.deleted_at IS NULL",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt write_hash = {
	.sql = "UPDATE qutecart.users SET password_hash = $3, updated_at = pg_catalog.now()"
		   " WHERE id = $1 AND ($2 IS NULL OR password_hash = $2)",
	.nargs = 3,
	.argtypes = {INT8OID, TEXTOID, TEXTOID},
};

static QcStmt read_user = {
	.sql = "SELECT u.id, u.name, u.phone, u.phone_verified_at IS NOT NULL, u.email,"
		   " u.email_verified_at IS NOT NULL, u.is_active, u.gender,"
		   " u.date_of_birth::pg_catalog.text, u.country, u.phone_code, u.photo_url"
		   " FROM qutecart.users u WHERE u.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

/* A row of find_login, copied out of the executor's memory. */
typedef struct Login
{
	int64 user_id; /* 0 = nobody has this contact */
	char *hash;    /* NULL = no password set */
	bool is_active;
	bool is_customer;
	bool is_member;
} Login;

static void write_utc(QcJson *json, const char *key, TimestampTz time);
static Login find(const char *contact);
static void refuse(void);
static bool is_of_kind(const Login *login, QcSignIn kind);
static char *hash_of_user(int64 user_id);
static char *store(int64 user_id, const char *old_hash, const char *password);
static void check_hash_is_current(int64 user_id, const char *hash);

QcAccess
qc_account_sign_in(const char *contact, const char *password, QcSignIn kind,
				   QcDevice device)
{
	Login login = find(contact);
	char *hash = login.hash;
	QcAccess access;

	if (!qc_crypto_password_fits(password, hash) || !is_of_kind(&login, kind))
		refuse();
	if (!login.is_active)
		ereport(ERROR, qc_err(QC_ERR_ACCOUNT_INACTIVE),
				errmsg("Your account is not active. please contact the admin"));
	if (qc_crypto_password_is_outdated(hash))
		hash = store(login.user_id, hash, password);
	if (hash == NULL)
		refuse();
	access = qc_account_open_session(login.user_id, device);
	check_hash_is_current(login.user_id, hash);
	return access;
}

QcAccess
qc_account_open_session(int64 user_id, QcDevice device)
{
	QcAccess access = {.user_id = user_id};

	access.token = qc_token_create(user_id, device, &access.expires_at);
	return access;
}

void
qc_account_change_password(int64 user_id, const char *current, const char *password,
						   int64 but_session_id)
{
	char *hash = hash_of_user(user_id);

	if (!qc_crypto_password_fits(current, hash))
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
				errmsg("Current password is incorrect"));
	if (strcmp(current, password) == 0)
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
				errmsg("New password cannot be same as current password"));
	if (store(user_id, hash, password) == NULL)
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
				errmsg("Current password is incorrect"));
	qc_token_end_all(user_id, but_session_id);
}

void
qc_account_reset_password(int64 user_id, const char *password)
{
	if (store(user_id, NULL, password) == NULL)
		elog(ERROR, "the user of a one-time code does not exist");
	qc_token_end_all(user_id, 0);
}

int64
qc_account_find(const char *contact)
{
	return find(contact).user_id;
}

char *
qc_account_normal_phone(const char *phone)
{
	char *normal = palloc(strlen(phone) + 1);
	char *out = normal;

	for (const char *p = phone; *p; p++)
		if (strchr(" -.()/", *p) == NULL)
			*out++ = *p;
	*out = '\0';
	return normal;
}

void
qc_account_write_access(QcJson *json, const QcAccess *access)
{
	qc_json_open(json, "access", '{');
	qc_json_text(json, "auth_type", "Bearer");
	qc_json_text(json, "token", access->token);
	write_utc(json, "expires_at", access->expires_at);
	qc_json_close(json, '}');
}

/* last_online is true: only the user himself is shown this object. */
void
qc_account_write_user(QcJson *json, const char *key, int64 user_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, user_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_user, &args), 1, "reading a user");
	qc_json_open(json, key, '{');
	qc_json_int(json, "id", qc_db_int8(0, 1));
	qc_json_text(json, "name", qc_db_text(0, 2));
	qc_json_text(json, "phone", qc_db_text(0, 3));
	qc_json_bool(json, "phone_verified", qc_db_bool(0, 4));
	qc_json_text(json, "email", qc_db_text(0, 5));
	qc_json_bool(json, "email_verified", qc_db_bool(0, 6));
	qc_json_bool(json, "is_active", qc_db_bool(0, 7));
	qc_json_text(json, "profile_photo", qc_db_text(0, 12));
	qc_json_text(json, "gender", qc_db_text(0, 8));
	qc_json_text(json, "date_of_birth", qc_db_text(0, 9));
	qc_json_text(json, "country", qc_db_text(0, 10));
	qc_json_text(json, "phone_code", qc_db_text(0, 11));
	qc_json_bool(json, "account_verified", qc_db_bool(0, 4) || qc_db_bool(0, 6));
	qc_json_bool(json, "last_online", true);
	qc_json_close(json, '}');
	qc_db_end();
}

/* Clients read this one time as "YYYY-MM-DD HH:MM:SS", in UTC. */
static void
write_utc(QcJson *json, const char *key, TimestampTz time)
{
	struct pg_tm tm;
	fsec_t usec;
	char text[MAXDATELEN + 1];

	if (timestamp2tm(time, NULL, &tm, &usec, NULL, NULL) != 0)
		elog(ERROR, "a session ends outside the range of timestamps");
	snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year, tm.tm_mon,
			 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	qc_json_text(json, key, text);
}

/* A contact with an @ is an e-mail, any other a phone. */
static Login
find(const char *contact)
{
	bool is_email = strchr(contact, '@') != NULL;
	Login login = {0};
	QcArgs args = {0};

	qc_args_text(&args, is_email ? contact : NULL);
	qc_args_text(&args, is_email ? NULL : qc_account_normal_phone(contact));
	qc_db_begin();
	if (qc_db_system(&find_login, &args) == 1)
		login = (Login){.user_id = qc_db_int8(0, COL_ID),
						.hash = qc_db_keep_text(qc_db_text(0, COL_HASH)),
						.is_active = qc_db_bool(0, COL_IS_ACTIVE),
						.is_customer = qc_db_bool(0, COL_IS_CUSTOMER),
						.is_member = qc_db_bool(0, COL_IS_MEMBER)};
	qc_db_end();
	return login;
}

static void
refuse(void)
{
	ereport(ERROR, qc_err(QC_ERR_INVALID_CREDENTIALS),
			errmsg("Credential is invalid!"));
}

static bool
is_of_kind(const Login *login, QcSignIn kind)
{
	return kind == QC_SIGN_IN_ANYBODY ||
		   (kind == QC_SIGN_IN_CUSTOMER && login->is_customer) ||
		   (kind == QC_SIGN_IN_MEMBER && login->is_member);
}

static char *
hash_of_user(int64 user_id)
{
	QcArgs args = {0};
	char *hash = NULL;

	qc_args_int8(&args, user_id);
	qc_db_begin();
	if (qc_db_system(&read_hash, &args) == 1)
		hash = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	return hash;
}

/*
 * Store a password, hashed before anything is locked.  Returns the new hash; NULL when
 * the old one (NULL = whatever it is) is no longer there.
 */
static char *
store(int64 user_id, const char *old_hash, const char *password)
{
	char *hash = qc_crypto_password_hash(password);
	QcArgs args = {0};
	uint64 n;

	qc_args_int8(&args, user_id);
	qc_args_text(&args, old_hash);
	qc_args_text(&args, hash);
	qc_db_begin();
	n = qc_db_system(&write_hash, &args);
	qc_db_end();
	return n == 1 ? hash : NULL;
}

static void
check_hash_is_current(int64 user_id, const char *hash)
{
	QcArgs args = {0};

	qc_args_int8(&args, user_id);
	qc_args_text(&args, hash);
	qc_db_begin();
	if (qc_db_system(&still_has_hash, &args) != 1 || !qc_db_bool(0, 1))
		refuse();
	qc_db_end();
}
