/*
 * extension/http/idempotency.c
 *		The reply of a POST is kept in the transaction that has its effect.
 *
 * Only a request that took effect is kept: one that was refused has left nothing behind,
 * so sending it again is harmless, and may succeed by then.  The key belongs to the
 * signed-in user, else to the client's address.  Kept for a day; a reply that shows a
 * secret is not kept at all.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/http/idempotency.h"
#include "extension/tenant/context.h"

#define MAX_KEY    255
#define LOCK_CLASS 0x5143 /* no lock of SQL's advisory functions has it */

enum
{
	COL_IS_SAME = 1,
	COL_STATUS,
	COL_HEADERS,
	COL_BODY
};

static QcStmt find_reply = {
	.sql = "SELECT k.request_hash = $3, k.status, k.headers, k.body"
		   " FROM qutecart.idempotency_keys k WHERE k.owner = $1 AND k.key = $2"
		   " AND k.created_at > pg_catalog.now() - interval '24 hours'",
	.nargs = 3,
	.argtypes = {TEXTOID, TEXTOID, BYTEAOID},
};

/* A row is in the way only when it is more than a day old. */
static QcStmt keep_reply = {
	.sql = "INSERT INTO qutecart.idempotency_keys"
		   " (owner, key, request_hash, status, headers, body)"
		   " VALUES ($1, $2, $3, $4, $5, $6)"
		   " ON CONFLICT (owner, key) DO UPDATE SET"
		   " request_hash = excluded.request_hash, status = excluded.status,"
		   " headers = excluded.headers, body = excluded.body,"
		   " created_at = pg_catalog.now()",
	.nargs = 6,
	.argtypes = {TEXTOID, TEXTOID, BYTEAOID, INT4OID, TEXTOID, TEXTOID},
};

static void lock_key(const QcIdempotency *call);
static Datum hash_request(const QcRequest *request, int64 shown_shop);
static bool replay(const QcIdempotency *call, QcReply *reply);

static const char *
owner_of_request(const QcRequest *request)
{
	int64 user_id = qc_context()->user_id;

	if (user_id != 0)
		return psprintf("user:" INT64_FORMAT, user_id);
	return psprintf("peer:%s", request->peer ? request->peer : "");
}

bool
qc_idempotency_begin(QcIdempotency *call, const QcRequest *request, int64 shown_shop,
					 QcReply *reply)
{
	const char *key = qc_request_get(request, "idempotency-key");

	call->key = NULL;
	if (key == NULL || request->method != QC_METHOD_POST)
		return false;
	if (*key == '\0' || strlen(key) > MAX_KEY)
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
				errmsg("Idempotency-Key must have 1 to %d characters", MAX_KEY));
	call->key = key;
	call->owner = owner_of_request(request);
	call->hash = hash_request(request, shown_shop);
	lock_key(call);
	return replay(call, reply);
}

/* Whoever comes second while the first one runs does not wait: he is told. */
static void
lock_key(const QcIdempotency *call)
{
	char *name = psprintf("%s\n%s", call->owner, call->key);
	uint64 hash = hash_bytes_extended((unsigned char *) name, (int) strlen(name), 0);
	LOCKTAG tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (hash >> 32), (uint32) hash,
						 LOCK_CLASS);
	if (LockAcquire(&tag, ExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL)
		ereport(ERROR, qc_err(QC_ERR_IDEMPOTENCY_IN_FLIGHT),
				errmsg("a request with this Idempotency-Key is being answered"),
				errhint("Repeat it in a moment."));
}

/* Everything that decides the effect: another body under the same key is a mistake. */
static Datum
hash_request(const QcRequest *request, int64 shown_shop)
{
	bytea *hash = palloc(VARHDRSZ + QC_SHA256_LEN);
	StringInfoData asked;

	initStringInfo(&asked);
	appendStringInfo(&asked, "%s %s\n" INT64_FORMAT "\n", request->method_name,
					 text_to_cstring(request->raw->target), shown_shop);
	if (request->raw->body != NULL)
		appendBinaryStringInfo(&asked, VARDATA_ANY(request->raw->body),
							   (int) request->body_len);
	SET_VARSIZE(hash, VARHDRSZ + QC_SHA256_LEN);
	qc_crypto_sha256(asked.data, asked.len, (uint8 *) VARDATA(hash));
	return PointerGetDatum(hash);
}

static bool
replay(const QcIdempotency *call, QcReply *reply)
{
	QcArgs args = {0};
	bool is_found;

	qc_args_text(&args, call->owner);
	qc_args_text(&args, call->key);
	qc_args_datum(&args, call->hash, false);
	qc_db_begin();
	is_found = qc_db_system(&find_reply, &args) == 1;
	if (is_found && !qc_db_bool(0, COL_IS_SAME))
		ereport(ERROR, qc_err(QC_ERR_IDEMPOTENCY_MISMATCH),
				errmsg("this Idempotency-Key was used for another request"),
				errhint("Use a new key for each new request."));
	if (is_found)
	{
		reply->status = qc_db_int4(0, COL_STATUS);
		reply->replayed = qc_db_keep_text(qc_db_text(0, COL_HEADERS));
		reply->body = qc_db_keep_text(qc_db_text(0, COL_BODY));
		reply->body_len = strlen(reply->body);
	}
	qc_db_end();
	if (is_found)
		qc_reply_set(reply, "Idempotent-Replayed", "true");
	return is_found;
}

void
qc_idempotency_keep(const QcIdempotency *call, const QcReply *reply)
{
	QcArgs args = {0};

	if (call->key == NULL || reply->is_secret || reply->status >= 500)
		return;
	qc_args_text(&args, call->owner);
	qc_args_text(&args, call->key);
	qc_args_datum(&args, call->hash, false);
	qc_args_int4(&args, reply->status);
	qc_args_text(&args, qc_reply_render(reply));
	qc_args_text(&args, pnstrdup(reply->body, reply->body_len));
	qc_db_begin();
	(void) qc_db_system(&keep_reply, &args);
	qc_db_end();
}
