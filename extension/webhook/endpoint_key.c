/*
 * extension/webhook/endpoint_key.c
 *		The keys of endpoints: made, shown once, sealed, replaced.
 *
 * A key stands in the row sealed for that row, so the row's id is drawn first.
 */
#include "postgres.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/seal.h"
#include "extension/webhook/endpoint.h"

static QcStmt draw_id = {
	.sql = "SELECT pg_catalog.nextval('qutecart.webhook_endpoints_id_seq')",
};

static QcStmt insert_endpoint = {
	.sql = "INSERT INTO qutecart.webhook_endpoints (shop_id, id, url, description,"
		   " event_types, is_enabled, disabled_reason, disabled_at, scheme, secret,"
		   " public_key) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6,"
		   " CASE WHEN NOT $6 THEN '" QC_ENDPOINT_BY_MEMBER "' END,"
		   " CASE WHEN NOT $6 THEN pg_catalog.now() END, $7, $8, $9)",
	.nargs = 9,
	.argtypes = {INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTARRAYOID, BOOLOID, TEXTOID,
				 TEXTOID, TEXTOID},
};

static QcStmt read_scheme = {
	.sql = "SELECT w.scheme FROM qutecart.webhook_endpoints w"
		   " WHERE w.shop_id = $1 AND w.id = $2 FOR NO KEY UPDATE",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt replace_key = {
	.sql = "UPDATE qutecart.webhook_endpoints w SET"
		   " previous_scheme = CASE WHEN $6 > 0 THEN w.scheme END,"
		   " previous_secret = CASE WHEN $6 > 0 THEN w.secret END,"
		   " previous_until = CASE WHEN $6 > 0 THEN pg_catalog.now()"
		   "  + pg_catalog.make_interval(secs => $6) END,"
		   " scheme = $3, secret = $4, public_key = $5, updated_at = pg_catalog.now()"
		   " WHERE w.shop_id = $1 AND w.id = $2",
	.nargs = 6,
	.argtypes = {INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID},
};

static QcStmt read_secrets = {
	.sql = "SELECT w.shop_id, w.id, w.secret, w.previous_secret"
		   " FROM qutecart.webhook_endpoints w ORDER BY w.shop_id, w.id"
		   " FOR NO KEY UPDATE",
};

static QcStmt write_secrets = {
	.sql = "UPDATE qutecart.webhook_endpoints w SET secret = $3, previous_secret = $4"
		   " WHERE w.shop_id = $1 AND w.id = $2",
	.nargs = 4,
	.argtypes = {INT8OID, INT8OID, TEXTOID, TEXTOID},
};

char *
qc_endpoint_place(int64 shop_id, int64 id)
{
	return psprintf("webhook:" INT64_FORMAT ":" INT64_FORMAT, shop_id, id);
}

/* A new key, and its public half where the scheme has one. */
static char *
make_key(QcSignScheme scheme, QcSignKey *key)
{
	char *public_key = palloc(QC_SIGN_TEXT_SIZE);

	key->scheme = scheme;
	key->len = QC_SIGN_KEY_LEN;
	qc_crypto_random(key->bytes, QC_SIGN_KEY_LEN);
	if (scheme == QC_SIGN_HMAC)
		return NULL;
	if (!qc_sign_public_text(key, public_key))
		elog(ERROR, "could not make a key pair");
	return public_key;
}

static char *
seal(const QcSignKey *key, int64 shop_id, int64 id)
{
	return qc_seal(key->bytes, key->len, qc_endpoint_place(shop_id, id));
}

int64
qc_endpoint_create(int64 shop_id, const QcEndpointChange *change, QcSignScheme scheme,
				   QcSignKey *key)
{
	QcArgs args = {0};
	char *public_key;
	int64 id;

	qc_seal_need_key();
	qc_endpoint_need_room(shop_id);
	public_key = make_key(scheme, key);
	qc_db_begin();
	(void) qc_db_system(&draw_id, NULL);
	id = qc_db_int8(0, 1);
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, id);
	qc_args_text(&args, change->url);
	qc_args_text(&args, change->description);
	qc_args_datum(&args, change->event_types, false);
	qc_args_bool(&args, change->is_enabled);
	qc_args_text(&args, qc_sign_scheme_name(scheme));
	qc_args_text(&args, seal(key, shop_id, id));
	qc_args_text(&args, public_key);
	(void) qc_db_system(&insert_endpoint, &args);
	qc_db_end();
	return id;
}

void
qc_endpoint_rotate(int64 shop_id, int64 id, const QcSignScheme *scheme, int32 grace,
				   QcSignKey *key)
{
	QcSignScheme wanted = QC_SIGN_HMAC;
	QcArgs args = {0};
	char *public_key;

	qc_seal_need_key();
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, id);
	qc_db_begin();
	if (qc_db_system(&read_scheme, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("webhook not found"));
	if (scheme != NULL)
		wanted = *scheme;
	else
		(void) qc_sign_scheme(qc_db_text(0, 1), &wanted);
	public_key = make_key(wanted, key);
	qc_args_text(&args, qc_sign_scheme_name(wanted));
	qc_args_text(&args, seal(key, shop_id, id));
	qc_args_text(&args, public_key);
	qc_args_int4(&args, grace);
	(void) qc_db_system(&replace_key, &args);
	qc_db_end();
}

/* A sealed text with the key that seals now; *did is set when that is another. */
static char *
resealed(const char *sealed, const char *place, bool *did)
{
	uint8 secret[QC_SEAL_SECRET_MAX];
	char *fresh;
	int len;

	if (sealed == NULL || qc_seal_is_current(sealed))
		return (char *) sealed;
	if (qc_seal_open(sealed, place, secret, &len) != QC_SEAL_OPENED)
		ereport(ERROR, qc_err(QC_ERR_NOT_CONFIGURED),
				errmsg("the secret \"%s\" cannot be opened", place),
				errhint("Keep the key that it was sealed with in"
						" qutecart.secret_keys, behind the new one."));
	fresh = qc_seal(secret, len, place);
	explicit_bzero(secret, sizeof(secret));
	*did = true;
	return fresh;
}

/* Reseal one row of read_secrets; was there anything to do? */
static bool
reseal(uint64 row)
{
	int64 shop_id = qc_db_int8(row, 1);
	int64 id = qc_db_int8(row, 2);
	char *place = qc_endpoint_place(shop_id, id);
	bool did = false;
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, id);
	qc_args_text(&args, resealed(qc_db_text(row, 3), place, &did));
	qc_args_text(&args, resealed(qc_db_text(row, 4), place, &did));
	if (!did)
		return false;
	qc_db_begin();
	(void) qc_db_system(&write_secrets, &args);
	qc_db_end();
	return true;
}

int64
qc_endpoint_reseal(void)
{
	int64 count = 0;
	uint64 n;

	qc_seal_need_key();
	qc_db_begin();
	n = qc_db_system(&read_secrets, NULL);
	for (uint64 i = 0; i < n; i++)
		count += reseal(i);
	qc_db_end();
	return count;
}
