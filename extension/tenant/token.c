/*
 * extension/tenant/token.c
 *		Tokens: made at sign-in, verified into the context, ended at sign-out.
 *
 * A token is 40 random characters; the table keeps its SHA-256.  Every request reads
 * session, user and membership (or roles) anew, so that a sign-out, a
 * withdrawn membership or a deactivated user counts from the next transaction on.  A
 * transaction that may write keeps the membership row locked: who is removed while he
 * writes is removed after it.
 */
#include "postgres.h"

#include "access/xact.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/tenant/context.h"
#include "extension/tenant/token.h"

#define TOKEN_LEN     40
#define TOKEN_MAX_LEN 256
#define DEFAULT_NAME  "api_token"
#define NAME_MAX_LEN  64
#define KEY_MAX_LEN   4096

/* A user keeps so many sessions; a further sign-in ends the oldest. */
#define SESSIONS_PER_USER "50"

/* What find_session returns, by position. */
enum
{
	COL_SESSION = 1,
	COL_USER,
	COL_SHOP,
	COL_IS_OWNER
};

/* What read_roles returns, by position. */
enum
{
	COL_IS_ROOT = 1,
	COL_IS_ADMIN,
	COL_IS_RIDER
};

/* $1 the token's hash, $2 the shop asked for or NULL, $3 is a shop wanted at all? */
#define THE_MEMBERSHIP                                                                 \
	" $3 AND m.user_id = s.user_id AND m.is_active AND m.accepted_at IS NOT NULL"      \
	" AND ($2 IS NULL OR m.shop_id = $2)"
#define BEST_FIRST " ORDER BY m.role, m.created_at, m.shop_id"
#define LIVE_SESSION                                                                   \
	" WHERE s.token_hash = $1 AND s.expires_at > pg_catalog.now()"                     \
	" AND u.is_active AND u.deleted_at IS NULL"

/* One row per shop, the best first: a plain join starts faster than a subquery. */
static QcStmt find_session = {
	.sql =
		"SELECT s.id, s.user_id, m.shop_id, m.role = 'owner'"
		" FROM qutecart.sessions s JOIN qutecart.users u ON u.id = s.user_id"
		" LEFT JOIN qutecart.shop_members m ON" THE_MEMBERSHIP LIVE_SESSION BEST_FIRST,
	.nargs = 3,
	.argtypes = {BYTEAOID, INT8OID, BOOLOID},
	.is_read = true,
};

static QcStmt find_session_and_lock_member = {
	.sql = "SELECT s.id, s.user_id, b.shop_id, b.role = 'owner'"
		   " FROM qutecart.sessions s JOIN qutecart.users u ON u.id = s.user_id"
		   " LEFT JOIN LATERAL (SELECT m.shop_id, m.role FROM qutecart.shop_members m"
		   "  WHERE" THE_MEMBERSHIP BEST_FIRST " LIMIT 1 FOR SHARE) b"
		   " ON true" LIVE_SESSION,
	.nargs = 3,
	.argtypes = {BYTEAOID, INT8OID, BOOLOID},
};

