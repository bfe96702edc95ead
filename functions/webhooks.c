/*
 * functions/webhooks.c
 *		A shop's webhooks, for its owner alone.
 *
 * They send every customer's order to a place of his choosing: that is more than any
 * permission of staff covers.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/http/request.h"
#include "extension/outbox/address.h"
#include "extension/tenant/context.h"
#include "extension/webhook/endpoint.h"
#include "extension/webhook/event.h"
#include "extension/webhook/listener.h"

PG_FUNCTION_INFO_V1(qc_fn_create_webhook);
PG_FUNCTION_INFO_V1(qc_fn_delete_webhook);
PG_FUNCTION_INFO_V1(qc_fn_list_webhooks);
PG_FUNCTION_INFO_V1(qc_fn_read_webhook);
PG_FUNCTION_INFO_V1(qc_fn_reseal_secrets);
PG_FUNCTION_INFO_V1(qc_fn_rotate_webhook_secret);
PG_FUNCTION_INFO_V1(qc_fn_test_webhook);
PG_FUNCTION_INFO_V1(qc_fn_update_webhook);

#define DESCRIPTION_MAX 500 /* characters */
#define URL_MAX         2000

static QcStmt find_unknown_type = {
	.sql = "SELECT n.name FROM pg_catalog.unnest($1) n (name)"
		   " WHERE NOT EXISTS (SELECT FROM qutecart.webhook_event_types t"
		   "  WHERE t.type = n.name AND t.is_selectable) LIMIT 1",
	.nargs = 1,
	.argtypes = {TEXTARRAYOID},
	.is_read = true,
};

static void
check_url(const char *url, QcFieldErrors *errors)
{
	const char *problem;

	if (url == NULL)
		return;
	problem = pg_mbstrlen(url) > URL_MAX
				  ? "The url field must not be greater than 2000 characters."
				  : qc_address_url_problem(url, qc_guc_webhook_networks);
	if (problem != NULL)
		qc_fields_add(errors, "url", "%s", problem);
}

static void
check_description(const char *description, QcFieldErrors *errors)
{
	if (description != NULL && pg_mbstrlen(description) > DESCRIPTION_MAX)
		qc_fields_add(errors, "description",
					  "The description field must not be greater than %d characters.",
					  DESCRIPTION_MAX);
}

static void
check_event_types(Datum event_types, QcFieldErrors *errors)
{
	QcArgs args = {0};

	if (event_types == (Datum) 0)
		return;
	qc_args_datum(&args, event_types, false);
	qc_db_begin();
	if (qc_db_run(&find_unknown_type, &args) > 0)
		qc_fields_add(errors, "event_types", "There is no event type \"%s\" to choose.",
					  qc_db_is_null(0, 1) ? "null" : qc_db_text(0, 1));
	qc_db_end();
}

static void
check_change(const QcEndpointChange *change, QcFieldErrors *errors)
{
	check_url(change->url, errors);
	check_description(change->description, errors);
	check_event_types(change->event_types, errors);
}

/* Read an argument that may name a scheme; the fallback when there is none. */
static QcSignScheme
take_scheme(const char *word, QcSignScheme fallback, QcFieldErrors *errors)
{
	QcSignScheme scheme = fallback;

	if (word != NULL && !qc_sign_scheme(word, &scheme))
		qc_fields_add(errors, "signature_scheme",
					  "The signature scheme must be hmac or ed25519.");
	return scheme;
}

static Datum
reply(const char *message, int64 shop_id, int64 id)
{
	QcJson json;

	qc_json_reply_open(&json, message);
	(void) qc_endpoint_write(&json, "webhook", shop_id, id);
	return qc_json_reply_close(&json);
}

