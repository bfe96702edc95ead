/*
 * extension/mail/suppression.c
 *		Who is not written to.  Addresses are compared in small letters.
 *
 * The token of a link is random and stands for an address alone: who has it can end
 * mails to that address, and nothing else.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/mail/suppression.h"

static QcStmt find_reason = {
	.sql = "SELECT s.reason FROM qutecart.mail_suppressions s"
		   " WHERE s.address = pg_catalog.lower($1)"
		   " AND (s.reason <> 'unsubscribe' OR NOT $2) ORDER BY s.reason LIMIT 1",
	.nargs = 2,
	.argtypes = {TEXTOID, BOOLOID},
};

static QcStmt add_reason = {
	.sql = "INSERT INTO qutecart.mail_suppressions (address, reason, source)"
		   " VALUES (pg_catalog.lower($1), $2, $3) ON CONFLICT DO NOTHING",
	.nargs = 3,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID},
};

static QcStmt remove_reasons = {
	.sql = "DELETE FROM qutecart.mail_suppressions s"
		   " WHERE s.address = pg_catalog.lower($1)",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

/* One that is there is not written again. */
static QcStmt make_token = {
	.sql = "WITH made AS (INSERT INTO qutecart.mail_recipients (address)"
		   "  VALUES (pg_catalog.lower($1)) ON CONFLICT DO NOTHING RETURNING token)"
		   " SELECT m.token::pg_catalog.text FROM made m UNION ALL"
		   " SELECT r.token::pg_catalog.text FROM qutecart.mail_recipients r"
		   " WHERE r.address = pg_catalog.lower($1)",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt find_address = {
	.sql = "SELECT r.address FROM qutecart.mail_recipients r"
		   " WHERE r.token = $1::pg_catalog.uuid",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

/* Run a statement and keep its first column, if it has a row. */
static char *
first_text(QcStmt *stmt, const QcArgs *args)
{
	char *text = NULL;

	qc_db_begin();
	if (qc_db_system(stmt, args) == 1)
		text = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	return text;
}

static uint64
run(QcStmt *stmt, const QcArgs *args)
{
	uint64 n;

	qc_db_begin();
	n = qc_db_system(stmt, args);
	qc_db_end();
	return n;
}

char *
qc_suppression_reason(const char *address, bool is_transactional)
{
	QcArgs args = {0};

	qc_args_text(&args, address);
	qc_args_bool(&args, is_transactional);
	return first_text(&find_reason, &args);
}

bool
qc_suppression_add(const char *address, const char *reason, const char *source)
{
	QcArgs args = {0};

	qc_args_text(&args, address);
	qc_args_text(&args, reason);
	qc_args_text(&args, source);
	return run(&add_reason, &args) == 1;
}

int64
qc_suppression_remove(const char *address)
{
	QcArgs args = {0};

	qc_args_text(&args, address);
	return (int64) run(&remove_reasons, &args);
}

char *
qc_suppression_token(const char *address)
{
	QcArgs args = {0};

	qc_args_text(&args, address);
	return first_text(&make_token, &args);
}

char *
qc_suppression_address(const char *token)
{
	QcArgs args = {0};

	qc_args_text(&args, token);
	return first_text(&find_address, &args);
}
