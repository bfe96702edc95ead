/*
 * extension/outbox/claim.c
 *		Taking messages on lease: a few of each lane, lane after lane, in a circle.
 *
 * What a claim costs depends on what it takes, not on what waits: a lane is found by
 * one probe of an index behind the lane before it, however full it is, and a message
 * that must wait for its key is met once, parked, and not met again until it is its
 * turn.
 *
 * Only one process claims, settles, parks and moves (qc_outbox_try_own).  Others insert
 * and remove, and leave a note (notes.h) where that changes whose turn it is.  So nothing
 * here waits for them: rows that they hold are passed over.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/lock.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/outbox/backoff.h"
#include "extension/outbox/claim.h"
#include "extension/outbox/keys.h"
#include "extension/outbox/notes.h"

#define OWNER_LOCK     0x5174654f /* "QteO" */
#define LANES_AT_LEAST 16         /* looked for at once */
#define VISITS_AT_MOST 1000       /* lanes, in one claim */
#define PROMOTED       1000       /* messages whose time has come, in one claim */
#define WIDE_WINDOW    100   /* messages looked at in a lane where some were parked */
#define LEASE_MARGIN   60000 /* milliseconds, after a wait for room and an attempt */

static QcStmt promote = {
	.sql = "UPDATE qutecart.outbox o SET state = 'ready' FROM ("
		   " SELECT w.slot, w.id FROM qutecart.outbox w"
		   " WHERE w.state = 'waiting' AND w.due_at <= $1"
		   " ORDER BY w.due_at, w.id LIMIT $2 FOR UPDATE SKIP LOCKED) d"
		   " WHERE o.slot = d.slot AND o.id = d.id",
	.nargs = 2,
	.argtypes = {TIMESTAMPTZOID, INT4OID},
	.is_queue = true,
};

/*
 * The lanes behind $1, up to $2, that have something to take at $3, $4 of them; a row
 * without a lane says that there are no more.
 */
#define NEXT_LANE(from)                                                                \
	"(SELECT o.lane FROM qutecart.outbox o WHERE o.state = 'ready'"                    \
	" AND o.lane > " from " AND o.lane <= $2"                                          \
	" AND (o.leased_until IS NULL OR o.leased_until <= $3) ORDER BY o.lane LIMIT 1)"

static QcStmt find_lanes = {
	.sql =
		"WITH RECURSIVE l (lane) AS (SELECT " NEXT_LANE("$1") " UNION ALL SELECT " NEXT_LANE(
			"l.lane") " FROM l WHERE l.lane IS NOT NULL)"
					  " SELECT l.lane, c.failures, c.closed_until > $3 FROM l"
					  " LEFT JOIN qutecart.outbox_circuits c ON c.lane = l.lane LIMIT $4",
	.nargs = 4,
	.argtypes = {INT8OID, INT8OID, TIMESTAMPTZOID, INT4OID},
	.is_queue = true,
};

/* So many of each lane, and whether each is the first of its key. */
static QcStmt take = {
	.sql =
		"SELECT l.n, m.slot, m.id, m.public_id, m.kind, m.shop_id, m.endpoint_id, m.lane,"
		" m.key, m.payload::text, m.attempts, m.created_at,"
		" m.key = '' OR NOT EXISTS (SELECT FROM qutecart.outbox p"
		"  WHERE p.lane = m.lane AND p.key = m.key AND p.id < m.id)"
		" FROM unnest($1, $2) WITH ORDINALITY l (lane, most, n)"
		" CROSS JOIN LATERAL (SELECT o.* FROM qutecart.outbox o WHERE o.state = 'ready'"
		"  AND o.lane = l.lane AND (o.leased_until IS NULL OR o.leased_until <= $3)"
		"  ORDER BY o.due_at, o.id LIMIT l.most FOR UPDATE SKIP LOCKED) m LIMIT $4",
	.nargs = 4,
	.argtypes = {INT8ARRAYOID, INT4ARRAYOID, TIMESTAMPTZOID, INT4OID},
	.is_queue = true,
};