/* The same with the new key, shown this once; wipes it. */
static Datum
reply_with_key(const char *message, int64 shop_id, int64 id, QcSignKey *key)
{
	char secret[QC_SIGN_TEXT_SIZE];
	QcJson json;

	qc_json_reply_open(&json, message);
	(void) qc_endpoint_write(&json, "webhook", shop_id, id);
	if (key->scheme == QC_SIGN_HMAC)
	{
		qc_sign_secret_text(key, secret);
		qc_json_text(&json, "secret", secret);
		explicit_bzero(secret, sizeof(secret));
	}
	explicit_bzero(key, sizeof(*key));
	qc_reply_is_secret();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_list_webhooks(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_owned_shop();
	QcJson json;
	int64 total;

	qc_json_reply_open(&json, "webhooks");
	total = qc_endpoint_write(&json, "webhooks", shop_id, 0);
	qc_json_int(&json, "total", total);
	return qc_json_reply_close(&json);
}

Datum
qc_fn_create_webhook(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_owned_shop();
	QcEndpointChange change = {.url = qc_arg_text(0),
							   .event_types = qc_arg_datum(1),
							   .description = qc_arg_text(2),
							   .is_enabled = qc_arg_bool(4, true)};
	QcFieldErrors errors;
	QcSignScheme scheme;
	QcSignKey key;
	int64 id;

	qc_listener_need_paid(shop_id);
	qc_fields_init(&errors);
	if (change.url == NULL)
		qc_fields_add(&errors, "url", "The url field is required.");
	check_change(&change, &errors);
	scheme = take_scheme(qc_arg_text(3), QC_SIGN_HMAC, &errors);
	qc_fields_raise(&errors);
	if (change.event_types == (Datum) 0)
		change.event_types = PointerGetDatum(construct_empty_array(TEXTOID));
	id = qc_endpoint_create(shop_id, &change, scheme, &key);
	return reply_with_key("webhook created successfully", shop_id, id, &key);
}

Datum
qc_fn_read_webhook(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_owned_shop();
	int64 id = qc_arg_int8(0, 0);

	qc_endpoint_need(shop_id, id);
	return reply("webhook details", shop_id, id);
}

/* Switching off is free for every plan. */
static bool
only_disables(const QcEndpointChange *change)
{
	return change->sets_enabled && !change->is_enabled && change->url == NULL &&
		   change->description == NULL && change->event_types == (Datum) 0;
}

Datum
qc_fn_update_webhook(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_owned_shop();
	int64 id = qc_arg_int8(0, -1);
	QcEndpointChange change = {.url = qc_arg_text(1),
							   .event_types = qc_arg_datum(2),
							   .description = qc_arg_text(3),
							   .sets_enabled = !PG_ARGISNULL(4),
							   .is_enabled = qc_arg_bool(4, false)};
	QcFieldErrors errors;

	if (!only_disables(&change))
		qc_listener_need_paid(shop_id);
	qc_fields_init(&errors);
	check_change(&change, &errors);
	qc_fields_raise(&errors);
	qc_endpoint_update(shop_id, id, &change);
	return reply("webhook updated successfully", shop_id, id);
}

Datum
qc_fn_delete_webhook(PG_FUNCTION_ARGS)
{
	qc_endpoint_delete(qc_context_need_owned_shop(), qc_arg_int8(0, -1));
	return qc_json_reply_message("webhook deleted successfully");
}

Datum
qc_fn_rotate_webhook_secret(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_owned_shop();
	int64 id = qc_arg_int8(0, -1);
	int32 grace = qc_arg_int4(1, QC_ENDPOINT_GRACE);
	QcFieldErrors errors;
	QcSignScheme scheme;
	QcSignKey key;

	qc_listener_need_paid(shop_id);
	qc_fields_init(&errors);
	if (grace < 0 || grace > QC_ENDPOINT_GRACE_MAX)
		qc_fields_add(&errors, "grace_seconds",
					  "The grace seconds must be between 0 and %d.",
					  QC_ENDPOINT_GRACE_MAX);
	scheme = take_scheme(qc_arg_text(2), QC_SIGN_HMAC, &errors);
	qc_fields_raise(&errors);
	qc_endpoint_rotate(shop_id, id, PG_ARGISNULL(2) ? NULL : &scheme, grace, &key);
	return reply_with_key("secret rotated successfully", shop_id, id, &key);
}

Datum
qc_fn_test_webhook(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_owned_shop();
	int64 id = qc_arg_int8(0, -1);
	QcJson json;

	qc_listener_need_paid(shop_id);
	qc_endpoint_need_enabled(shop_id, id);
	qc_json_reply_open(&json, "test message enqueued");
	qc_json_text(&json, "message_id", qc_event_send_test(shop_id, id));
	return qc_json_reply_close(&json);
}

Datum
qc_fn_reseal_secrets(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(qc_endpoint_reseal());
}
