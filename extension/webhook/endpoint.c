/*
 * extension/webhook/endpoint.c
 *		Endpoints: created, changed, switched off, shown.
 *
 * Statements run as the owner and carry the shop themselves: URL and secrets are granted
 * to nobody.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/outbox/notes.h"
#include "extension/outbox/outbox.h"
#include "extension/outbox/replay.h"
#include "extension/webhook/endpoint.h"
#include "extension/webhook/listener.h"

static QcStmt lock_shop = {
	.sql = "SELECT FROM qutecart.shops s WHERE s.id = $1 FOR NO KEY UPDATE",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt count_endpoints = {
	.sql = "SELECT count(*) FROM qutecart.webhook_endpoints w WHERE w.shop_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_latest = true,
};

static QcStmt lock_endpoint = {
	.sql = "SELECT w.url, w.is_enabled FROM qutecart.webhook_endpoints w"
		   " WHERE w.shop_id = $1 AND w.id = $2 FOR NO KEY UPDATE",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt find_endpoint = {
	.sql = "SELECT w.is_enabled FROM qutecart.webhook_endpoints w"
		   " WHERE w.shop_id = $1 AND w.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt update_endpoint = {
	.sql = "UPDATE qutecart.webhook_endpoints w SET url = coalesce($3, w.url),"
		   " description = coalesce($4, w.description),"
		   " event_types = coalesce($5, w.event_types),"
		   " is_enabled = $6, updated_at = pg_catalog.now(),"
		   " disabled_reason = CASE WHEN NOT $6 THEN"
		   "  coalesce(w.disabled_reason, '" QC_ENDPOINT_BY_MEMBER "') END,"
		   " disabled_at = CASE WHEN NOT $6 THEN"
		   "  coalesce(w.disabled_at, pg_catalog.now()) END"
		   " WHERE w.shop_id = $1 AND w.id = $2",
	.nargs = 6,
	.argtypes = {INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTARRAYOID, BOOLOID},
};

static QcStmt delete_endpoint = {
	.sql = "DELETE FROM qutecart.webhook_endpoints w"
		   " WHERE w.shop_id = $1 AND w.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt disable_endpoint = {
	.sql = "UPDATE qutecart.webhook_endpoints w SET is_enabled = false,"
		   " disabled_reason = $3, disabled_at = pg_catalog.now(),"
		   " updated_at = pg_catalog.now()"
		   " WHERE w.shop_id = $1 AND w.id = $2 AND w.is_enabled",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTOID},
};

static QcStmt read_endpoints = {
	.sql = "SELECT w.id, w.url, w.description, pg_catalog.to_json(w.event_types)::text,"
		   " w.is_enabled, w.disabled_reason, w.disabled_at, w.scheme, w.public_key,"
		   " CASE WHEN w.previous_until > pg_catalog.now() THEN w.previous_until END,"
		   " w.api_version, w.created_at, w.updated_at"
		   " FROM qutecart.webhook_endpoints w"
		   " WHERE w.shop_id = $1 AND ($2 IS NULL OR w.id = $2) ORDER BY w.id",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

/* Columns of read_endpoints. */
enum
{
	ID = 1,
	URL,
	DESCRIPTION,
	EVENT_TYPES,
	IS_ENABLED,
	DISABLED_REASON,
	DISABLED_AT,
	SCHEME,
	PUBLIC_KEY,
	PREVIOUS_UNTIL,
	API_VERSION,
	CREATED_AT,
	UPDATED_AT
};

static void
refuse_missing(void)
{
	ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("webhook not found"));
}

static void
args_of(QcArgs *args, int64 shop_id, int64 id)
{
	qc_args_int8(args, shop_id);
	qc_args_int8(args, id);
}

/* The shop's row is the lock: of two who add the last endpoint, one counts the other's. */
void
qc_endpoint_need_room(int64 shop_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&lock_shop, &args), 1, "locking a shop");
	(void) qc_db_system(&count_endpoints, &args);
	if (qc_db_int8(0, 1) >= QC_ENDPOINTS_MAX)
		ereport(ERROR, qc_err(QC_ERR_CONFLICT),
				errmsg("a shop has at most %d webhooks", QC_ENDPOINTS_MAX),
				errhint("Delete one that is not needed any more."));
	qc_db_end();
}

/* What waits is given up, to be replayed. */
static void
give_up(int64 shop_id, int64 id, const char *reason)
{
	QcMessageFilter filter = {.shop_id = shop_id, .endpoint_id = id};

	(void) qc_outbox_discard(&filter, reason, NULL, NULL, NULL);
}

/* Failures are forgotten: what waits is tried again. */
static void
mend(int64 shop_id, int64 id)
{
	qc_outbox_reset_circuit(qc_outbox_lane("webhook.", shop_id, id));
}

/* Between qc_db_begin and qc_db_end: read and hold the row. */
static void
lock(int64 shop_id, int64 id)
{
	QcArgs args = {0};

	args_of(&args, shop_id, id);
	if (qc_db_system(&lock_endpoint, &args) == 0)
		refuse_missing();
}

