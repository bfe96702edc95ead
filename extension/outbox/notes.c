/*
 * extension/outbox/notes.c
 *		What others want of the worker; done by him after their commit.
 *
 * Rows that he changes must not be held by a client's open transaction, or one shop
 * could stop the messages of all.  So clients only add a row here.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/outbox/circuit.h"
#include "extension/outbox/keys.h"
#include "extension/outbox/notes.h"
#include "extension/worker/wake.h"

#define DONE_AT_ONCE 1000

static QcStmt insert_note = {
	.sql = "INSERT INTO qutecart.outbox_notes (wish, lane) VALUES ($1, $2)",
	.nargs = 2,
	.argtypes = {TEXTOID, INT8OID},
};

static QcStmt read_notes = {
	.sql = "SELECT n.id, n.wish, n.lane, n.key FROM qutecart.outbox_notes n"
		   " ORDER BY n.id LIMIT $1",
	.nargs = 1,
	.argtypes = {INT4OID},
	.is_queue = true,
};

static QcStmt delete_notes = {
	.sql = "DELETE FROM qutecart.outbox_notes n WHERE n.id = ANY ($1)",
	.nargs = 1,
	.argtypes = {INT8ARRAYOID},
	.is_queue = true,
};

static void
leave_note(const char *wish, int64 lane)
{
	QcArgs args = {0};

	qc_args_text(&args, wish);
	qc_args_int8(&args, lane);
	qc_db_begin();
	(void) qc_db_system(&insert_note, &args);
	qc_db_end();
	qc_wake_worker();
}

void
qc_outbox_hold_lane(int64 lane)
{
	leave_note("hold", lane);
}

void
qc_outbox_reset_circuit(int64 lane)
{
	leave_note("open", lane);
}

bool
qc_notes_do(void)
{
	ArrayBuildState *done;
	ArrayBuildState *lanes;
	ArrayBuildState *keys;
	QcArgs args = {0};
	QcArgs ids = {0};
	SPITupleTable *rows;
	int64 held = 0;
	uint64 n;

	qc_args_int4(&args, DONE_AT_ONCE);
	qc_db_begin();
	n = qc_db_system(&read_notes, &args);
	rows = SPI_tuptable;
	done = qc_list_begin(INT8OID);
	lanes = qc_list_begin(INT8OID);
	keys = qc_list_begin(TEXTOID);
	for (uint64 i = 0; i < n; i++)
	{
		const char *wish;
		int64 lane;

		SPI_tuptable = rows;
		wish = qc_db_text(i, 2);
		lane = qc_db_int8(i, 3);
		qc_list_int8(done, qc_db_int8(i, 1));
		if (strcmp(wish, "hold") == 0)
			qc_circuit_hold(lane);
		else if (strcmp(wish, "open") == 0)
			qc_circuit_open(lane);
		else
		{
			qc_list_int8(lanes, lane);
			qc_list_text(keys, qc_db_text(i, 4));
		}
	}
	if (n > 0)
	{
		held = qc_keys_unpark(lanes, keys);
		qc_args_list(&ids, done);
		(void) qc_db_system(&delete_notes, &ids);
	}
	qc_db_end();
	return (int64) n > held;
}
