/*
 * extension/outbox/settle.c
 *		What became of claimed messages: two statements for a whole batch.
 *
 * Every statement carries the lease's token: a result that comes after the lease was
 * given to somebody else finds no row, changes nothing and is not logged.
 */
#include "postgres.h"

#include "common/pg_prng.h"
#include "utils/lsyscache.h"

#include "extension/core/db.h"
#include "extension/core/durations.h"
#include "extension/core/guc.h"
#include "extension/outbox/backoff.h"
#include "extension/outbox/circuit.h"
#include "extension/outbox/excerpt.h"
#include "extension/outbox/keys.h"
#include "extension/outbox/rotate.h"
#include "extension/outbox/settle.h"

#define POSTPONED_SECONDS 60 /* when nothing else is said */

/* Delivered and dead ones leave the outbox. */
static QcStmt end = {
	.sql =
		"WITH gone AS (DELETE FROM qutecart.outbox o"
		"  USING unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) s (n, slot, id, token,"
		"   outcome, status, reason, response, duration, is_secret)"
		"  WHERE o.slot = s.slot AND o.id = s.id AND o.lease_token = s.token"
		"  RETURNING o.*, s.n, s.outcome, s.status, s.reason, s.response, s.duration,"
		"   s.is_secret),"
		" logged AS (INSERT INTO qutecart.outbox_log (shop_id, message_id, public_id,"
		"  kind, endpoint_id, lane, key, attempt, outcome, status, reason, response,"
		"  duration_ms, payload, created_at)"
		"  SELECT g.shop_id, g.id, g.public_id, g.kind, g.endpoint_id, g.lane,"
		"   g.key, g.attempts + 1, g.outcome, g.status, g.reason, g.response, g.duration,"
		"   CASE WHEN NOT g.is_secret THEN g.payload END,"
		"   pg_catalog.clock_timestamp() FROM gone g)"
		" SELECT g.n, g.lane, g.key FROM gone g",
	.nargs = 10,
	.argtypes = {INT4ARRAYOID, INT2ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, TEXTARRAYOID,
				 INT4ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT4ARRAYOID, BOOLARRAYOID},
	.is_queue = true,
};

/* Others wait; one that was not tried leaves no trace. */
static QcStmt delay = {
	.sql =
		"WITH kept AS (UPDATE qutecart.outbox o SET state = 'waiting',"
		"  due_at = s.due_at, attempts = o.attempts + s.tries, lease_token = NULL,"
		"  leased_until = NULL"
		"  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) s (n, slot, id, token,"
		"   due_at, tries, status, reason, response, duration)"
		"  WHERE o.slot = s.slot AND o.id = s.id AND o.lease_token = s.token"
		"  RETURNING o.id, o.public_id, o.kind, o.shop_id, o.endpoint_id, o.lane, o.key,"
		"   o.attempts, s.n, s.tries, s.status, s.reason, s.response, s.duration),"
		" logged AS (INSERT INTO qutecart.outbox_log (shop_id, message_id, public_id,"
		"  kind, endpoint_id, lane, key, attempt, outcome, status, reason, response,"
		"  duration_ms, created_at)"
		"  SELECT k.shop_id, k.id, k.public_id, k.kind, k.endpoint_id, k.lane, k.key,"
		"   k.attempts, 'retry', k.status, k.reason, k.response, k.duration,"
		"   pg_catalog.clock_timestamp() FROM kept k WHERE k.tries > 0)"
		" SELECT k.n FROM kept k",
	.nargs = 10,
	.argtypes = {INT4ARRAYOID, INT2ARRAYOID, INT8ARRAYOID, INT8ARRAYOID,
				 TIMESTAMPTZARRAYOID, INT4ARRAYOID, INT4ARRAYOID, TEXTARRAYOID,
				 TEXTARRAYOID, INT4ARRAYOID},
	.is_queue = true,
};

static bool
has_ended(const QcSettlement *settlement)
{
	return settlement->verdict.outcome == QC_OUTCOME_DELIVERED ||
		   settlement->verdict.outcome == QC_OUTCOME_DEAD;
}

/* When to try again, in milliseconds; the last attempt's failure is the message's end. */
static int64
decide_delay(QcVerdict *verdict, const QcMessage *message)
{
	int64_t delays[QC_DURATIONS_MAX];
	int count = qc_durations_parse(qc_guc_retry_delays, delays);
	int64 time;

	if (verdict->outcome == QC_OUTCOME_POSTPONED)
		return (verdict->retry_after < 0 ? POSTPONED_SECONDS : verdict->retry_after) *
			   INT64CONST(1000);
	time = qc_backoff_delay(delays, count, message->attempts + 1, verdict->retry_after,
							pg_prng_double(&pg_global_prng_state));
	if (time < 0)
	{
		verdict->outcome = QC_OUTCOME_DEAD;
		verdict->reason = psprintf("Given up after %d attempts.%s%s",
								   message->attempts + 1, verdict->reason ? " " : "",
								   verdict->reason ? verdict->reason : "");
	}
	return verdict->is_at_once ? Min(time, 0) : time;
}

