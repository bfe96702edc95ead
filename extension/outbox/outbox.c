/*
 * extension/outbox/outbox.c
 *		Enqueueing: one row in the transaction that causes it, gone if that fails.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/outbox/outbox.h"

static QcStmt insert_message = {
	.sql = "INSERT INTO qutecart.outbox (kind, shop_id, key, payload)"
		   " VALUES ($1, $2, $3, $4::pg_catalog.text::pg_catalog.jsonb) RETURNING id",
	.nargs = 4,
	.argtypes = {TEXTOID, INT8OID, TEXTOID, TEXTOID},
};

int64
qc_outbox_enqueue(const char *kind, int64 shop_id, const char *key, const char *payload)
{
	QcArgs args = {0};
	int64 id;

	qc_args_text(&args, kind);
	qc_args_id(&args, shop_id);
	qc_args_text(&args, key);
	qc_args_text(&args, payload);
	qc_db_begin();
	(void) qc_db_system(&insert_message, &args);
	id = qc_db_int8(0, 1);
	qc_db_end();
	return id;
}
