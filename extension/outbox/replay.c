/*
 * extension/outbox/replay.c
 *		Sending again what was given up, and giving up what waits.
 *
 * Both run in anybody's transaction, beside the worker.  What he has on lease is his;
 * what he moves from half to half in the same moment is found by looking once more; and
 * whose turn it is after a message has gone he sees himself, by a note.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/outbox/outbox.h"
#include "extension/outbox/replay.h"
#include "extension/outbox/slot.h"
#include "extension/worker/wake.h"

#define FILTER_ARGS 6

/* Parameters 1 to 6 choose rows of either table, by the time in a column of it. */
#define MATCHES(row, message_id, time)                                                 \
	" ($1 IS NULL OR " row ".shop_id = $1)"                                            \
	" AND ($2 IS NULL OR " row "." message_id " = $2)"                                 \
	" AND ($3 IS NULL OR " row ".kind = $3"                                            \
	"  OR pg_catalog.starts_with(" row ".kind, $3 || '.'))"                            \
	" AND ($4 IS NULL OR " row ".endpoint_id = $4)"                                    \
	" AND ($5 IS NULL OR " row "." time " >= $5)"                                      \
	" AND ($6 IS NULL OR " row "." time " < $6)"

#define FILTER_TYPES INT8OID, INT8OID, TEXTOID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID

#define MAY_BE_REPLAYED                                                                \
	MATCHES("l", "message_id", "created_at")                                           \
	" AND l.replayed_at IS NULL AND l.outcome <> 'retry'"                              \
	" AND ($7 IS NULL OR l.outcome = $7) AND ($8 IS NULL OR l.id = $8)"

#define MAY_BE_DISCARDED                                                               \
	MATCHES("o", "id", "created_at")                                                   \
	" AND (o.leased_until IS NULL OR o.leased_until <= pg_catalog.clock_timestamp())"

static QcStmt find_ended = {
	.sql = "SELECT l.message_id, NULL::int8, l.public_id, l.kind, l.shop_id,"
		   " l.endpoint_id, l.payload IS NOT NULL FROM qutecart.outbox_log l"
		   " WHERE" MAY_BE_REPLAYED " AND (l.payload IS NULL OR NOT $9)"
		   " ORDER BY l.message_id",
	.nargs = FILTER_ARGS + 3,
	.argtypes = {FILTER_TYPES, TEXTOID, INT8OID, BOOLOID},
	.is_custom = true,
	.is_latest = true,
};

static QcStmt replay = {
	.sql = "WITH marked AS (UPDATE qutecart.outbox_log l"
		   "  SET replayed_at = pg_catalog.clock_timestamp()"
		   "  WHERE" MAY_BE_REPLAYED " AND l.payload IS NOT NULL RETURNING l.*),"
		   " again AS (INSERT INTO qutecart.outbox (slot, public_id, kind, shop_id,"
		   "   endpoint_id, lane, key, payload)"
		   "  SELECT $9, m.public_id, m.kind, m.shop_id, m.endpoint_id, m.lane, m.key,"
		   "   m.payload FROM marked m ORDER BY m.message_id RETURNING id, public_id)"
		   " SELECT m.message_id, a.id, m.public_id, m.kind, m.shop_id, m.endpoint_id,"
		   "  true FROM marked m JOIN again a ON a.public_id = m.public_id"
		   "  ORDER BY m.message_id",
	.nargs = FILTER_ARGS + 3,
	.argtypes = {FILTER_TYPES, TEXTOID, INT8OID, INT2OID},
	.is_custom = true,
	.is_latest = true,
};

static QcStmt find_kinds = {
	.sql = "SELECT DISTINCT o.kind FROM qutecart.outbox o WHERE" MAY_BE_DISCARDED,
	.nargs = FILTER_ARGS,
	.argtypes = {FILTER_TYPES},
	.is_custom = true,
	.is_latest = true,
};

static QcStmt find_waiting = {
	.sql = "SELECT o.id, NULL::int8, o.public_id, o.kind, o.shop_id, o.endpoint_id,"
		   " o.kind = ANY ($7) FROM qutecart.outbox o WHERE" MAY_BE_DISCARDED
		   " ORDER BY o.id",
	.nargs = FILTER_ARGS + 1,
	.argtypes = {FILTER_TYPES, TEXTARRAYOID},
	.is_custom = true,
	.is_latest = true,
};