static QcStmt lease = {
	.sql = "UPDATE qutecart.outbox o SET lease_token = $3, leased_until = $4"
		   " FROM unnest($1, $2) c (slot, id) WHERE o.slot = c.slot AND o.id = c.id",
	.nargs = 4,
	.argtypes = {INT2ARRAYOID, INT8ARRAYOID, INT8OID, TIMESTAMPTZOID},
	.is_queue = true,
};

static QcStmt park = {
	.sql = "UPDATE qutecart.outbox o SET state = 'parked'"
		   " FROM unnest($1, $2) c (slot, id) WHERE o.slot = c.slot AND o.id = c.id",
	.nargs = 2,
	.argtypes = {INT2ARRAYOID, INT8ARRAYOID},
	.is_queue = true,
};

static QcStmt free_leases = {
	.sql = "UPDATE qutecart.outbox SET lease_token = NULL, leased_until = NULL"
		   " WHERE lease_token IS NOT NULL",
};

static QcStmt find_next_due = {
	.sql = "SELECT least((SELECT o.due_at FROM qutecart.outbox o"
		   "  WHERE o.state = 'waiting' ORDER BY o.due_at LIMIT 1),"
		   " (SELECT c.closed_until FROM qutecart.outbox_circuits c"
		   "  WHERE c.closed_until > $1 AND c.closed_until < 'infinity'"
		   "  ORDER BY c.closed_until LIMIT 1))",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
	.is_queue = true,
};

enum
{
	COL_LANE_NUMBER = 1,
	COL_SLOT,
	COL_ID,
	COL_PUBLIC_ID,
	COL_KIND,
	COL_SHOP_ID,
	COL_ENDPOINT_ID,
	COL_LANE,
	COL_KEY,
	COL_PAYLOAD,
	COL_ATTEMPTS,
	COL_CREATED_AT,
	COL_IS_HEAD
};

/* A lane that is being visited. */
typedef struct Lane
{
	int64 lane;
	int most; /* messages that may still be taken from it */
	bool has_parked;
} Lane;

typedef struct Visit
{
	QcClaim *claim;
	TimestampTz now;
	int64 token;
	int64 *in_flight; /* sorted */
	Lane *lanes;
	int lane_count;
	int visits;         /* lanes, so far */
	bool is_unfinished; /* something was changed that makes another look worthwhile */
} Visit;

/* The rows that one statement is to change. */
typedef struct Rows
{
	ArrayBuildState *slots;
	ArrayBuildState *ids;
	int n;
} Rows;

bool
qc_outbox_try_own(bool for_session)
{
	LOCKTAG tag;

	/* No lock that SQL can take has a 3 here. */
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, 0, OWNER_LOCK, 3);
	return LockAcquire(&tag, ExclusiveLock, for_session, true) != LOCKACQUIRE_NOT_AVAIL;
}

static int
compare_lanes(const void *a, const void *b)
{
	int64 left = *(const int64 *) a;
	int64 right = *(const int64 *) b;

	return left < right ? -1 : left > right;
}

static void
begin_visit(Visit *visit, QcClaim *claim)
{
	size_t size = sizeof(int64) * claim->in_flight_count;

	*visit = (Visit){.claim = claim, .now = GetCurrentTimestamp()};
	qc_crypto_random(&visit->token, sizeof(visit->token));
	visit->in_flight = palloc(size + 1);
	if (size > 0)
		memcpy(visit->in_flight, claim->in_flight, size);
	qsort(visit->in_flight, claim->in_flight_count, sizeof(int64), compare_lanes);
	visit->lanes = palloc(sizeof(Lane) * Max(claim->most, LANES_AT_LEAST));
	claim->messages = palloc(sizeof(QcMessage) * claim->most);
	claim->count = 0;
	if (!claim->has_more || claim->lap == 0)
	{
		claim->first_lane = claim->after_lane;
		claim->lap = 1;
	}
}

static int
in_flight(const Visit *visit, int64 lane)
{
	int low = 0;
	int high = visit->claim->in_flight_count;
	int n = 0;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (visit->in_flight[middle] < lane)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + n < visit->claim->in_flight_count && visit->in_flight[low + n] == lane)
		n++;
	return n;
}

