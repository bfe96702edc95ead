/*
 * extension/http/caching.c
 *		No cache may show one shop's or person's reply to another.
 *
 * What a token or X-Shop-ID had a part in is kept by nobody.  The rest may be kept, but
 * is asked for again each time, and Vary names every header that could have led to
 * another answer – also those that were absent.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "extension/http/caching.h"

#define FOR_NOBODY "private, no-store"
#define ASK_AGAIN  "no-cache"

static void add_vary(QcReply *reply, const QcRequest *request, const QcShown *shown);
static void add_context(QcReply *reply, const QcShown *shown);
static void add_etag(QcReply *reply, const QcRequest *request);

static bool
is_private(const QcReply *reply, const QcRequest *request, const QcRoute *route)
{
	return reply->is_secret || reply->status >= 300 || route == NULL ||
		   route->method != QC_METHOD_GET || route->actor != QC_ROUTE_ANYONE ||
		   qc_request_get(request, "authorization") != NULL ||
		   qc_request_get(request, "x-shop-id") != NULL;
}

void
qc_caching_finish(QcReply *reply, const QcRequest *request, const QcRoute *route,
				  const QcShown *shown)
{
	bool is_success = reply->status < 300 && route != NULL;

	if (is_private(reply, request, route))
		qc_reply_set(reply, "Cache-Control", FOR_NOBODY);
	else if (qc_reply_get(reply, "Cache-Control") == NULL)
		qc_reply_set(reply, "Cache-Control", ASK_AGAIN);
	add_vary(reply, request, shown);
	if (is_success && route->actor == QC_ROUTE_ANYONE)
		add_context(reply, shown);
	if (reply->status == 200 && is_success && route->method == QC_METHOD_GET)
		add_etag(reply, request);
}

static void
add_vary(QcReply *reply, const QcRequest *request, const QcShown *shown)
{
	const char *vary = shown->by == QC_SHOWN_BY_HOST ? "Host, Authorization"
													 : "Host, X-Shop-ID, Authorization";

	if (request->is_forwarded)
		vary = shown->by == QC_SHOWN_BY_HOST
				   ? "Host, X-Forwarded-Host, Authorization"
				   : "Host, X-Forwarded-Host, X-Shop-ID, Authorization";
	qc_reply_set(reply, "Vary", vary);
}

/* The shop that a token led to is the bearer's own business. */
static void
add_context(QcReply *reply, const QcShown *shown)
{
	if (shown->shop_id == 0 || shown->by == QC_SHOWN_BY_TOKEN)
		return;
	qc_reply_set(reply, "X-Shop-Context", psprintf(INT64_FORMAT, shown->shop_id));
	if (shown->tenant_id != NULL)
		qc_reply_set(reply, "X-Tenant-ID", shown->tenant_id);
	if (shown->subdomain != NULL)
		qc_reply_set(reply, "X-Tenant-Subdomain", shown->subdomain);
}

/* Is the tag one of those the client has? */
static bool
client_has(const char *if_none_match, const char *etag)
{
	size_t len = strlen(etag);
	const char *c = if_none_match;

	if (strcmp(c, "*") == 0)
		return true;
	while ((c = strstr(c, etag)) != NULL)
	{
		if (c[len] == '\0' || c[len] == ',' || c[len] == ' ')
			return true;
		c += len;
	}
	return false;
}

static void
add_etag(QcReply *reply, const QcRequest *request)
{
	const char *if_none_match = qc_request_get(request, "if-none-match");
	char etag[40];

	snprintf(etag, sizeof(etag), "\"" UINT64_FORMAT "-%zx\"",
			 hash_bytes_extended((const unsigned char *) reply->body,
								 (int) reply->body_len, 0),
			 reply->body_len);
	qc_reply_set(reply, "ETag", etag);
	if (if_none_match == NULL || !client_has(if_none_match, etag))
		return;
	reply->status = 304;
	reply->text = NULL;
	reply->body = "";
	reply->body_len = 0;
}