void
qc_endpoint_update(int64 shop_id, int64 id, const QcEndpointChange *change)
{
	QcArgs args = {0};
	bool is_other_url;
	bool was_on;
	bool is_on;

	qc_db_begin();
	lock(shop_id, id);
	is_other_url = change->url != NULL && strcmp(change->url, qc_db_text(0, 1)) != 0;
	was_on = qc_db_bool(0, 2);
	is_on = change->sets_enabled ? change->is_enabled : was_on;
	args_of(&args, shop_id, id);
	qc_args_text(&args, change->url);
	qc_args_text(&args, change->description);
	qc_args_datum(&args, change->event_types, change->event_types == (Datum) 0);
	qc_args_bool(&args, is_on);
	(void) qc_db_system(&update_endpoint, &args);
	qc_db_end();
	if (was_on && !is_on)
		give_up(shop_id, id, "The endpoint is disabled.");
	if (is_other_url || change->sets_enabled)
		mend(shop_id, id);
}

void
qc_endpoint_delete(int64 shop_id, int64 id)
{
	QcArgs args = {0};

	args_of(&args, shop_id, id);
	qc_db_begin();
	if (qc_db_system(&delete_endpoint, &args) == 0)
		refuse_missing();
	qc_db_end();
	give_up(shop_id, id, "The endpoint is deleted.");
	mend(shop_id, id);
}

bool
qc_endpoint_disable(int64 shop_id, int64 id, const char *reason)
{
	QcArgs args = {0};
	bool did;

	args_of(&args, shop_id, id);
	qc_args_text(&args, reason);
	qc_db_begin();
	did = qc_db_system(&disable_endpoint, &args) == 1;
	qc_db_end();
	if (did)
	{
		give_up(shop_id, id, "The endpoint is disabled.");
		mend(shop_id, id);
	}
	return did;
}

/* Is it switched on?  Raises not_found when there is none. */
static bool
is_enabled(int64 shop_id, int64 id)
{
	QcArgs args = {0};
	bool answer;

	args_of(&args, shop_id, id);
	qc_db_begin();
	if (qc_db_system(&find_endpoint, &args) == 0)
		refuse_missing();
	answer = qc_db_bool(0, 1);
	qc_db_end();
	return answer;
}

void
qc_endpoint_need(int64 shop_id, int64 id)
{
	(void) is_enabled(shop_id, id);
}

void
qc_endpoint_need_enabled(int64 shop_id, int64 id)
{
	if (!is_enabled(shop_id, id))
		ereport(ERROR, qc_err(QC_ERR_CONFLICT), errmsg("the webhook is disabled"),
				errhint("Enable it first."));
}

static const char *
status_of(uint64 row, bool is_paid)
{
	if (!qc_db_bool(row, IS_ENABLED))
		return "disabled";
	return is_paid ? "enabled" : "paused_by_plan";
}

static void
write_one(QcJson *json, const char *key, uint64 row, bool is_paid)
{
	qc_json_open(json, key, '{');
	qc_json_int(json, "id", qc_db_int8(row, ID));
	qc_json_text(json, "url", qc_db_text(row, URL));
	qc_json_text(json, "description", qc_db_text(row, DESCRIPTION));
	qc_json_raw(json, "event_types", qc_db_text(row, EVENT_TYPES));
	qc_json_text(json, "status", status_of(row, is_paid));
	qc_json_bool(json, "is_enabled", qc_db_bool(row, IS_ENABLED));
	qc_json_text(json, "disabled_reason", qc_db_text(row, DISABLED_REASON));
	qc_json_time(json, "disabled_at", qc_db_time(row, DISABLED_AT));
	qc_json_text(json, "signature_scheme", qc_db_text(row, SCHEME));
	qc_json_text(json, "public_key", qc_db_text(row, PUBLIC_KEY));
	qc_json_time(json, "previous_key_until", qc_db_time(row, PREVIOUS_UNTIL));
	qc_json_text(json, "api_version", qc_db_text(row, API_VERSION));
	qc_json_time(json, "created_at", qc_db_time(row, CREATED_AT));
	qc_json_time(json, "updated_at", qc_db_time(row, UPDATED_AT));
	qc_json_close(json, '}');
}

int64
qc_endpoint_write(QcJson *json, const char *key, int64 shop_id, int64 id)
{
	bool is_paid = qc_listener_is_paid_for(shop_id);
	QcArgs args = {0};
	int64 n;

	qc_args_int8(&args, shop_id);
	qc_args_id(&args, id);
	qc_db_begin();
	n = qc_db_system(&read_endpoints, &args);
	if (id != 0 && n == 0)
		refuse_missing();
	if (id == 0)
		qc_json_open(json, key, '[');
	for (int64 i = 0; i < n; i++)
		write_one(json, id == 0 ? NULL : key, i, is_paid);
	if (id == 0)
		qc_json_close(json, ']');
	qc_db_end();
	return n;
}