/* The beginning of the answer; NULL when there is none to keep. */
static char *
excerpt(const QcSettlement *settlement)
{
	char *text;

	if (settlement->response == NULL || settlement->is_secret)
		return NULL;
	text = palloc(QC_EXCERPT_MAX + 1);
	(void) qc_excerpt_make(settlement->response, settlement->response_len, text);
	return text;
}

static void
list_int4(ArrayBuildState *list, int32 value, int32 null)
{
	qc_list_datum(list, Int32GetDatum(value), value == null);
}

/* What both statements begin with: which row, under which lease. */
static void
add_lease(ArrayBuildState **lists, const QcSettlement *settlement, int n)
{
	qc_list_int4(lists[0], n);
	qc_list_int2(lists[1], settlement->message->slot);
	qc_list_int8(lists[2], settlement->message->id);
	qc_list_int8(lists[3], settlement->message->lease_token);
}

static void
add_end(ArrayBuildState **lists, const QcSettlement *settlement, int n)
{
	add_lease(lists, settlement, n);
	qc_list_text(lists[4], settlement->verdict.outcome == QC_OUTCOME_DELIVERED
							   ? "delivered"
							   : "dead");
	list_int4(lists[5], settlement->status, 0);
	qc_list_text(lists[6], settlement->verdict.reason);
	qc_list_text(lists[7], excerpt(settlement));
	qc_list_int4(lists[8], Max(settlement->duration, 0));
	qc_list_bool(lists[9], settlement->is_secret);
}

static void
add_delay(ArrayBuildState **lists, const QcSettlement *settlement, int n, int64 time)
{
	TimestampTz due = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), time);
	bool is_tried = settlement->verdict.outcome == QC_OUTCOME_RETRY;

	add_lease(lists, settlement, n);
	qc_list_datum(lists[4], TimestampTzGetDatum(due), false);
	qc_list_int4(lists[5], is_tried ? 1 : 0);
	list_int4(lists[6], settlement->status, 0);
	qc_list_text(lists[7], settlement->verdict.reason);
	qc_list_text(lists[8], excerpt(settlement));
	qc_list_int4(lists[9], Max(settlement->duration, 0));
}

/* One list per argument, of the type that the statement says. */
static void
begin_lists(ArrayBuildState **lists, const QcStmt *stmt)
{
	for (int i = 0; i < stmt->nargs; i++)
		lists[i] = qc_list_begin(get_element_type(stmt->argtypes[i]));
}

static uint64
run(QcStmt *stmt, ArrayBuildState **lists, QcSettlement *settlements)
{
	QcArgs args = {0};
	uint64 n;

	if (lists[0]->nelems == 0)
		return 0;
	for (int i = 0; i < stmt->nargs; i++)
		qc_args_list(&args, lists[i]);
	n = qc_db_system(stmt, &args);
	for (uint64 i = 0; i < n; i++)
		settlements[qc_db_int4(i, 1)].is_settled = true;
	return n;
}

/* The ended messages' keys: whoever is next may go. */
static void
unpark_next(uint64 rows)
{
	ArrayBuildState *lanes = qc_list_begin(INT8OID);
	ArrayBuildState *keys = qc_list_begin(TEXTOID);

	for (uint64 i = 0; i < rows; i++)
	{
		char *key = qc_db_text(i, 3);

		if (*key == '\0')
			continue;
		qc_list_int8(lanes, qc_db_int8(i, 2));
		qc_list_text(keys, key);
	}
	if (lanes->nelems > 0)
		(void) qc_keys_unpark(lanes, keys);
}

void
qc_outbox_settle(QcSettlement *settlements, int count)
{
	ArrayBuildState *ends[QC_MAX_ARGS];
	ArrayBuildState *delays[QC_MAX_ARGS];
	int64 *times;

	if (count == 0)
		return;
	times = palloc0(sizeof(int64) * count);
	for (int i = 0; i < count; i++)
		if (!has_ended(&settlements[i]))
			times[i] = decide_delay(&settlements[i].verdict, settlements[i].message);
	qc_db_begin();
	begin_lists(ends, &end);
	begin_lists(delays, &delay);
	for (int i = 0; i < count; i++)
	{
		settlements[i].is_settled = false;
		if (has_ended(&settlements[i]))
			add_end(ends, &settlements[i], i);
		else
			add_delay(delays, &settlements[i], i, times[i]);
	}
	(void) run(&delay, delays, settlements);
	unpark_next(run(&end, ends, settlements));
	qc_circuits_settle(settlements, count);
	qc_db_end();
	qc_rotate_note(count);
}