static QcStmt discard = {
	.sql =
		"WITH gone AS (DELETE FROM qutecart.outbox o WHERE" MAY_BE_DISCARDED
		"  RETURNING o.*),"
		" logged AS (INSERT INTO qutecart.outbox_log (shop_id, message_id, public_id,"
		"   kind, endpoint_id, lane, key, attempt, outcome, reason, payload, created_at)"
		"  SELECT g.shop_id, g.id, g.public_id, g.kind, g.endpoint_id, g.lane, g.key,"
		"   g.attempts, 'dead', $8, CASE WHEN g.kind = ANY ($7) THEN g.payload END,"
		"   pg_catalog.clock_timestamp() FROM gone g),"
		" noted AS (INSERT INTO qutecart.outbox_notes (wish, lane, key)"
		"  SELECT DISTINCT 'unpark', g.lane, g.key FROM gone g WHERE g.key <> '')"
		" SELECT g.id, NULL::int8, g.public_id, g.kind, g.shop_id, g.endpoint_id,"
		"  g.kind = ANY ($7) FROM gone g ORDER BY g.id",
	.nargs = FILTER_ARGS + 2,
	.argtypes = {FILTER_TYPES, TEXTARRAYOID, TEXTOID},
	.is_custom = true,
	.is_latest = true,
};

static void
pass_time(QcArgs *args, TimestampTz time)
{
	qc_args_datum(args, TimestampTzGetDatum(time), time == 0);
}

static void
pass_filter(QcArgs *args, const QcMessageFilter *filter)
{
	qc_args_datum(args, Int64GetDatum(filter->shop_id), filter->shop_id == QC_ANY_SHOP);
	qc_args_id(args, filter->message_id);
	qc_args_text(args, filter->kind);
	qc_args_id(args, filter->endpoint_id);
	pass_time(args, filter->since);
	pass_time(args, filter->until);
}

static void
visit_rows(uint64 n, QcFoundVisitor visit, void *arg)
{
	for (uint64 i = 0; visit != NULL && i < n; i++)
	{
		bool is_null;
		QcFoundMessage found = {
			.message_id = qc_db_int8(i, 1),
			.new_id = qc_db_int8(i, 2),
			.kind = qc_db_text(i, 4),
			.shop_id = qc_db_int8(i, 5),
			.endpoint_id = qc_db_int8(i, 6),
			.has_payload = qc_db_bool(i, 7),
		};

		memcpy(&found.public_id, DatumGetUUIDP(qc_db_datum(i, 3, &is_null)), UUID_LEN);
		visit(&found, arg);
	}
}

static int64
count_payloads(uint64 rows)
{
	int64 n = 0;

	for (uint64 i = 0; i < rows; i++)
		n += qc_db_bool(i, 7);
	return n;
}

/* Of a dry run all that ended; else those that cannot be sent again. */
static int64
visit_ended(const QcMessageFilter *filter, QcFoundVisitor visit, void *arg)
{
	QcArgs args = {0};
	uint64 n;

	pass_filter(&args, filter);
	qc_args_text(&args, filter->outcome);
	qc_args_id(&args, filter->log_id);
	qc_args_bool(&args, !filter->is_dry_run);
	n = qc_db_system(&find_ended, &args);
	visit_rows(n, visit, arg);
	return count_payloads(n);
}

int64
qc_outbox_replay(const QcMessageFilter *filter, QcFoundVisitor visit, void *arg)
{
	QcArgs args = {0};
	int64 n;

	qc_db_begin();
	n = visit_ended(filter, visit, arg);
	if (!filter->is_dry_run)
	{
		pass_filter(&args, filter);
		qc_args_text(&args, filter->outcome);
		qc_args_id(&args, filter->log_id);
		qc_args_datum(&args, Int16GetDatum(qc_slot_current()), false);
		n = (int64) qc_db_system(&replay, &args);
		visit_rows((uint64) n, visit, arg);
		qc_wake_worker();
	}
	qc_db_end();
	return n;
}

/* The kinds whose payload may be kept, of those that the filter finds. */
static ArrayBuildState *
kinds_to_keep(const QcMessageFilter *filter, bool (*forgets)(const char *kind))
{
	ArrayBuildState *kinds;
	QcArgs args = {0};
	uint64 n;

	pass_filter(&args, filter);
	n = qc_db_system(&find_kinds, &args);
	kinds = qc_list_begin(TEXTOID);
	for (uint64 i = 0; i < n; i++)
	{
		const char *kind = qc_db_text(i, 1);

		if (forgets == NULL || !forgets(kind))
			qc_list_text(kinds, kind);
	}
	return kinds;
}

int64
qc_outbox_discard(const QcMessageFilter *filter, const char *reason,
				  bool (*forgets)(const char *kind), QcFoundVisitor visit, void *arg)
{
	QcArgs args = {0};
	int64 total = 0;
	uint64 n;

	qc_db_begin();
	pass_filter(&args, filter);
	qc_args_list(&args, kinds_to_keep(filter, forgets));
	if (filter->is_dry_run)
	{
		n = qc_db_system(&find_waiting, &args);
		visit_rows(n, visit, arg);
		qc_db_end();
		return (int64) n;
	}
	qc_args_text(&args, reason);
	do
	{
		n = qc_db_system(&discard, &args);
		visit_rows(n, visit, arg);
		total += (int64) n;
	} while (n > 0);
	qc_db_end();
	if (total > 0)
		qc_wake_worker();
	return total;
}
