/*
 * extension/webhook/delivery.c
 *		What became of a shop's webhook messages, attempt by attempt.
 *
 * Statements run as the owner, for payloads are granted to nobody, and name the shop
 * themselves.  A payload stands in the row that ends its message; until then it is in
 * the outbox.
 */
#include "postgres.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/outbox/replay.h"
#include "extension/webhook/delivery.h"

#define ID_OF(row)                                                                     \
	"'msg_' || pg_catalog.replace(" row ".public_id::pg_catalog.text, '-', '')"

#define MATCHING                                                                       \
	" FROM qutecart.outbox_log l WHERE l.shop_id = $1 AND l.endpoint_id > 0"           \
	" AND ($2 IS NULL OR l.endpoint_id = $2) AND ($3 IS NULL OR l.outcome = $3)"       \
	" AND ($4 IS NULL OR l.kind = 'webhook.' || $4)"                                   \
	" AND ($5 IS NULL OR " ID_OF("l") " = $5)"

static QcStmt count_attempts = {
	.sql = "SELECT count(*)" MATCHING,
	.nargs = 5,
	.argtypes = {INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID},
	.is_read = true,
	.is_custom = true,
};

static QcStmt read_attempts = {
	.sql = "SELECT p.id, p.endpoint_id, " ID_OF(
		"p") ", pg_catalog.substr(p.kind, 9),"
			 " p.attempt, p.outcome, p.status, p.reason, p.response, p.duration_ms,"
			 " p.replayed_at, p.created_at, coalesce(p.payload,"
			 " (SELECT o.payload FROM qutecart.outbox o WHERE o.slot IN (0, 1)"
			 "  AND o.id = p.message_id AND o.shop_id = p.shop_id),"
			 " (SELECT e.payload FROM qutecart.outbox_log e WHERE e.shop_id = p.shop_id"
			 "  AND e.message_id = p.message_id AND e.payload IS NOT NULL LIMIT 1))::text"
			 " FROM (SELECT l.*" MATCHING " ORDER BY l.id DESC LIMIT $6 OFFSET $7) p"
			 " ORDER BY p.id DESC",
	.nargs = 7,
	.argtypes = {INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT8OID, INT8OID},
	.is_read = true,
	.is_custom = true,
};

static QcStmt find_message = {
	.sql = "SELECT l.message_id FROM qutecart.outbox_log l WHERE l.shop_id = $1"
		   " AND l.endpoint_id = $2 AND " ID_OF("l") " = $3"
													 " ORDER BY l.id DESC LIMIT 1",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTOID},
	.is_read = true,
};

/* Columns of read_attempts. */
enum
{
	ID = 1,
	ENDPOINT_ID,
	MESSAGE_ID,
	EVENT_TYPE,
	ATTEMPT,
	OUTCOME,
	STATUS,
	REASON,
	RESPONSE,
	DURATION,
	REPLAYED_AT,
	CREATED_AT,
	PAYLOAD
};

static void
write_number(QcJson *json, const char *key, uint64 row, int column)
{
	if (qc_db_is_null(row, column))
		qc_json_null(json, key);
	else
		qc_json_int(json, key, qc_db_int4(row, column));
}

static void
write_attempt(QcJson *json, uint64 row)
{
	const char *payload = qc_db_text(row, PAYLOAD);

	qc_json_open(json, NULL, '{');
	qc_json_int(json, "id", qc_db_int8(row, ID));
	qc_json_int(json, "webhook_id", qc_db_int8(row, ENDPOINT_ID));
	qc_json_text(json, "message_id", qc_db_text(row, MESSAGE_ID));
	qc_json_text(json, "event_type", qc_db_text(row, EVENT_TYPE));
	qc_json_int(json, "attempt", qc_db_int4(row, ATTEMPT));
	qc_json_text(json, "outcome", qc_db_text(row, OUTCOME));
	write_number(json, "status", row, STATUS);
	qc_json_text(json, "reason", qc_db_text(row, REASON));
	qc_json_text(json, "response", qc_db_text(row, RESPONSE));
	write_number(json, "duration_ms", row, DURATION);
	qc_json_time(json, "replayed_at", qc_db_time(row, REPLAYED_AT));
	qc_json_time(json, "created_at", qc_db_time(row, CREATED_AT));
	if (payload != NULL)
		qc_json_raw(json, "payload", payload);
	else
		qc_json_null(json, "payload");
	qc_json_close(json, '}');
}

void
qc_delivery_write(QcJson *json, const QcDeliveryFilter *filter, QcPage page)
{
	QcArgs args = {0};
	uint64 n;

	qc_args_int8(&args, filter->shop_id);
	qc_args_id(&args, filter->endpoint_id);
	qc_args_text(&args, filter->outcome);
	qc_args_text(&args, filter->event_type);
	qc_args_text(&args, filter->message_id);
	qc_db_begin();
	(void) qc_db_system(&count_attempts, &args);
	qc_json_int(json, "total", qc_db_int8(0, 1));
	qc_args_int8(&args, page.limit);
	qc_args_int8(&args, page.offset);
	n = qc_db_system(&read_attempts, &args);
	qc_json_open(json, "deliveries", '[');
	for (uint64 i = 0; i < n; i++)
		write_attempt(json, i);
	qc_json_close(json, ']');
	qc_db_end();
}

/* The number in the outbox that a message had last. */
static int64
need_message(const QcReplayWish *wish)
{
	QcArgs args = {0};
	int64 id;

	qc_args_int8(&args, wish->shop_id);
	qc_args_int8(&args, wish->endpoint_id);
	qc_args_text(&args, wish->message_id);
	qc_db_begin();
	if (qc_db_system(&find_message, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("message not found"));
	id = qc_db_int8(0, 1);
	qc_db_end();
	return id;
}

typedef struct Listing
{
	QcJson *json;
	int count;
} Listing;

static void
list_message(const QcFoundMessage *found, void *arg)
{
	Listing *listing = arg;
	char id[sizeof("msg_") + 2 * UUID_LEN] = "msg_";

	if (!found->has_payload || listing->count++ >= QC_PAGE_MAX)
		return;
	qc_crypto_hex(found->public_id.data, UUID_LEN, id + strlen(id));
	qc_json_text(listing->json, NULL, id);
}

void
qc_delivery_replay(QcJson *json, const QcReplayWish *wish)
{
	QcMessageFilter filter = {.shop_id = wish->shop_id,
							  .endpoint_id = wish->endpoint_id,
							  .log_id = wish->delivery_id,
							  .outcome = wish->outcome,
							  .since = wish->since,
							  .until = wish->until,
							  .is_dry_run = wish->is_dry_run};
	Listing listing = {.json = json};
	int64 count;

	if (wish->message_id != NULL)
		filter.message_id = need_message(wish);
	qc_json_open(json, "message_ids", '[');
	count = qc_outbox_replay(&filter, list_message, &listing);
	qc_json_close(json, ']');
	qc_json_int(json, "count", count);
}
