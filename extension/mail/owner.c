/*
 * extension/mail/owner.c
 *		Writing to who owns a shop.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/mail/owner.h"

static QcStmt read_owner = {
	.sql = "SELECT u.email, u.name, u.last_name, u.locale"
		   " FROM qutecart.shop_members m JOIN qutecart.users u ON u.id = m.user_id"
		   " WHERE m.shop_id = $1 AND m.role = 'owner' AND u.deleted_at IS NULL",
	.nargs = 1,
	.argtypes = {INT8OID},
};

char *
qc_mail_full_name(const char *name, const char *last_name)
{
	if (name == NULL || last_name == NULL)
		return name ? pstrdup(name) : NULL;
	return psprintf("%s %s", name, last_name);
}

void
qc_mail_to_owner(QcMail *mail, int64 shop_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	mail->shop_id = shop_id;
	qc_db_begin();
	if (qc_db_system(&read_owner, &args) == 1)
	{
		mail->to = qc_db_keep_text(qc_db_text(0, 1));
		mail->to_name =
			qc_db_keep_text(qc_mail_full_name(qc_db_text(0, 2), qc_db_text(0, 3)));
		mail->locale = qc_db_keep_text(qc_db_text(0, 4));
	}
	qc_db_end();
}
