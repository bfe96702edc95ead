/*
 * functions/health.c
 *		Is all well?
 *
 * What is wrong is said in sentences; only what keeps the database from its work makes
 * it fail, since a load balancer takes a failing one away.  Details are for operators:
 * the counts tell of all shops together.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "commands/dbcommands.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/core/version.h"
#include "extension/http/request.h"
#include "extension/install/install.h"
#include "extension/tenant/context.h"
#include "extension/worker/cron.h"
#include "extension/worker/state.h"

#define LATE_ROUND (60 * USECS_PER_SEC)

PG_FUNCTION_INFO_V1(qc_fn_health);
PG_FUNCTION_INFO_V1(qc_fn_check_health);

static QcStmt read_version = {
	.sql = "SELECT e.extversion FROM pg_catalog.pg_extension e"
		   " WHERE e.extname = 'qutecart'",
};

/* Each count reads 10000 rows at most. */
static QcStmt read_queues = {
	.sql = "SELECT (SELECT count(*) FROM (SELECT FROM qutecart.stripe_events e WHERE"
		   " e.status = 'pending' AND e.attempts = 0 LIMIT 10000) c),"
		   " (SELECT count(*) FROM (SELECT FROM qutecart.stripe_events e WHERE"
		   " e.status = 'pending' AND e.attempts > 0 LIMIT 10000) c),"
		   " (SELECT count(*) FROM (SELECT FROM qutecart.stripe_events e WHERE"
		   " e.status = 'parked' LIMIT 10000) c),"
		   " (SELECT count(*) FROM (SELECT FROM qutecart.stripe_events e WHERE"
		   " e.status = 'dead' LIMIT 10000) c),"
		   " (SELECT min(e.next_attempt_at) FROM qutecart.stripe_events e WHERE"
		   " e.status IN ('pending', 'parked'))",
};

/* Among 10000 messages at most. */
static QcStmt read_outbox = {
	.sql =
		"SELECT count(*), count(*) FILTER (WHERE c.is_leased),"
		" count(*) FILTER (WHERE c.attempts > 0),"
		" count(*) FILTER (WHERE c.state = 'parked'),"
		" (SELECT count(*) FROM (SELECT FROM qutecart.outbox_log l"
		"  WHERE l.outcome = 'dead' AND l.replayed_at IS NULL"
		"  AND l.created_at > pg_catalog.now() - interval '24 hours' LIMIT 10000) d),"
		" min(c.due_at) FILTER (WHERE NOT c.is_leased AND c.state <> 'parked'),"
		" (SELECT count(*) FROM (SELECT FROM qutecart.outbox_circuits k"
		"  WHERE k.closed_until > pg_catalog.now() LIMIT 10000) o),"
		" (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(p.inhrelid))"
		"  FROM pg_catalog.pg_inherits p"
		"  WHERE p.inhparent = 'qutecart.outbox'::regclass)::int8"
		" FROM (SELECT o.state, o.attempts, o.due_at,"
		"  coalesce(o.leased_until > pg_catalog.now(), false) AS is_leased"
		"  FROM qutecart.outbox o LIMIT 10000) c",
};

typedef struct OutboxHealth
{
	int64 waiting;
	int64 leased;
	int64 retrying;
	int64 parked;
	int64 dead; /* in the last 24 hours, and not replayed */
	TimestampTz oldest_due;
	int64 closed_circuits;
	int64 bytes;
} OutboxHealth;

typedef struct Health
{
	char *version; /* of the extension in this database */
	bool is_home;
	QcWorkerReport worker;
	bool is_served; /* should the worker serve this database? */
	int64 jobs;
	int64 due;
	int64 retrying;
	int64 parked;
	int64 dead;
	TimestampTz oldest_due;
	OutboxHealth outbox;
} Health;

static void
read_state(Health *health)
{
	TimestampTz now = GetCurrentTimestamp();

	health->worker = qc_worker_report();
	health->is_served = strcmp(get_database_name(MyDatabaseId), qc_guc_database) == 0;
	/* A process that was away for a moment is not missing. */
	if (health->worker.mode == QC_WORKER_DOWN &&
		health->worker.round_at > now - LATE_ROUND)
		health->worker.mode = QC_WORKER_RESTARTING;
	health->is_home = qc_install_is_home();
	qc_db_begin();
	(void) qc_db_system(&read_version, NULL);
	health->version = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
}

static void
read_counts(Health *health)
{
	health->jobs = qc_cron_count();
	qc_db_begin();
	(void) qc_db_system(&read_queues, NULL);
	health->due = qc_db_int8(0, 1);
	health->retrying = qc_db_int8(0, 2);
	health->parked = qc_db_int8(0, 3);
	health->dead = qc_db_int8(0, 4);
	health->oldest_due = qc_db_time(0, 5);
	(void) qc_db_system(&read_outbox, NULL);
	health->outbox = (OutboxHealth){
		.waiting = qc_db_int8(0, 1),
		.leased = qc_db_int8(0, 2),
		.retrying = qc_db_int8(0, 3),
		.parked = qc_db_int8(0, 4),
		.dead = qc_db_int8(0, 5),
		.oldest_due = qc_db_time(0, 6),
		.closed_circuits = qc_db_int8(0, 7),
		.bytes = qc_db_int8(0, 8),
	};
	qc_db_end();
}

