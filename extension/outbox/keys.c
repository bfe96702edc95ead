/*
 * extension/outbox/keys.c
 *		Whose turn it is among the messages of one key: that of the smallest number.
 *
 * A claim parks what it meets too early; here it is let go again.  Letting one go that
 * is not first harms nothing, as the claim looks again; forgetting one would keep its
 * key for ever, which is why the worker does this for whoever removes messages, after
 * his commit (notes.c).
 */
#include "postgres.h"

#include "extension/outbox/keys.h"

/* Heads that a client holds are noted, to be seen to again: he may let them be. */
static QcStmt unpark = {
	.sql = "WITH heads AS (SELECT h.slot, h.id, k.lane, k.key"
		   "  FROM unnest($1, $2) k (lane, key) CROSS JOIN LATERAL"
		   "  (SELECT n.slot, n.id, n.state FROM qutecart.outbox n"
		   "   WHERE n.lane = k.lane AND n.key = k.key ORDER BY n.id LIMIT 1) h"
		   "  WHERE h.state = 'parked'),"
		   " freed AS (UPDATE qutecart.outbox o SET state = 'ready' FROM heads h"
		   "  CROSS JOIN LATERAL (SELECT x.slot, x.id FROM qutecart.outbox x"
		   "   WHERE x.slot = h.slot AND x.id = h.id FOR UPDATE SKIP LOCKED) p"
		   "  WHERE o.slot = p.slot AND o.id = p.id RETURNING o.id)"
		   " INSERT INTO qutecart.outbox_notes (wish, lane, key)"
		   " SELECT DISTINCT 'unpark', h.lane, h.key FROM heads h"
		   " WHERE h.id NOT IN (SELECT f.id FROM freed f)",
	.nargs = 2,
	.argtypes = {INT8ARRAYOID, TEXTARRAYOID},
	.is_queue = true,
};

static QcStmt unpark_all = {
	.sql = "UPDATE qutecart.outbox o SET state = 'ready' FROM (SELECT h.slot, h.id"
		   "  FROM qutecart.outbox h WHERE h.state = 'parked' AND NOT EXISTS ("
		   "   SELECT FROM qutecart.outbox p WHERE p.lane = h.lane AND p.key = h.key"
		   "   AND p.id < h.id) FOR UPDATE SKIP LOCKED) f"
		   " WHERE o.slot = f.slot AND o.id = f.id",
};

int64
qc_keys_unpark(ArrayBuildState *lanes, ArrayBuildState *keys)
{
	QcArgs args = {0};
	int64 held;

	qc_args_list(&args, lanes);
	qc_args_list(&args, keys);
	qc_db_begin();
	held = (int64) qc_db_system(&unpark, &args);
	qc_db_end();
	return held;
}

void
qc_keys_unpark_all(void)
{
	qc_db_begin();
	(void) qc_db_system(&unpark_all, NULL);
	qc_db_end();
}