/* How many messages may leave a lane now; a lane that failed sends one to see. */
static int
room_in(const Visit *visit, uint64 row)
{
	int flying = in_flight(visit, qc_db_int8(row, 1));
	bool is_closed = qc_db_bool(row, 3);
	bool is_failing = qc_db_int4(row, 2) >= QC_CIRCUIT_FAILURES;

	if (is_closed || (is_failing && flying > 0))
		return 0;
	return is_failing ? 1 : visit->claim->per_lane - flying;
}

/* Find the next lanes of this lap; false when it ends with them. */
static bool
find_next_lanes(Visit *visit)
{
	QcClaim *claim = visit->claim;
	int most = Max(claim->most - claim->count, LANES_AT_LEAST);
	QcArgs args = {0};
	uint64 n;

	qc_args_int8(&args, claim->after_lane);
	qc_args_int8(&args, claim->lap == 1 ? PG_INT64_MAX : claim->first_lane);
	qc_args_datum(&args, TimestampTzGetDatum(visit->now), false);
	qc_args_int4(&args, most);
	n = qc_db_system(&find_lanes, &args);
	visit->lane_count = 0;
	for (uint64 i = 0; i < n; i++)
	{
		int room;

		if (qc_db_is_null(i, 1))
			return false;
		claim->after_lane = qc_db_int8(i, 1);
		visit->visits++;
		room = room_in(visit, i);
		if (room > 0)
			visit->lanes[visit->lane_count++] =
				(Lane){.lane = claim->after_lane, .most = room};
	}
	return n == most;
}

static void
begin_rows(Rows *rows)
{
	*rows =
		(Rows){.slots = qc_list_begin(INT2OID), .ids = qc_list_begin(INT8OID), .n = 0};
}

static void
add_row(Rows *rows, uint64 row)
{
	qc_list_int2(rows->slots,
				 DatumGetInt16(qc_db_datum(row, COL_SLOT, &(bool){false})));
	qc_list_int8(rows->ids, qc_db_int8(row, COL_ID));
	rows->n++;
}

static void
pass_rows(QcArgs *args, Rows *rows)
{
	qc_args_list(args, rows->slots);
	qc_args_list(args, rows->ids);
}

static void
read_message(Visit *visit, uint64 row, QcMessage *message)
{
	bool is_null;

	*message = (QcMessage){
		.id = qc_db_int8(row, COL_ID),
		.slot = DatumGetInt16(qc_db_datum(row, COL_SLOT, &is_null)),
		.lane = qc_db_int8(row, COL_LANE),
		.kind = qc_db_keep_text(qc_db_text(row, COL_KIND)),
		.shop_id = qc_db_int8(row, COL_SHOP_ID),
		.endpoint_id = qc_db_int8(row, COL_ENDPOINT_ID),
		.key = qc_db_keep_text(qc_db_text(row, COL_KEY)),
		.payload = qc_db_keep_text(qc_db_text(row, COL_PAYLOAD)),
		.attempts = qc_db_int4(row, COL_ATTEMPTS),
		.lease_token = visit->token,
		.created_at = qc_db_time(row, COL_CREATED_AT),
	};
	memcpy(&message->public_id,
		   DatumGetUUIDP(qc_db_datum(row, COL_PUBLIC_ID, &is_null)), UUID_LEN);
}

static void
lease_rows(Visit *visit, Rows *rows)
{
	int64 time = 2 * (int64) qc_guc_worker_timeout + LEASE_MARGIN;
	QcArgs args = {0};

	if (rows->n == 0)
		return;
	pass_rows(&args, rows);
	qc_args_int8(&args, visit->token);
	qc_args_datum(&args,
				  TimestampTzGetDatum(TimestampTzPlusMilliseconds(visit->now, time)),
				  false);
	qc_db_expect(qc_db_system(&lease, &args), rows->n, "leasing messages");
}

static void
park_rows(Rows *rows)
{
	QcArgs args = {0};

	if (rows->n == 0)
		return;
	pass_rows(&args, rows);
	qc_db_expect(qc_db_system(&park, &args), rows->n, "parking messages");
}

