/*
 * functions/unsubscribe.c
 *		The link by which somebody ends mails that he need not get (RFC 8058).
 *
 * Mail programs and their servers follow links to look at them: only a POST changes
 * anything.  It is sent by programs as well, so it asks for no session and reads no body.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/core/args.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/core/settings.h"
#include "extension/http/request.h"
#include "extension/mail/suppression.h"
#include "extension/mail/template.h"

PG_FUNCTION_INFO_V1(qc_fn_show_unsubscribe);
PG_FUNCTION_INFO_V1(qc_fn_unsubscribe);

#define TOKEN_LEN 36

static const char page[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	"<meta name=\"robots\" content=\"noindex\"><title>{{app_name}}</title></head>\n"
	"<body style=\"margin:0;font-family:sans-serif;font-size:16px;line-height:26px;"
	"color:#1f2937;background-color:#f3f4f6\">\n"
	"<main style=\"max-width:480px;margin:40px auto;padding:24px;border-radius:8px;"
	"background-color:#ffffff\">\n<h1 style=\"font-size:22px\">{{app_name}}</h1>\n"
	"<p>{{message}}</p>\n"
	"{{^is_unsubscribed}}\n<form method=\"post\"><button style=\"padding:12px 20px;"
	"border:0;border-radius:8px;background-color:#1f2937;color:#ffffff;"
	"font-size:16px\">Unsubscribe</button></form>\n{{/is_unsubscribed}}\n"
	"</main></body></html>\n";

/* The address a token stands for; anything that is no token stands for none. */
static char *
need_address(const char *token)
{
	char *address = NULL;

	if (token != NULL && strlen(token) == TOKEN_LEN &&
		strspn(token, "0123456789abcdef-") == TOKEN_LEN && token[8] == '-' &&
		token[13] == '-' && token[18] == '-' && token[23] == '-')
		address = qc_suppression_address(token);
	if (address == NULL)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("link not found"));
	return address;
}

/* "a***@example.com": enough for who knows it. */
static char *
shortened(const char *address)
{
	const char *at = strrchr(address, '@');

	return psprintf("%c***%s", address[0], at ? at : "");
}

static bool
wants_page(void)
{
	const char *accept = qc_request_header("accept");

	return accept != NULL && strstr(accept, "text/html") != NULL;
}

static Datum
reply_page(const char *message, bool is_unsubscribed)
{
	QcValue *data = qc_value_new(QC_VALUE_OBJECT);
	QcTemplateProblem problem;
	StringInfoData html;

	qc_value_put(data, "app_name",
				 qc_value_text(qc_setting_text("app_name", "QuteCart")));
	qc_value_put(data, "message", qc_value_text(message));
	qc_value_put(data, "is_unsubscribed", qc_value_bool(is_unsubscribed));
	initStringInfo(&html);
	if (!qc_template_render(page, QC_TEMPLATE_HTML, data, &html, &problem))
		elog(ERROR, "the page to unsubscribe is malformed: %s", problem.sentence);
	qc_reply_header("Content-Type", "text/html; charset=utf-8");
	return CStringGetTextDatum(html.data);
}

static Datum
reply(const char *address, bool is_unsubscribed)
{
	const char *message =
		is_unsubscribed
			? psprintf("%s is unsubscribed. Mails about your account still come.",
					   shortened(address))
			: psprintf("Unsubscribe %s from mails you do not need?",
					   shortened(address));
	QcJson json;

	qc_reply_header("Cache-Control", "no-store");
	if (wants_page())
		return reply_page(message, is_unsubscribed);
	qc_reply_header("Content-Type", "application/json");
	qc_json_reply_open(&json, message);
	qc_json_text(&json, "address", shortened(address));
	qc_json_bool(&json, "is_unsubscribed", is_unsubscribed);
	qc_json_close(&json, '}');
	qc_json_close(&json, '}');
	return CStringGetTextDatum(json.out.data);
}

Datum
qc_fn_show_unsubscribe(PG_FUNCTION_ARGS)
{
	char *address = need_address(qc_arg_text(0));

	return reply(address, qc_suppression_reason(address, false) != NULL);
}

Datum
qc_fn_unsubscribe(PG_FUNCTION_ARGS)
{
	char *address = need_address(qc_arg_text(0));

	(void) qc_suppression_add(address, "unsubscribe", "link");
	return reply(address, true);
}
