/*
 * extension/outbox/circuit.c
 *		Lanes that fail: when to leave a receiver alone.
 *
 * After five failures in a row nothing leaves the lane for a while, so that what waits
 * loses no attempts and other lanes no connections; then one message goes to see, and
 * the while grows until one is delivered.  A lane without a row is well.
 */
#include "postgres.h"

#include "common/pg_prng.h"
#include "utils/hsearch.h"

#include "extension/core/db.h"
#include "extension/outbox/backoff.h"
#include "extension/outbox/circuit.h"

static QcStmt read_circuits = {
	.sql =
		"SELECT c.lane, c.failures, c.closed_until > $2"
		" FROM unnest($1) f (lane) JOIN qutecart.outbox_circuits c ON c.lane = f.lane",
	.nargs = 2,
	.argtypes = {INT8ARRAYOID, TIMESTAMPTZOID},
	.is_queue = true,
};

/* A lane on hold stays so, whatever comes back of what was in flight. */
static QcStmt forget = {
	.sql = "DELETE FROM qutecart.outbox_circuits c WHERE c.lane = ANY ($1)"
		   " AND c.closed_until IS DISTINCT FROM 'infinity'",
	.nargs = 1,
	.argtypes = {INT8ARRAYOID},
	.is_queue = true,
};

static QcStmt remember = {
	.sql = "INSERT INTO qutecart.outbox_circuits (lane, failures, failing_since,"
		   " closed_until) SELECT f.lane, f.failures, $4, f.closed_until"
		   " FROM unnest($1, $2, $3) f (lane, failures, closed_until)"
		   " ON CONFLICT (lane) DO UPDATE SET failures = excluded.failures,"
		   " closed_until = excluded.closed_until",
	.nargs = 4,
	.argtypes = {INT8ARRAYOID, INT4ARRAYOID, TIMESTAMPTZARRAYOID, TIMESTAMPTZOID},
};

