/*
 * extension/webhook/event.c
 *		From something that happened to one message per endpoint that listens.
 *
 * Where nobody listens this costs a look into an array.  A message's payload is what is
 * sent, byte by byte, at every attempt: {"type", "timestamp", "data"}; timestamp is when
 * the transaction began in which it happened.
 */
#include "postgres.h"

#include "access/xact.h"

#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/outbox/outbox.h"
#include "extension/webhook/event.h"
#include "extension/webhook/listener.h"
#include "extension/webhook/told.h"

#define KIND_PREFIX "webhook."
#define ID_PREFIX   "msg_"

static QcStmt find_listeners = {
	.sql = "SELECT w.id FROM qutecart.webhook_endpoints w"
		   " WHERE w.shop_id = $1 AND w.is_enabled"
		   " AND (w.event_types = '{}' OR $2 = ANY (w.event_types)) ORDER BY w.id",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt read_public_id = {
	.sql = "SELECT '" ID_PREFIX "' || pg_catalog.replace(o.public_id::text, '-', '')"
		   " FROM qutecart.outbox o WHERE o.slot IN (0, 1) AND o.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt rewrite = {
	.sql = "UPDATE qutecart.outbox o SET payload = $2::text::jsonb"
		   " WHERE o.slot IN (0, 1) AND o.id = ANY ($1)",
	.nargs = 2,
	.argtypes = {INT8ARRAYOID, TEXTOID},
};

static QcStmt take_back = {
	.sql = "DELETE FROM qutecart.outbox o WHERE o.slot IN (0, 1) AND o.id = ANY ($1)",
	.nargs = 1,
	.argtypes = {INT8ARRAYOID},
};

/* Between qc_db_begin and qc_db_end: the ids of who listens; returns how many. */
static uint64
look_up(int64 shop_id, const char *type)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, type);
	return qc_db_system(&find_listeners, &args);
}

bool
qc_event_is_wanted(int64 shop_id, const char *type)
{
	bool is_wanted;

	if (!qc_listener_may_exist(shop_id) || !qc_listener_is_paid_for(shop_id))
		return false;
	qc_db_begin();
	is_wanted = look_up(shop_id, type) > 0;
	qc_db_end();
	return is_wanted;
}

static char *
payload_of(const char *type, const char *data)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "type", type);
	qc_json_time(&json, "timestamp", GetCurrentTransactionStartTimestamp());
	qc_json_raw(&json, "data", data);
	qc_json_close(&json, '}');
	return json.out.data;
}

static int64
send_to(int64 shop_id, int64 endpoint_id, const char *type, const char *key,
		const char *payload)
{
	return qc_outbox_enqueue_message(
		&(QcNewMessage){.kind = psprintf(KIND_PREFIX "%s", type),
						.shop_id = shop_id,
						.endpoint_id = endpoint_id,
						.key = key,
						.payload = payload});
}

void
qc_event_emit(int64 shop_id, const char *type, const char *key, const char *data)
{
	QcTold told = {0};
	char *payload;
	uint64 n;

	if (!qc_listener_may_exist(shop_id) || !qc_listener_is_paid_for(shop_id))
		return;
	qc_db_begin();
	n = look_up(shop_id, type);
	payload = n > 0 ? payload_of(type, data) : NULL;
	for (uint64 i = 0; i < n; i++)
	{
		int64 id = send_to(shop_id, qc_db_int8(i, 1), type, key, payload);

		if (told.count < QC_ENDPOINTS_MAX)
			told.messages[told.count++] = id;
	}
	if (n > 0)
		qc_told_remember(shop_id, type, key, &told);
	qc_db_end();
}

bool
qc_event_was_told(int64 shop_id, const char *type, const char *key)
{
	return qc_told_find(shop_id, type, key) != NULL;
}

static ArrayBuildState *
ids_of(const QcTold *told)
{
	ArrayBuildState *ids = qc_list_begin(INT8OID);

	for (int i = 0; i < told->count; i++)
		qc_list_int8(ids, told->messages[i]);
	return ids;
}

/* Change messages of this transaction; were they still there? */
static bool
change(QcStmt *stmt, const QcTold *told, const char *payload)
{
	QcArgs args = {0};
	bool changed;

	qc_db_begin();
	qc_args_list(&args, ids_of(told));
	if (payload != NULL)
		qc_args_text(&args, payload);
	changed = qc_db_system(stmt, &args) > 0;
	qc_db_end();
	return changed;
}

bool
qc_event_retell(int64 shop_id, const char *type, const char *key, const char *data)
{
	const QcTold *told = qc_told_find(shop_id, type, key);

	if (told == NULL)
		return false;
	if (change(&rewrite, told, payload_of(type, data)))
		return true;
	qc_told_forget(shop_id, type, key);
	return false;
}

bool
qc_event_take_back(int64 shop_id, const char *type, const char *key)
{
	const QcTold *told = qc_told_find(shop_id, type, key);
	bool was_there = told != NULL && change(&take_back, told, NULL);

	qc_told_forget(shop_id, type, key);
	return was_there;
}

char *
qc_event_send_test(int64 shop_id, int64 endpoint_id)
{
	QcArgs args = {0};
	char *id;
	QcJson data;

	qc_json_init(&data);
	qc_json_open(&data, NULL, '{');
	qc_json_int(&data, "shop_id", shop_id);
	qc_json_int(&data, "webhook_id", endpoint_id);
	qc_json_close(&data, '}');
	qc_args_int8(&args, send_to(shop_id, endpoint_id, QC_EVENT_TEST, "",
								payload_of(QC_EVENT_TEST, data.out.data)));
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_public_id, &args), 1, "reading a message's id");
	id = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	return id;
}
