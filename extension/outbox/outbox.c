/*
 * extension/outbox/outbox.c
 *		Enqueueing: one row in the transaction that causes it, gone if that fails.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/fmgrprotos.h"

#include "extension/core/db.h"
#include "extension/outbox/outbox.h"
#include "extension/outbox/slot.h"
#include "extension/worker/wake.h"

static QcStmt insert_message = {
	.sql = "INSERT INTO qutecart.outbox (slot, kind, shop_id, endpoint_id, lane, key,"
		   " payload, state, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		   " RETURNING id",
	.nargs = 9,
	.argtypes = {INT2OID, TEXTOID, INT8OID, INT8OID, INT8OID, TEXTOID, JSONBOID,
				 TEXTOID, TIMESTAMPTZOID},
};

/* Kinds by channel: the number stands in the last three bits of a lane. */
static const struct
{
	const char *prefix;
	int channel;
	bool is_by_endpoint;
} channels[] = {
	{"webhook.", 1, true},
	{"mail.", 2, false},
	{"stripe.", 3, false},
};

int64
qc_outbox_lane(const char *kind, int64 shop_id, int64 endpoint_id)
{
	for (int i = 0; i < lengthof(channels); i++)
		if (strncmp(kind, channels[i].prefix, strlen(channels[i].prefix)) == 0)
			return (channels[i].is_by_endpoint ? endpoint_id : shop_id) << 3 |
				   channels[i].channel;
	return shop_id << 3;
}

void
qc_outbox_need_platform(const char *what)
{
	if (!superuser() && !has_privs_of_role(GetUserId(), qc_db_owner()))
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only the platform may %s", what),
				errhint("Call the function that causes the message instead."));
}

bool
qc_outbox_is_kind(const char *kind)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_.";
	size_t channel = strcspn(kind, "_.");

	return channel > 0 && kind[channel] == '.' && kind[channel + 1] != '\0' &&
		   strspn(kind, letters) == strlen(kind);
}

static Datum
payload_of(const QcNewMessage *message)
{
	Jsonb *payload = message->document;

	if (payload == NULL)
		payload = DatumGetJsonbP(
			DirectFunctionCall1(jsonb_in, CStringGetDatum(message->payload)));
	if (!JB_ROOT_IS_OBJECT(payload))
		elog(ERROR, "the payload of \"%s\" is not an object", message->kind);
	return JsonbPGetDatum(payload);
}

int64
qc_outbox_enqueue_message(const QcNewMessage *message)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	QcArgs args = {0};
	int64 id;

	if (!qc_outbox_is_kind(message->kind))
		elog(ERROR, "not a kind of message: \"%s\"", message->kind);
	qc_args_datum(&args, Int16GetDatum(qc_slot_current()), false);
	qc_args_text(&args, message->kind);
	qc_args_int8(&args, message->shop_id);
	qc_args_int8(&args, message->endpoint_id);
	qc_args_int8(&args,
				 qc_outbox_lane(message->kind, message->shop_id, message->endpoint_id));
	qc_args_text(&args, message->key);
	qc_args_datum(&args, payload_of(message), false);
	qc_args_text(&args, message->due_at <= now ? "ready" : "waiting");
	qc_args_datum(&args, TimestampTzGetDatum(Max(message->due_at, now)), false);
	qc_db_begin();
	(void) qc_db_system(&insert_message, &args);
	id = qc_db_int8(0, 1);
	qc_db_end();
	qc_wake_worker();
	return id;
}

int64
qc_outbox_enqueue(const char *kind, int64 shop_id, const char *key, const char *payload)
{
	return qc_outbox_enqueue_message(&(QcNewMessage){
		.kind = kind, .shop_id = shop_id, .key = key, .payload = payload});
}