static QcStmt hold = {
	.sql = "INSERT INTO qutecart.outbox_circuits AS c (lane, failures, failing_since,"
		   " closed_until) VALUES ($1, 0, pg_catalog.clock_timestamp(), 'infinity')"
		   " ON CONFLICT (lane) DO UPDATE SET closed_until = 'infinity'",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt release = {
	.sql = "DELETE FROM qutecart.outbox_circuits c WHERE c.lane = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_queue = true,
};

static QcStmt read_since = {
	.sql = "SELECT c.failing_since FROM qutecart.outbox_circuits c"
		   " WHERE c.lane = $1 AND c.failures > 0",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_queue = true,
};

/* What one batch says of a lane. */
typedef struct LaneNews
{
	int64 lane;   /* the key */
	bool is_well; /* something was delivered */
	int failures; /* since that */
	int before;   /* failures in a row, as the table has them */
	bool is_closed;
} LaneNews;

static HTAB *
gather(const QcSettlement *settlements, int count)
{
	HASHCTL control = {.keysize = sizeof(int64),
					   .entrysize = sizeof(LaneNews),
					   .hcxt = CurrentMemoryContext};
	HTAB *all = hash_create("qutecart lanes", 64, &control,
							HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);

	for (int i = 0; i < count; i++)
	{
		const QcVerdict *verdict = &settlements[i].verdict;
		bool is_delivered = verdict->outcome == QC_OUTCOME_DELIVERED;
		LaneNews *news;
		bool found;

		if (!settlements[i].is_settled || verdict->outcome == QC_OUTCOME_POSTPONED ||
			(!is_delivered && !verdict->counts_for_lane))
			continue;
		news = hash_search(all, &settlements[i].message->lane, HASH_ENTER, &found);
		if (!found)
			*news = (LaneNews){.lane = news->lane};
		news->is_well = news->is_well || is_delivered;
		news->failures = is_delivered ? 0 : news->failures + 1;
	}
	return all;
}

static void
forget_lanes_that_are_well(HTAB *all)
{
	ArrayBuildState *lanes = qc_list_begin(INT8OID);
	QcArgs args = {0};
	HASH_SEQ_STATUS scan;
	LaneNews *news;

	hash_seq_init(&scan, all);
	while ((news = hash_seq_search(&scan)) != NULL)
		if (news->is_well)
			qc_list_int8(lanes, news->lane);
	if (lanes->nelems == 0)
		return;
	qc_args_list(&args, lanes);
	(void) qc_db_system(&forget, &args);
}

/* Fill in what the table knows of lanes that failed; false when none did. */
static bool
read_lanes_that_fail(HTAB *all, TimestampTz now)
{
	ArrayBuildState *lanes = qc_list_begin(INT8OID);
	QcArgs args = {0};
	HASH_SEQ_STATUS scan;
	LaneNews *news;
	uint64 n;

	hash_seq_init(&scan, all);
	while ((news = hash_seq_search(&scan)) != NULL)
		if (news->failures > 0)
			qc_list_int8(lanes, news->lane);
	if (lanes->nelems == 0)
		return false;
	qc_args_list(&args, lanes);
	qc_args_datum(&args, TimestampTzGetDatum(now), false);
	n = qc_db_system(&read_circuits, &args);
	for (uint64 i = 0; i < n; i++)
	{
		int64 lane = qc_db_int8(i, 1);

		news = hash_search(all, &lane, HASH_FIND, NULL);
		news->before = qc_db_int4(i, 2);
		news->is_closed = qc_db_bool(i, 3);
	}
	return true;
}

static void
remember_lanes_that_fail(HTAB *all, TimestampTz now)
{
	ArrayBuildState *lanes = qc_list_begin(INT8OID);
	ArrayBuildState *failures = qc_list_begin(INT4OID);
	ArrayBuildState *closed = qc_list_begin(TIMESTAMPTZOID);
	QcArgs args = {0};
	HASH_SEQ_STATUS scan;
	LaneNews *news;

	hash_seq_init(&scan, all);
	while ((news = hash_seq_search(&scan)) != NULL)
	{
		int n = qc_backoff_count(news->before, news->failures, news->is_closed);
		int64 time = qc_backoff_circuit(n, pg_prng_double(&pg_global_prng_state));

		if (n == news->before)
			continue;
		qc_list_int8(lanes, news->lane);
		qc_list_int4(failures, n);
		qc_list_datum(closed,
					  TimestampTzGetDatum(TimestampTzPlusMilliseconds(now, time)),
					  n < QC_CIRCUIT_FAILURES);
	}
	if (lanes->nelems == 0)
		return;
	qc_args_list(&args, lanes);
	qc_args_list(&args, failures);
	qc_args_list(&args, closed);
	qc_args_datum(&args, TimestampTzGetDatum(now), false);
	(void) qc_db_system(&remember, &args);
}

void
qc_circuits_settle(const QcSettlement *settlements, int count)
{
	TimestampTz now = GetCurrentTimestamp();
	HTAB *all;

	qc_db_begin();
	all = gather(settlements, count);
	forget_lanes_that_are_well(all);
	if (read_lanes_that_fail(all, now))
		remember_lanes_that_fail(all, now);
	qc_db_end();
}

static void
change(QcStmt *stmt, int64 lane)
{
	QcArgs args = {0};

	qc_args_int8(&args, lane);
	qc_db_begin();
	(void) qc_db_system(stmt, &args);
	qc_db_end();
}

void
qc_circuit_hold(int64 lane)
{
	change(&hold, lane);
}

void
qc_circuit_open(int64 lane)
{
	change(&release, lane);
}

TimestampTz
qc_outbox_failing_since(int64 lane)
{
	TimestampTz since = DT_NOEND;
	QcArgs args = {0};

	qc_args_int8(&args, lane);
	qc_db_begin();
	if (qc_db_system(&read_since, &args) == 1)
		since = qc_db_time(0, 1);
	qc_db_end();
	return since;
}
