/*
 * extension/stripe/receive.c
 *		An event comes in: verified, stored as it came, answered by the commit.
 *
 * Nothing of it is applied here, so that a reply takes no longer than one insert, and
 * an event that cannot be applied is not lost.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/stripe/events.h"
#include "extension/stripe/glance.h"
#include "extension/stripe/signature.h"
#include "extension/worker/wake.h"

#define MAX_BODY (256 * 1024)
#define MAX_ID   255

static QcStmt insert_event = {
	.sql =
		"INSERT INTO qutecart.stripe_events (id, type, api_version, is_live, account,"
		" object_id, created_at, payload, status, finished_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $9 = 'ignored' THEN"
		" pg_catalog.now() END) ON CONFLICT (id) DO NOTHING",
	.nargs = 9,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID, BOOLOID, TEXTOID, TEXTOID, TIMESTAMPTZOID,
				 BYTEAOID, TEXTOID},
};

static void
pg_attribute_noreturn() refuse(QcError error, const char *word)
{
	ereport(ERROR, qc_err(error), qc_err_members(psprintf("\"error\":\"%s\"", word)),
			errmsg("%s", word));
}

static bool
store(const QcStripeGlance *event, const char *payload, int len)
{
	QcArgs args = {0};
	bool is_new;

	qc_args_text(&args, event->id);
	qc_args_text(&args, event->type);
	qc_args_text(&args, event->api_version);
	qc_args_bool(&args, event->is_live);
	qc_args_text(&args, event->account);
	qc_args_text(&args, event->object_id);
	qc_args_datum(&args,
				  TimestampTzGetDatum(TIMESTAMP_NOT_FINITE(event->created)
										  ? GetCurrentTransactionStartTimestamp()
										  : event->created),
				  false);
	qc_args_datum(&args, PointerGetDatum(cstring_to_text_with_len(payload, len)),
				  false);
	qc_args_text(&args, event->is_ignored ? "ignored" : "pending");
	qc_db_begin();
	is_new = qc_db_system(&insert_event, &args) > 0;
	qc_db_end();
	return is_new;
}

static void
check_signature(const char *payload, int len, const char *signature)
{
	int64 now = (int64) time(NULL);

	if (!qc_signature_has_secret(qc_guc_stripe_webhook_secrets))
		ereport(ERROR, qc_err(QC_ERR_NOT_CONFIGURED),
				errmsg("no Stripe webhook secret is configured"),
				errhint("Set qutecart.stripe_webhook_secrets."));
	if (len > MAX_BODY)
		ereport(ERROR, qc_err(QC_ERR_PAYLOAD_TOO_LARGE),
				errmsg("the event is larger than %d bytes", MAX_BODY));
	if (!qc_signature_verify(signature, payload, len, qc_guc_stripe_webhook_secrets,
							 now))
		refuse(QC_ERR_INVALID_SIGNATURE, "Invalid signature");
}

bool
qc_stripe_receive(const char *payload, int len, const char *signature)
{
	QcStripeGlance event = {0};

	check_signature(payload, len, signature);
	if (!qc_stripe_glance(payload, len, &event) || event.id == NULL ||
		event.type == NULL || strlen(event.id) > MAX_ID)
		refuse(QC_ERR_INVALID_PAYLOAD, "Invalid payload");
	if (event.is_live != qc_guc_stripe_livemode)
	{
		ereport(LOG, errmsg("refused a Stripe event of %s mode",
							qc_guc_stripe_livemode ? "test" : "live"));
		refuse(QC_ERR_BAD_REQUEST, "Wrong mode");
	}
	if (!store(&event, payload, len))
		return false;
	if (!event.is_ignored)
		qc_wake_worker();
	return true;
}