/* Is it our turn to take this row; else park it, or leave it for later. */
static void
sort_row(Visit *visit, uint64 row, Rows *taken, Rows *parked)
{
	QcClaim *claim = visit->claim;
	Lane *lane = &visit->lanes[qc_db_int8(row, COL_LANE_NUMBER) - 1];

	if (!qc_db_bool(row, COL_IS_HEAD))
	{
		add_row(parked, row);
		lane->has_parked = true;
		visit->is_unfinished = true;
	}
	else if (lane->most > 0 && claim->count < claim->most)
	{
		add_row(taken, row);
		read_message(visit, row, &claim->messages[claim->count++]);
		lane->most--;
	}
}

/*
 * Take from the lanes that were found, looking at so many messages of each, or at as
 * many as may leave it (0).  Returns the number of the last lane that was looked at.
 */
static int
take_from_lanes(Visit *visit, int window)
{
	int most = visit->claim->most - visit->claim->count;
	ArrayBuildState *lanes = qc_list_begin(INT8OID);
	ArrayBuildState *windows = qc_list_begin(INT4OID);
	Rows taken;
	Rows parked;
	QcArgs args = {0};
	uint64 n;
	int last = visit->lane_count;

	for (int i = 0; i < visit->lane_count; i++)
	{
		Lane *lane = &visit->lanes[i];
		bool is_wanted = lane->most > 0 && (window == 0 || lane->has_parked);

		qc_list_int8(lanes, lane->lane);
		qc_list_int4(windows, !is_wanted ? 0 : window ? window : lane->most);
	}
	qc_args_list(&args, lanes);
	qc_args_list(&args, windows);
	qc_args_datum(&args, TimestampTzGetDatum(visit->now), false);
	qc_args_int4(&args, Max(most, window));
	n = qc_db_system(&take, &args);
	begin_rows(&taken);
	begin_rows(&parked);
	for (uint64 i = 0; i < n; i++)
		sort_row(visit, i, &taken, &parked);
	if (n == Max(most, window))
		last = (int) qc_db_int8(n - 1, COL_LANE_NUMBER);
	lease_rows(visit, &taken);
	park_rows(&parked);
	return last;
}

static bool
has_parked(const Visit *visit)
{
	for (int i = 0; i < visit->lane_count; i++)
		if (visit->lanes[i].has_parked && visit->lanes[i].most > 0)
			return true;
	return false;
}

/* One step around the circle; false when it is closed. */
static bool
step(Visit *visit)
{
	QcClaim *claim = visit->claim;
	bool goes_on = find_next_lanes(visit);

	if (visit->lane_count > 0)
	{
		int last = take_from_lanes(visit, 0);

		if (last < visit->lane_count)
		{
			claim->after_lane = visit->lanes[last - 1].lane;
			return true;
		}
		if (has_parked(visit) && claim->count < claim->most)
			(void) take_from_lanes(visit, WIDE_WINDOW);
	}
	if (goes_on)
		return true;
	claim->after_lane = PG_INT64_MIN;
	return ++claim->lap == 2;
}

/* Let messages be taken whose time has come. */
static void
promote_due(Visit *visit)
{
	QcArgs args = {0};

	qc_args_datum(&args, TimestampTzGetDatum(visit->now), false);
	qc_args_int4(&args, PROMOTED);
	if (qc_db_system(&promote, &args) == PROMOTED)
		visit->is_unfinished = true;
}

void
qc_outbox_claim(QcClaim *claim)
{
	bool goes_on = true;
	Visit visit;

	begin_visit(&visit, claim);
	qc_db_begin();
	if (qc_notes_do())
		visit.is_unfinished = true;
	promote_due(&visit);
	while (goes_on && claim->count < claim->most && visit.visits < VISITS_AT_MOST)
		goes_on = step(&visit);
	qc_db_end();
	if (!goes_on)
		claim->lap = 0;
	claim->has_more = goes_on || visit.is_unfinished;
}

int64
qc_outbox_resume(void)
{
	int64 n;

	qc_db_begin();
	n = (int64) qc_db_system(&free_leases, NULL);
	qc_keys_unpark_all();
	qc_db_end();
	return n;
}

TimestampTz
qc_outbox_next_due(void)
{
	QcArgs args = {0};
	TimestampTz due;

	qc_args_datum(&args, TimestampTzGetDatum(GetCurrentTimestamp()), false);
	qc_db_begin();
	(void) qc_db_system(&find_next_due, &args);
	due = qc_db_time(0, 1);
	qc_db_end();
	return due;
}
