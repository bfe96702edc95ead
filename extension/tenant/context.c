/*
 * extension/tenant/context.c
 *		The context of a transaction: one SUSET setting that only this file sets.
 *
 * The setting is local to the transaction, so it ends with it, reverts at a savepoint
 * and reaches parallel workers; its check hook refuses every value that does not come
 * from qc_context_set(), even a superuser's SET or a GRANT SET ON PARAMETER.  It is
 * set once per transaction.  A BI login has no token: its shop is found from the
 * session's login role, once per transaction.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/guc.h"

#include "extension/core/compat.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/tenant/context.h"

#define SETTING "qutecart.context"

static QcStmt read_bi_shop = {
	.sql = "SELECT b.shop_id FROM qutecart.bi_logins b WHERE b.role_name = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
	.is_read = true,
};

static QcStmt read_permission = {
	.sql = "SELECT EXISTS (SELECT FROM qutecart.granted_permissions g"
		   " WHERE g.user_id = $1 AND g.shop_id IS NOT DISTINCT FROM $2"
		   " AND g.name = $3)",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTOID},
	.is_read = true,
};

static const QcContext nobody = {.actor = QC_ACTOR_NONE};

static char *setting;                 /* the GUC's text */
static const QcContext *from_setting; /* its parsed form; NULL when unset */
static bool setting_is_ours = false;  /* is qc_context_set() at work? */

/* The BI login's context, looked up at most once per transaction. */
static QcContext bi_context;
static LocalTransactionId bi_looked_up_in = InvalidLocalTransactionId;
static Oid bi_looked_up_for = InvalidOid;

/* Parse "actor:user:shop:session"; false when the text is not of that form. */
static bool
parse(const char *text, QcContext *context)
{
	char actor;
	int end = -1;
	long long user;
	long long shop;
	long long session;

	if (sscanf(text, "%c:%lld:%lld:%lld%n", &actor, &user, &shop, &session, &end) !=
			4 ||
		text[end] != '\0' || strchr("crosaRb", actor) == NULL)
		return false;
	context->actor = (QcActor) actor;
	context->user_id = user;
	context->shop_id = shop;
	context->session_id = session;
	return true;
}

static bool
check_setting(char **value, void **extra, GucSource source)
{
	QcContext context;
	QcContext *parsed;

	if (*value == NULL || **value == '\0')
		return true;
	if (!setting_is_ours && !InitializingParallelWorker)
	{
		GUC_check_errcode(ERRCODE_INSUFFICIENT_PRIVILEGE);
		GUC_check_errmsg("setting \"%s\" cannot be set", SETTING);
		GUC_check_errhint("Call qutecart.enter(token).");
		return false;
	}
	if (!parse(*value, &context))
		return false;
	parsed = qc_guc_malloc(sizeof(QcContext));
	if (parsed == NULL)
		return false;
	*parsed = context;
	*extra = parsed;
	return true;
}

static void
assign_setting(const char *value, void *extra)
{
	from_setting = extra;
}

void
qc_context_init(void)
{
	DefineCustomStringVariable(
		SETTING, "Holds who acts in this transaction.",
		"Set by qutecart.enter() and qutecart.http() alone.", &setting, "", PGC_SUSET,
		GUC_NO_SHOW_ALL | GUC_NO_RESET_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE,
		check_setting, assign_setting, NULL);
}

/* Find the shop that the session's login role is bound to. */
static const QcContext *
bi_login_context(void)
{
	LocalTransactionId now = QC_MY_LXID;
	QcArgs args = {0};
	Oid group = get_role_oid("qutecart_bi", true);

	if (now == InvalidLocalTransactionId)
		return &nobody;
	if (bi_looked_up_in == now && bi_looked_up_for == GetSessionUserId())
		return &bi_context;
	bi_context = nobody;
	if (OidIsValid(group) && is_member_of_role_nosuper(GetSessionUserId(), group))
	{
		qc_db_begin();
		qc_args_text(&args, GetUserNameFromId(GetSessionUserId(), false));
		if (qc_db_system(&read_bi_shop, &args) == 1)
			bi_context = (QcContext){.actor = QC_ACTOR_BI, .shop_id = qc_db_int8(0, 1)};
		qc_db_end();
	}
	bi_looked_up_in = now;
	bi_looked_up_for = GetSessionUserId();
	return &bi_context;
}

