/*
 * functions/mail.c
 *		Looking at mails before anybody gets them, and who gets none.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "extension/core/args.h"
#include "extension/core/errors.h"
#include "extension/mail/compose.h"
#include "extension/mail/message.h"
#include "extension/mail/suppression.h"

PG_FUNCTION_INFO_V1(qc_fn_mail_preview);
PG_FUNCTION_INFO_V1(qc_fn_suppress);
PG_FUNCTION_INFO_V1(qc_fn_unsuppress);

static void
refuse_field(const char *field, const char *sentence)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, field, "%s", sentence);
	qc_fields_raise(&errors);
}

static QcValue *
read_data(Jsonb *data)
{
	return qc_value_read(JsonbToCString(NULL, &data->root, VARSIZE(data)));
}

Datum
qc_fn_mail_preview(PG_FUNCTION_ARGS)
{
	char *name = qc_arg_text(0);
	char *part = qc_arg_text(3);
	QcMailDraft draft = {.name = name ? name : "",
						 .locale = qc_arg_text(2),
						 .shop_id = 1,
						 .at = GetCurrentTransactionStartTimestamp()};
	QcMailText mail;

	if (!PG_ARGISNULL(1))
	{
		draft.data = read_data(PG_GETARG_JSONB_P(1));
		draft.to_name = qc_value_get_text(draft.data, "to_name");
	}
	mail = qc_mail_compose(&draft);
	if (part == NULL || strcmp(part, "html") == 0)
		PG_RETURN_TEXT_P(cstring_to_text(mail.html));
	if (strcmp(part, "text") == 0)
		PG_RETURN_TEXT_P(cstring_to_text(mail.text));
	if (strcmp(part, "subject") != 0)
		refuse_field("part", "The part of a mail is html, text or subject.");
	PG_RETURN_TEXT_P(cstring_to_text(mail.subject));
}

static bool
is_reason(const char *reason)
{
	static const char *const reasons[] = {"bounce", "complaint", "manual",
										  "unsubscribe"};

	for (int i = 0; i < lengthof(reasons); i++)
		if (strcmp(reason, reasons[i]) == 0)
			return true;
	return false;
}

Datum
qc_fn_suppress(PG_FUNCTION_ARGS)
{
	char *address = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *reason = text_to_cstring(PG_GETARG_TEXT_PP(1));

	if (!qc_message_is_address(address))
		refuse_field("address", "The address field must be a valid email address.");
	if (!is_reason(reason))
		refuse_field("reason",
					 "The reason is manual, bounce, complaint or unsubscribe.");
	PG_RETURN_BOOL(qc_suppression_add(address, reason, "operator"));
}

Datum
qc_fn_unsuppress(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(qc_suppression_remove(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
