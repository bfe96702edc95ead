/*
 * extension/http/parse.c
 *		Reading a request once, in one pass; refuse, never repair.
 *
 * Who the client is and which host he asked for: the peer and the Host header, unless
 * the peer is one of our own proxies, which then say so in X-Forwarded-For and
 * X-Forwarded-Host.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/http/parse.h"
#include "extension/tenant/host.h"

/* Headers that decide something: two of them would be read in two ways. */
static const char *const singles[] = {
	"authorization",    "content-type",  "host",
	"idempotency-key",  "if-none-match", "x-forwarded-for",
	"x-forwarded-host", "x-shop-id"};

static void parse_target(QcRequest *request, char *target);
static void parse_headers(QcRequest *request, char *lines);
static void parse_token(QcRequest *request);
static void find_client(QcRequest *request, const char *peer);

static void
refuse(const char *what)
{
	ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST), errmsg("%s", what));
}

void
qc_request_parse(QcRequest *request, const QcRawRequest *raw)
{
	request->raw = raw;
	request->method_name = text_to_cstring(raw->method);
	request->method = qc_method_find(request->method_name);
	request->nheaders = 0;
	request->body_len = raw->body ? VARSIZE_ANY_EXHDR(raw->body) : 0;
	request->body = raw->body ? text_to_cstring(raw->body) : "";
	if (raw->headers != NULL)
		parse_headers(request, text_to_cstring(raw->headers));
	parse_target(request, text_to_cstring(raw->target));
	parse_token(request);
	find_client(request, raw->peer);
}

static void
parse_target(QcRequest *request, char *target)
{
	char *query = strchr(target, '?');

	request->is_asterisk = strcmp(target, "*") == 0;
	if (query != NULL)
		*query++ = '\0';
	request->query = query;
	request->shown_path = pstrdup(*target == '/' ? target + 1 : target);
	if (request->is_asterisk)
		return;
	if (strchr(target, '#') != NULL || (query != NULL && strchr(query, '#') != NULL))
		refuse("the target holds a fragment");
	switch (qc_path_parse(&request->path, target))
	{
		case QC_PATH_OK:
			break;
		case QC_PATH_TOO_LONG:
			request->path.nsegments = 0; /* no route is that long */
			break;
		case QC_PATH_BAD:
			refuse("the path could be read in more than one way");
	}
}

static void
check_single(const QcRequest *request, const char *name)
{
	for (int i = 0; i < lengthof(singles); i++)
		if (strcmp(singles[i], name) == 0 && qc_request_get(request, name) != NULL)
			ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
					errmsg("header \"%s\" is given twice", name),
					errhint("Send it once."));
}

static void
parse_headers(QcRequest *request, char *lines)
{
	QcPiece name;
	QcPiece value;
	bool is_bad = false;

	while (qc_decode_header(&lines, &name, &value, &is_bad))
	{
		if (is_bad)
			refuse("a header line is none");
		if (request->nheaders == QC_MAX_HEADERS)
			refuse("there are too many headers");
		check_single(request, name.at);
		request->headers[request->nheaders++] =
			(QcHeader){.name = name.at, .value = value.at};
	}
}

/* Another scheme than Bearer is no token of ours. */
static void
parse_token(QcRequest *request)
{
	const char *value = qc_request_get(request, "authorization");

	request->token = NULL;
	if (value == NULL || pg_strncasecmp(value, "bearer ", 7) != 0)
		return;
	value += 7 + strspn(value + 7, " ");
	if (*value != '\0')
		request->token = value;
}

static void
find_client(QcRequest *request, const char *peer)
{
	const char *forwarded_host = qc_request_get(request, "x-forwarded-host");
	const char *forwarded_for = qc_request_get(request, "x-forwarded-for");

	request->peer = peer;
	request->host = qc_request_get(request, "host");
	request->is_forwarded = false;
	if ((forwarded_host == NULL && forwarded_for == NULL) || peer == NULL ||
		!qc_host_is_in_networks(peer, qc_guc_trusted_proxies))
		return;
	if (forwarded_host != NULL)
	{
		request->host = forwarded_host;
		request->is_forwarded = true;
	}
	if (forwarded_for != NULL)
	{
		char *client = palloc(46);

		if (!qc_host_client(forwarded_for, qc_guc_trusted_proxies, client))
			refuse("X-Forwarded-For holds no address");
		request->peer = client;
	}
}
