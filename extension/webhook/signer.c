/*
 * extension/webhook/signer.c
 *		Endpoints with their opened keys, for as long as a transaction of the worker lasts.
 *
 * A batch has many messages for few endpoints: each is read and its keys are opened once.
 */
#include "postgres.h"

#include <sys/mman.h>

#include "access/xact.h"
#include "utils/memutils.h"

#include "extension/core/db.h"
#include "extension/webhook/endpoint.h"
#include "extension/webhook/signer.h"

#define PLACES 64

static QcStmt read_endpoint = {
	.sql = "SELECT w.url, w.is_enabled, w.scheme, w.secret, w.previous_scheme,"
		   " w.previous_secret, w.previous_until > pg_catalog.now()"
		   " FROM qutecart.webhook_endpoints w WHERE w.shop_id = $1 AND w.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

/* Columns of read_endpoint. */
enum
{
	URL = 1,
	IS_ENABLED,
	SCHEME,
	SECRET,
	PREVIOUS_SCHEME,
	PREVIOUS_SECRET,
	HAS_PREVIOUS
};

static QcSigner *places = NULL; /* PLACES of them, each endpoint in its own */
static bool is_used = false;

static void
wipe(XactEvent event, void *arg)
{
	if (is_used && event != XACT_EVENT_PRE_COMMIT &&
		event != XACT_EVENT_PARALLEL_PRE_COMMIT && event != XACT_EVENT_PRE_PREPARE)
	{
		explicit_bzero(places, PLACES * sizeof(QcSigner));
		is_used = false;
	}
}

static void
make_places(void)
{
	size_t size = PLACES * sizeof(QcSigner);
	void *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		ereport(ERROR, errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"));
	(void) madvise(memory, size, MADV_DONTDUMP);
	places = memory;
	RegisterXactCallback(wipe, NULL);
}

/* Open one sealed key into the next free place of the signer. */
static QcSealVerdict
open_key(QcSigner *signer, const char *scheme, const char *sealed)
{
	QcSignKey *key = &signer->keys[signer->count];
	uint8 secret[QC_SEAL_SECRET_MAX];
	QcSealVerdict verdict =
		qc_seal_open(sealed, qc_endpoint_place(signer->shop_id, signer->endpoint_id),
					 secret, &key->len);

	if (verdict != QC_SEAL_OPENED)
		return verdict;
	if (key->len <= QC_STANDARD_WEBHOOKS_KEY_MAX &&
		qc_sign_scheme(scheme, &key->scheme))
	{
		memcpy(key->bytes, secret, key->len);
		signer->count++;
	}
	else
		verdict = QC_SEAL_BROKEN;
	explicit_bzero(secret, sizeof(secret));
	return verdict;
}

static void
read_into(QcSigner *signer)
{
	QcArgs args = {0};

	qc_args_int8(&args, signer->shop_id);
	qc_args_int8(&args, signer->endpoint_id);
	qc_db_begin();
	signer->exists = qc_db_system(&read_endpoint, &args) == 1;
	if (signer->exists)
	{
		signer->url = MemoryContextStrdup(TopTransactionContext, qc_db_text(0, URL));
		signer->is_enabled = qc_db_bool(0, IS_ENABLED);
		signer->verdict =
			open_key(signer, qc_db_text(0, SCHEME), qc_db_text(0, SECRET));
		if (signer->verdict == QC_SEAL_OPENED && qc_db_bool(0, HAS_PREVIOUS))
			(void) open_key(signer, qc_db_text(0, PREVIOUS_SCHEME),
							qc_db_text(0, PREVIOUS_SECRET));
	}
	qc_db_end();
}

const QcSigner *
qc_signer_get(int64 shop_id, int64 endpoint_id)
{
	QcSigner *signer;

	if (places == NULL)
		make_places();
	signer = &places[(uint64) endpoint_id % PLACES];
	if (signer->is_read && signer->endpoint_id == endpoint_id &&
		signer->shop_id == shop_id)
		return signer;
	is_used = true;
	explicit_bzero(signer, sizeof(*signer));
	signer->shop_id = shop_id;
	signer->endpoint_id = endpoint_id;
	read_into(signer);
	signer->is_read = true;
	return signer;
}