static bool
is_failing(const Health *health)
{
	return strcmp(health->version, QC_VERSION) != 0 ||
		   (health->is_served && health->worker.mode == QC_WORKER_DOWN &&
			!RecoveryInProgress());
}

static void
add_problems(QcJson *json, const Health *health)
{
	qc_json_open(json, "problems", '[');
	if (strcmp(health->version, QC_VERSION) != 0)
		qc_json_text(json, NULL,
					 "The library is of another version than the extension: ALTER"
					 " EXTENSION qutecart UPDATE.");
	if (!health->is_served)
		qc_json_text(json, NULL,
					 "The background worker serves another database: set"
					 " qutecart.database and restart.");
	else if (health->worker.mode == QC_WORKER_DOWN)
		qc_json_text(json, NULL,
					 RecoveryInProgress()
						 ? "This server is a standby: the background worker starts"
						   " when it is promoted."
						 : "The background worker does not run.");
	if (!health->is_home)
		qc_json_text(json, NULL,
					 "This database is a copy, so nothing leaves it: CALL"
					 " qutecart.adopt() if it is the live one now.");
	if (!qc_cron_is_there())
		qc_json_text(json, NULL,
					 "pg_cron is not installed here: the jobs run only if something"
					 " else calls them.");
	else if (health->jobs >= 0 && health->jobs < qc_cron_wanted())
		qc_json_text(json, NULL,
					 "Jobs are missing in pg_cron: CALL qutecart.schedule().");
	if (*qc_guc_stripe_webhook_secrets == '\0')
		qc_json_text(json, NULL,
					 "No Stripe webhook secret is set: events are refused.");
	if (health->dead > 0)
		qc_json_text(json, NULL,
					 "Stripe events were given up: see stripe_events, then"
					 " qutecart.stripe_replay().");
	if (health->outbox.dead > 0)
		qc_json_text(
			json, NULL,
			psprintf(
				"Messages were given up in the last 24 hours, %lld of them: see outbox_log,"
				" then qutecart.outbox_replay().",
				(long long) health->outbox.dead));
	qc_json_close(json, ']');
}

static void
add_worker(QcJson *json, const Health *health)
{
	qc_json_open(json, "worker", '{');
	qc_json_text(json, "mode",
				 health->is_served ? qc_worker_mode_name(health->worker.mode) : NULL);
	qc_json_id(json, "pid", health->worker.pid);
	qc_json_int(json, "rounds", (int64) health->worker.rounds);
	qc_json_time(json, "last_round_at", health->worker.round_at);
	qc_json_int(json, "in_flight", health->worker.in_flight);
	qc_json_int(json, "held", health->worker.held);
	qc_json_int(json, "delivered", (int64) health->worker.counts.delivered);
	qc_json_int(json, "failed", (int64) health->worker.counts.failed);
	qc_json_int(json, "batches", (int64) health->worker.counts.batches);
	qc_json_close(json, '}');
	qc_json_open(json, "pg_cron", '{');
	qc_json_bool(json, "installed", qc_cron_is_there());
	if (health->jobs < 0)
		qc_json_null(json, "jobs");
	else
		qc_json_int(json, "jobs", health->jobs);
	qc_json_int(json, "jobs_wanted", qc_cron_wanted());
	qc_json_close(json, '}');
}

static void
add_queues(QcJson *json, const Health *health)
{
	qc_json_open(json, "stripe_events", '{');
	qc_json_int(json, "due", health->due);
	qc_json_int(json, "retrying", health->retrying);
	qc_json_int(json, "parked", health->parked);
	qc_json_int(json, "dead", health->dead);
	qc_json_time(json, "oldest_due_at", health->oldest_due);
	qc_json_close(json, '}');
	qc_json_open(json, "outbox", '{');
	qc_json_int(json, "waiting", health->outbox.waiting);
	qc_json_int(json, "leased", health->outbox.leased);
	qc_json_int(json, "retrying", health->outbox.retrying);
	qc_json_int(json, "parked", health->outbox.parked);
	qc_json_int(json, "dead_24h", health->outbox.dead);
	qc_json_time(json, "oldest_due_at", health->outbox.oldest_due);
	qc_json_int(json, "closed_circuits", health->outbox.closed_circuits);
	qc_json_int(json, "bytes", health->outbox.bytes);
	qc_json_close(json, '}');
}

/* The answer in one word, or in full; says 503 to a client when it is no good one. */
static Datum
answer(bool in_full)
{
	Health health = {0};
	QcJson json;

	read_state(&health);
	if (in_full)
		read_counts(&health);
	if (is_failing(&health))
		qc_reply_status(503);
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "status", is_failing(&health) ? "failing" : "ok");
	qc_json_text(&json, "service", "qutecart");
	if (in_full)
	{
		add_problems(&json, &health);
		qc_json_text(&json, "database", get_database_name(MyDatabaseId));
		qc_json_text(&json, "version", QC_VERSION);
		qc_json_text(&json, "extension_version", health.version);
		qc_json_bool(&json, "is_home", health.is_home);
		add_worker(&json, &health);
		add_queues(&json, &health);
	}
	qc_json_close(&json, '}');
	return qc_json_datum(&json);
}

Datum
qc_fn_health(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(answer(true));
}

Datum
qc_fn_check_health(PG_FUNCTION_ARGS)
{
	QcActor actor = qc_context()->actor;

	PG_RETURN_DATUM(answer(actor == QC_ACTOR_ADMIN || actor == QC_ACTOR_ROOT));
}
