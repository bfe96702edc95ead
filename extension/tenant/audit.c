/*
 * extension/tenant/audit.c
 *		One line in the audit log, in the transaction that does the deed.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "extension/core/db.h"
#include "extension/tenant/audit.h"
#include "extension/tenant/context.h"

static QcStmt insert_line = {
	.sql = "INSERT INTO qutecart.audit_log (user_id, actor, shop_id, action, object,"
		   " details) VALUES ($1, $2, $3, $4, $5,"
		   " COALESCE($6, '{}')::pg_catalog.jsonb)",
	.nargs = 6,
	.argtypes = {INT8OID, TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID},
};

void
qc_audit(const char *action, int64 shop_id, const char *object, const char *details)
{
	int64 user_id = qc_context()->user_id;
	QcArgs args = {0};

	qc_args_id(&args, user_id);
	qc_args_text(&args,
				 user_id ? "user" : GetUserNameFromId(GetSessionUserId(), false));
	qc_args_id(&args, shop_id);
	qc_args_text(&args, action);
	qc_args_text(&args, object);
	qc_args_text(&args, details);
	qc_db_begin();
	(void) qc_db_system(&insert_line, &args);
	qc_db_end();
}
