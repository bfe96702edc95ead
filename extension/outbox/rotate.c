/*
 * extension/outbox/rotate.c
 *		Emptying the halves of the outbox in turn, so that its size has a bound.
 *
 * A dead row stays as long as a snapshot of anybody's is older than its death, and a
 * report may run for hours.  A truncated table keeps nothing.  So when many messages
 * were settled, what is left in the half that gets no new ones is moved to the other,
 * the empty half is truncated, and new messages go there.  No more rows are moved than
 * were settled, so the cost of a message does not depend on how many wait.
 *
 * A row that is on lease stays where it is: its result must find it.  A transaction
 * that has written to the half, even a prepared one, or that reads it, as a dump does,
 * holds a lock that we do not get, and then we try again later.  A dump takes its
 * snapshot a moment before its locks: so nobody who began a moment ago, or who waits
 * for a lock, may have a snapshot in which the half is not empty.
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/namespace.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"

#include "extension/core/db.h"
#include "extension/outbox/rotate.h"
#include "extension/outbox/slot.h"

#define ROTATE_AFTER  10000 /* messages */
#define MOVED_AT_ONCE 1000
#define TRY_AGAIN     1000 /* milliseconds */

static QcStmt move = {
	.sql = "WITH gone AS (DELETE FROM qutecart.outbox o USING (SELECT x.slot, x.id"
		   "   FROM qutecart.outbox x WHERE x.slot = $1 AND x.id > $3"
		   "   AND (x.leased_until IS NULL OR x.leased_until <= $4)"
		   "   ORDER BY x.id LIMIT $5 FOR UPDATE SKIP LOCKED) d"
		   "  WHERE o.slot = d.slot AND o.id = d.id RETURNING o.*),"
		   " kept AS (INSERT INTO qutecart.outbox (slot, id, public_id, kind, shop_id,"
		   "   endpoint_id, lane, key, payload, state, due_at, attempts, created_at)"
		   "  OVERRIDING SYSTEM VALUE SELECT $2, g.id, g.public_id, g.kind, g.shop_id,"
		   "   g.endpoint_id, g.lane, g.key, g.payload, g.state, g.due_at, g.attempts,"
		   "   g.created_at FROM gone g)"
		   " SELECT pg_catalog.count(*), pg_catalog.max(g.id) FROM gone g",
	.nargs = 5,
	.argtypes = {INT2OID, INT2OID, INT8OID, TIMESTAMPTZOID, INT4OID},
	.is_queue = true,
};

static QcStmt is_inhabited = {
	.sql = "SELECT EXISTS (SELECT FROM qutecart.outbox o WHERE o.slot = $1)",
	.nargs = 1,
	.argtypes = {INT2OID},
	.is_latest = true,
};

/* Might somebody see rows that were there before $1, and be about to lock them? */
static QcStmt is_watched = {
	.sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a"
		   " WHERE a.pid <> pg_catalog.pg_backend_pid()"
		   " AND pg_catalog.age(a.backend_xmin) >= pg_catalog.age($1)"
		   " AND (a.wait_event_type = 'Lock' OR a.xact_start >"
		   "  pg_catalog.clock_timestamp() - interval '5 seconds'))",
	.nargs = 1,
	.argtypes = {XIDOID},
};

static QcStmt truncation[QC_SLOT_COUNT] = {
	{.sql = "TRUNCATE qutecart.outbox_0"},
	{.sql = "TRUNCATE qutecart.outbox_1"},
};

static const char *const partitions[QC_SLOT_COUNT] = {"outbox_0", "outbox_1"};

/* Of this process, which is the only one that rotates. */
static int64 settled_since = 0;                       /* the last rotation */
static int64 budget = 0;                              /* rows that may still be moved */
static int64 moved_up_to = 0;                         /* id, in this rotation */
static TransactionId empty_at = InvalidTransactionId; /* seen so by this one */
static TimestampTz next_try = 0;

void
qc_rotate_note(int settled)
{
	settled_since += settled;
	budget += settled;
}

bool
qc_outbox_rotation_is_due(void)
{
	return settled_since >= ROTATE_AFTER && GetCurrentTimestamp() >= next_try;
}

static void
try_later(void)
{
	next_try = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), TRY_AGAIN);
}

/* Move some rows out of a half; false when there are none left that may be moved. */
static bool
move_some(int16 from, int16 to)
{
	int64 most = Min(budget, MOVED_AT_ONCE);
	QcArgs args = {0};
	int64 n;

	qc_args_datum(&args, Int16GetDatum(from), false);
	qc_args_datum(&args, Int16GetDatum(to), false);
	qc_args_int8(&args, moved_up_to);
	qc_args_datum(&args, TimestampTzGetDatum(GetCurrentTimestamp()), false);
	qc_args_int4(&args, (int32) most);
	(void) qc_db_system(&move, &args);
	n = qc_db_int8(0, 1);
	moved_up_to = n > 0 ? qc_db_int8(0, 2) : 0;
	budget -= n;
	if (n > 0)
		empty_at = InvalidTransactionId;
	return n == most;
}

static bool
has_rows(int16 slot)
{
	QcArgs args = {0};

	qc_args_datum(&args, Int16GetDatum(slot), false);
	(void) qc_db_system(&is_inhabited, &args);
	return qc_db_bool(0, 1);
}

/* Is nobody left who could have seen rows in the half, but for those who read long? */
static bool
is_unwatched(void)
{
	QcArgs args = {0};

	if (!TransactionIdIsValid(empty_at))
		empty_at = XidFromFullTransactionId(ReadNextFullTransactionId());
	qc_args_datum(&args, TransactionIdGetDatum(empty_at), false);
	(void) qc_db_run(&is_watched, &args);
	return !qc_db_bool(0, 1);
}

/* Truncate a half that seems empty, and let new messages go there. */
static bool
truncate_half(int16 slot)
{
	Oid relation =
		get_relname_relid(partitions[slot], get_namespace_oid("qutecart", false));

	if (!ConditionalLockRelationOid(relation, AccessExclusiveLock))
		return false;
	if (has_rows(slot))
	{
		empty_at = InvalidTransactionId;
		return false;
	}
	(void) qc_db_system(&truncation[slot], NULL);
	qc_slot_set_current(slot);
	settled_since = 0;
	budget = 0;
	empty_at = InvalidTransactionId;
	return true;
}

void
qc_outbox_rotate(void)
{
	int16 current = qc_slot_current();
	int16 other = QC_SLOT_COUNT - 1 - current;

	qc_db_begin();
	if (budget <= 0)
		try_later();
	else if (!move_some(other, current) &&
			 (has_rows(other) || !is_unwatched() || !truncate_half(other)))
		try_later();
	qc_db_end();
}
