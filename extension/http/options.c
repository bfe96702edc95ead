/*
 * extension/http/options.c
 *		OPTIONS, the method that asks for methods.
 */
#include "postgres.h"

#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/http/options.h"
#include "extension/http/route.h"

static void answer_asterisk(QcReply *reply);

const char *
qc_options_allow(unsigned methods)
{
	static const QcMethod order[] = {
		QC_METHOD_GET,   QC_METHOD_HEAD,   QC_METHOD_POST,   QC_METHOD_PUT,
		QC_METHOD_PATCH, QC_METHOD_DELETE, QC_METHOD_OPTIONS};
	StringInfoData allow;

	initStringInfo(&allow);
	for (int i = 0; i < lengthof(order); i++)
		if (methods & QC_METHOD_BIT(order[i]))
			appendStringInfo(&allow, "%s%s", allow.len ? ", " : "",
							 qc_method_name(order[i]));
	return allow.data;
}

void
qc_options_answer(const QcRequest *request, QcReply *reply)
{
	QcMatch match = {0};

	qc_reply_set(reply, "Cache-Control", "no-store");
	if (request->is_asterisk)
	{
		answer_asterisk(reply);
		return;
	}
	if (request->path.nsegments > 0)
		qc_route_find(&request->path, QC_METHOD_OPTIONS, &match);
	if (match.methods == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND),
				errmsg("The route %s could not be found.", request->shown_path));
	reply->status = 204;
	qc_reply_set(reply, "Allow",
				 qc_options_allow(match.methods | QC_METHOD_BIT(QC_METHOD_OPTIONS)));
}

static void
answer_asterisk(QcReply *reply)
{
	QcJson json;
	int n;
	QcRoute *const *routes = qc_route_list(&n);

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_int(&json, "default_max_body", QC_DEFAULT_MAX_BODY);
	qc_json_open(&json, "routes", '[');
	for (int i = 0; i < n; i++)
	{
		qc_json_open(&json, NULL, '{');
		qc_json_text(&json, "method", qc_method_name(routes[i]->method));
		qc_json_text(&json, "path", routes[i]->path);
		qc_json_text(&json, "lane", routes[i]->lane);
		qc_json_int(&json, "max_body", routes[i]->max_body);
		qc_json_text(&json, "durability", routes[i]->is_group ? "group" : "commit");
		qc_json_close(&json, '}');
	}
	qc_json_close(&json, ']');
	qc_json_close(&json, '}');
	reply->status = 200;
	reply->body = json.out.data;
	reply->body_len = json.out.len;
	qc_reply_set(reply, "Content-Type", "application/json");
}