const QcContext *
qc_context(void)
{
	if (from_setting != NULL)
		return from_setting;
	return bi_login_context();
}

static bool
is_same(const QcContext *a, const QcContext *b)
{
	return a->actor == b->actor && a->user_id == b->user_id &&
		   a->shop_id == b->shop_id && a->session_id == b->session_id;
}

void
qc_context_set(const QcContext *context)
{
	char text[96];

	if (from_setting != NULL)
	{
		if (is_same(from_setting, context))
			return;
		ereport(ERROR, qc_err(QC_ERR_CONTEXT_ALREADY_SET),
				errmsg("somebody else acts in this transaction already"),
				errhint("Begin another transaction."));
	}
	snprintf(text, sizeof(text), "%c:%lld:%lld:%lld", (char) context->actor,
			 (long long) context->user_id, (long long) context->shop_id,
			 (long long) context->session_id);
	setting_is_ours = true;
	PG_TRY();
	{
		(void) set_config_option(SETTING, text, PGC_SUSET, PGC_S_SESSION,
								 GUC_ACTION_LOCAL, true, ERROR, false);
	}
	PG_FINALLY();
	{
		setting_is_ours = false;
	}
	PG_END_TRY();
}

bool
qc_context_is_member(void)
{
	const QcContext *context = qc_context();

	return context->actor == QC_ACTOR_OWNER || context->actor == QC_ACTOR_STAFF;
}

int64
qc_context_need_shop(void)
{
	if (qc_context_is_member())
		return qc_context()->shop_id;
	(void) qc_context_need_user();
	ereport(ERROR, qc_err(QC_ERR_NO_SHOP), errmsg("no shop associated with this user"),
			errhint("Register a shop, or sign in as a member of one."),
			qc_err_members("\"error\":\"No shop associated with this user\""));
}

int64
qc_context_need_owned_shop(void)
{
	int64 shop_id = qc_context_need_shop();

	if (qc_context()->actor != QC_ACTOR_OWNER)
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
				errmsg("only the owner of the shop may do this"));
	return shop_id;
}

int64
qc_context_need_user(void)
{
	const QcContext *context = qc_context();

	if (context->user_id == 0)
		ereport(ERROR, qc_err(QC_ERR_UNAUTHENTICATED), errmsg("nobody is signed in"),
				errhint("Send a token, or call qutecart.enter(token)."));
	return context->user_id;
}

/* Ask the tables: staff and admins have what they were granted. */
static bool
is_granted(const QcContext *context, const char *permission)
{
	QcArgs args = {0};
	bool granted;

	qc_args_int8(&args, context->user_id);
	qc_args_id(&args, context->shop_id);
	qc_args_text(&args, permission);
	qc_db_begin();
	(void) qc_db_system(&read_permission, &args);
	granted = qc_db_bool(0, 1);
	qc_db_end();
	return granted;
}

bool
qc_context_may(const char *permission)
{
	const QcContext *context = qc_context();

	switch (context->actor)
	{
		case QC_ACTOR_ROOT:
			return true;
		case QC_ACTOR_OWNER:
			return strncmp(permission, "shop.", 5) == 0;
		case QC_ACTOR_STAFF:
		case QC_ACTOR_ADMIN:
			return is_granted(context, permission);
		default:
			return false;
	}
}

void
qc_context_need(const char *permission)
{
	if (!qc_context_may(permission))
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
				errmsg("permission \"%s\" is missing", permission),
				errhint("%s can grant it.", strncmp(permission, "admin.", 6) == 0
												? "The owner of the platform"
												: "The owner of the shop"));
}