/* Asked for only when the user acts for no shop. */
static QcStmt read_roles = {
	.sql = "SELECT bool_or(n.name = 'root'), bool_or(NOT n.is_shop"
		   "  AND n.name NOT IN ('root', 'shop', 'customer', 'driver')),"
		   " bool_or(n.name = 'driver')"
		   " FROM qutecart.user_roles ur JOIN qutecart.roles n ON n.id = ur.role_id"
		   " WHERE ur.user_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

/* The user's row stays locked: a sign-in and a password change exclude each other. */
static QcStmt create_session = {
	.sql = "INSERT INTO qutecart.sessions (user_id, token_hash, name, expires_at,"
		   " created_from, device_key) SELECT u.id, $2, $3,"
		   " pg_catalog.now() + pg_catalog.make_interval(days => $4),"
		   " $5::pg_catalog.inet, $6"
		   " FROM qutecart.users u"
		   " WHERE u.id = $1 AND u.is_active AND u.deleted_at IS NULL FOR SHARE"
		   " RETURNING expires_at",
	.nargs = 6,
	.argtypes = {INT8OID, BYTEAOID, TEXTOID, INT4OID, TEXTOID, TEXTOID},
};

static QcStmt end_spare_sessions = {
	.sql = "DELETE FROM qutecart.sessions s WHERE s.user_id = $1"
		   " AND (s.expires_at <= pg_catalog.now() OR s.id IN ("
		   "  SELECT o.id FROM qutecart.sessions o WHERE o.user_id = $1"
		   "  ORDER BY o.id DESC OFFSET " SESSIONS_PER_USER "))",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt end_session = {
	.sql = "DELETE FROM qutecart.sessions s WHERE s.id = $1 AND s.user_id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt end_sessions = {
	.sql = "DELETE FROM qutecart.sessions s WHERE s.user_id = $1"
		   " AND s.id IS DISTINCT FROM $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static Datum hash_of(const char *token);
static bool find(const char *token, int64 shop_id, bool wants_shop);
static QcActor actor_of_roles(int64 user_id);
static QcContext context_of(int64 shop_id, QcActAs act_as);

char *
qc_token_create(int64 user_id, QcDevice device, TimestampTz *expires_at)
{
	bool has_name = device.name != NULL && strlen(device.name) <= NAME_MAX_LEN;
	bool has_key = device.key != NULL && strlen(device.key) <= KEY_MAX_LEN;
	char *token = qc_crypto_random_word(TOKEN_LEN);
	QcArgs args = {0};
	QcArgs user = {0};

	qc_args_int8(&args, user_id);
	qc_args_datum(&args, hash_of(token), false);
	qc_args_text(&args, has_name ? device.name : DEFAULT_NAME);
	qc_args_int4(&args, qc_guc_session_days);
	qc_args_text(&args, device.peer);
	qc_args_text(&args, has_key ? device.key : NULL);
	qc_args_int8(&user, user_id);
	qc_db_begin();
	if (qc_db_system(&create_session, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_ACCOUNT_INACTIVE),
				errmsg("Your account is not active. please contact the admin"));
	*expires_at = qc_db_time(0, 1);
	(void) qc_db_system(&end_spare_sessions, &user);
	qc_db_end();
	return token;
}

void
qc_token_enter(const char *token, int64 shop_id, QcActAs act_as)
{
	QcContext context;

	qc_db_begin();
	if (!find(token, shop_id, act_as == QC_ACT_AS_ANY || act_as == QC_ACT_AS_MEMBER))
		ereport(ERROR, qc_err(QC_ERR_UNAUTHENTICATED), errmsg("token is not valid"),
				errhint("Sign in again."));
	context = context_of(shop_id, act_as);
	qc_db_end();
	qc_context_set(&context);
}

bool
qc_token_end_current(void)
{
	const QcContext *context = qc_context();
	QcArgs args = {0};
	bool ended;

	if (context->session_id == 0)
		return false;
	qc_args_int8(&args, context->session_id);
	qc_args_int8(&args, context->user_id);
	qc_db_begin();
	ended = qc_db_system(&end_session, &args) == 1;
	qc_db_end();
	return ended;
}

void
qc_token_end_all(int64 user_id, int64 but_session_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, user_id);
	qc_args_id(&args, but_session_id);
	qc_db_begin();
	(void) qc_db_system(&end_sessions, &args);
	qc_db_end();
}

static Datum
hash_of(const char *token)
{
	bytea *hash = palloc(VARHDRSZ + QC_SHA256_LEN);

	SET_VARSIZE(hash, VARHDRSZ + QC_SHA256_LEN);
	qc_crypto_sha256(token, strlen(token), (uint8 *) VARDATA(hash));
	return PointerGetDatum(hash);
}

/* Read the session and what its user is; false when the token is not valid. */
static bool
find(const char *token, int64 shop_id, bool wants_shop)
{
	QcArgs args = {0};

	if (strnlen(token, TOKEN_MAX_LEN + 1) > TOKEN_MAX_LEN)
		return false;
	qc_args_datum(&args, hash_of(token), false);
	qc_args_id(&args, shop_id);
	qc_args_bool(&args, wants_shop);
	return qc_db_system(XactReadOnly ? &find_session : &find_session_and_lock_member,
						&args) > 0;
}

/* What a user is on the platform, apart from any shop. */
static QcActor
actor_of_roles(int64 user_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, user_id);
	(void) qc_db_system(&read_roles, &args);
	if (qc_db_bool(0, COL_IS_ROOT))
		return QC_ACTOR_ROOT;
	if (qc_db_bool(0, COL_IS_ADMIN))
		return QC_ACTOR_ADMIN;
	return qc_db_bool(0, COL_IS_RIDER) ? QC_ACTOR_RIDER : QC_ACTOR_CUSTOMER;
}

/* The context that the found row and the wish make. */
static QcContext
context_of(int64 shop_id, QcActAs act_as)
{
	QcContext context = {.session_id = qc_db_int8(0, COL_SESSION),
						 .user_id = qc_db_int8(0, COL_USER),
						 .shop_id = qc_db_int8(0, COL_SHOP)};

	if (context.shop_id != 0)
		context.actor = qc_db_bool(0, COL_IS_OWNER) ? QC_ACTOR_OWNER : QC_ACTOR_STAFF;
	else if (act_as == QC_ACT_AS_CUSTOMER)
		context.actor = QC_ACTOR_CUSTOMER;
	else if (shop_id != 0 && act_as != QC_ACT_AS_ADMIN)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
	else if (act_as == QC_ACT_AS_MEMBER)
		ereport(ERROR, qc_err(QC_ERR_NO_SHOP),
				errmsg("no shop associated with this user"),
				errhint("Register a shop, or sign in as a member of one."));
	else
		context.actor = actor_of_roles(context.user_id);
	if (act_as == QC_ACT_AS_ADMIN && context.actor != QC_ACTOR_ROOT &&
		context.actor != QC_ACTOR_ADMIN)
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
				errmsg("this account does not run the platform"));
	return context;
}
