/*
 * functions/outbox.c
 *		The outbox, for operators.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/outbox/outbox.h"

PG_FUNCTION_INFO_V1(qc_fn_enqueue);

/*
 * Whoever can enqueue can write to anybody in the platform's name: a grant that was
 * given by mistake must not be enough.
 */
static void
need_platform(const char *what)
{
	if (!superuser() && !has_privs_of_role(GetUserId(), qc_db_owner()))
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only the platform may %s", what),
				errhint("Call the function that causes the message instead."));
}

static bool
is_kind(const char *kind)
{
	const char *dot = kind ? strchr(kind, '.') : NULL;

	return dot != NULL && dot > kind && dot[1] != '\0' &&
		   strspn(kind, "abcdefghijklmnopqrstuvwxyz") == dot - kind &&
		   strspn(kind, "abcdefghijklmnopqrstuvwxyz_.") == strlen(kind);
}

static void
check_message(const QcNewMessage *message, Jsonb *payload)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (!is_kind(message->kind))
		qc_fields_add(&errors, "kind", "The kind must look like mail.welcome.");
	else if (strncmp(message->kind, "webhook.", 8) == 0)
		qc_fields_add(&errors, "kind", "Webhooks are made by their events only.");
	if (payload == NULL || !JB_ROOT_IS_OBJECT(payload))
		qc_fields_add(&errors, "payload", "The payload must be an object.");
	if (message->shop_id < 0)
		qc_fields_add(&errors, "shop_id", "The shop must be a shop's id, or 0.");
	if (TIMESTAMP_NOT_FINITE(message->due_at))
		qc_fields_add(&errors, "due_at", "The time must be a finite one.");
	qc_fields_raise(&errors);
}

Datum
qc_fn_enqueue(PG_FUNCTION_ARGS)
{
	Jsonb *payload = PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1);
	QcNewMessage message = {
		.kind = qc_arg_text(0),
		.shop_id = qc_arg_int8(2, 0),
		.key = qc_arg_text(3),
		.due_at = qc_arg_int8(4, 0),
	};

	need_platform("enqueue messages");
	check_message(&message, payload);
	if (message.key == NULL)
		message.key = "";
	message.payload = JsonbToCString(NULL, &payload->root, VARSIZE(payload));
	PG_RETURN_INT64(qc_outbox_enqueue_message(&message));
}
