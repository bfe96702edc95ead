/*
 * functions/jobs.c
 *		What happens by the clock.
 *
 * A job decides by the time it is given, never by when it ran last, so that a missed
 * run is made up for and a second one does nothing.  Each is one transaction.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "commands/extension.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/timestamp.h"

#include "extension/billing/notice.h"
#include "extension/billing/subdomain.h"
#include "extension/billing/subscription.h"
#include "extension/core/db.h"

PG_FUNCTION_INFO_V1(qc_fn_job_monthly_reset);
PG_FUNCTION_INFO_V1(qc_fn_job_media_expiry);
PG_FUNCTION_INFO_V1(qc_fn_job_subscription_changes);
PG_FUNCTION_INFO_V1(qc_fn_job_retention);

static QcStmt write_history = {
	.sql = "SELECT qutecart.write_usage_history((pg_catalog.date_trunc('month',"
		   " $1 AT TIME ZONE 'UTC') - interval '1 month')::date)",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

/* Shops that have not been reset in this month, with the month that is over. */
static QcStmt reset_shops = {
	.sql =
		"UPDATE qutecart.shops s SET last_usage_reset_at = $1"
		" FROM (SELECT pg_catalog.date_trunc('month', $1 AT TIME ZONE 'UTC') AS first)"
		" m WHERE coalesce(s.last_usage_reset_at, '-infinity')"
		" < m.first AT TIME ZONE 'UTC' AND s.created_at < m.first AT TIME ZONE 'UTC'"
		" RETURNING s.id, (m.first - interval '1 month')::date::text",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

static QcStmt expire_media = {
	.sql = "DELETE FROM qutecart.media m WHERE m.expires_at <= $1",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

static QcStmt forget[] = {
	{.sql = "DELETE FROM qutecart.sessions s WHERE s.expires_at <= $1",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql = "DELETE FROM qutecart.one_time_codes c WHERE c.expires_at <= $1",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql = "DELETE FROM qutecart.idempotency_keys k"
			" WHERE k.created_at <= $1 - interval '24 hours'",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql = "UPDATE qutecart.webhook_endpoints w SET previous_scheme = NULL,"
			" previous_secret = NULL, previous_until = NULL"
			" WHERE w.previous_until <= $1",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql = "DELETE FROM qutecart.commands c"
			" WHERE c.created_at <= $1 - interval '30 days'",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql = "DELETE FROM qutecart.stripe_events e WHERE e.status IN ('applied',"
			" 'ignored') AND e.finished_at <= $1 - interval '90 days' AND NOT EXISTS"
			" (SELECT FROM qutecart.subscriptions c WHERE c.shop_id = e.shop_id"
			" AND c.stripe_subscription_id = e.object_id"
			" AND c.status NOT IN ('canceled', 'incomplete_expired'))",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql = "DELETE FROM qutecart.domain_claims c WHERE c.verified_at IS NULL"
			" AND c.created_at <= $1 - interval '30 days'",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql = "DELETE FROM qutecart.notices n"
			" WHERE n.created_at <= $1 - interval '400 days'",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql =
		 "DELETE FROM qutecart.audit_log a WHERE a.at <= $1 - pg_catalog.make_interval("
		 "days => coalesce((SELECT (k.value #>> '{}')::int FROM qutecart.settings k"
		 " WHERE k.key = 'audit_log_days'), 730))",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	{.sql = "DELETE FROM qutecart.outbox_log l WHERE l.created_at <= $1"
			" - pg_catalog.make_interval(days => coalesce((SELECT"
			" (k.value #>> '{}')::int FROM qutecart.settings k"
			" WHERE k.key = 'outbox_log_days'), 30))",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
	/* The worker alone changes circuits: ask him to forget old ones. */
	{.sql = "INSERT INTO qutecart.outbox_notes (wish, lane) SELECT 'open', c.lane"
			" FROM qutecart.outbox_circuits c WHERE c.closed_until IS DISTINCT FROM"
			" 'infinity' AND coalesce(c.closed_until, c.failing_since)"
			" <= $1 - interval '60 days'",
	 .nargs = 1,
	 .argtypes = {TIMESTAMPTZOID}},
};

/* Run as the job's own role: pg_cron shows each role its own runs alone. */
static QcStmt forget_runs = {
	.sql = "DELETE FROM cron.job_run_details r"
		   " WHERE r.end_time <= $1 - interval '7 days' AND r.username = current_user",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

static uint64
run_at(QcStmt *stmt, Datum at)
{
	QcArgs args = {0};

	qc_args_datum(&args, at, false);
	return qc_db_system(stmt, &args);
}

Datum
qc_fn_job_monthly_reset(PG_FUNCTION_ARGS)
{
	SPITupleTable *shops;
	uint64 n;

	qc_db_begin();
	(void) run_at(&write_history, PG_GETARG_DATUM(0));
	n = run_at(&reset_shops, PG_GETARG_DATUM(0));
	shops = SPI_tuptable;
	for (uint64 i = 0; i < n; i++)
	{
		bool is_null;
		Datum id = SPI_getbinval(shops->vals[i], shops->tupdesc, 1, &is_null);

		qc_notice_usage_report(DatumGetInt64(id),
							   SPI_getvalue(shops->vals[i], shops->tupdesc, 2));
	}
	qc_db_end();
	PG_RETURN_INT64(n);
}

Datum
qc_fn_job_media_expiry(PG_FUNCTION_ARGS)
{
	uint64 n;

	qc_db_begin();
	n = run_at(&expire_media, PG_GETARG_DATUM(0));
	qc_db_end();
	PG_RETURN_INT64(n);
}

Datum
qc_fn_job_subscription_changes(PG_FUNCTION_ARGS)
{
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(0);
	int64 n = qc_subscription_start_pending_plans(at);

	n += qc_subscription_end_contracts(at);
	n += qc_subscription_end_comps(at);
	n += qc_subscription_end_grace(at);
	n += qc_subdomain_release(at);
	PG_RETURN_INT64(n);
}

/* May the caller look at pg_cron's tables in this database? */
static bool
sees_cron(void)
{
	Oid schema = get_namespace_oid("cron", true);

	return OidIsValid(get_extension_oid("pg_cron", true)) && OidIsValid(schema) &&
		   pg_namespace_aclcheck(schema, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
}

Datum
qc_fn_job_retention(PG_FUNCTION_ARGS)
{
	QcArgs args = {0};
	uint64 n = 0;

	qc_args_datum(&args, PG_GETARG_DATUM(0), false);
	qc_db_begin();
	for (int i = 0; i < lengthof(forget); i++)
		n += qc_db_system(&forget[i], &args);
	if (sees_cron())
		n += qc_db_run(&forget_runs, &args);
	qc_db_end();
	PG_RETURN_INT64(n);
}
