/*
 * gateway/local.c
 *		/live, /ready, OPTIONS *, CORS preflights, and /metrics on its own port.
 */
#include "gateway/local.h"

#include <stdio.h>
#include <string.h>

#include "gateway/metrics.h"

#define METHODS "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

static const char plain_json[] =
	"Content-Type: application/json\nCache-Control: no-store\n";

static bool is_path(const GwRequest *request, const char *path);
static void answer(GwReply *reply, int status, const char *headers, const char *body);
static void answer_metrics(const GwGateway *gateway, GwArena *arena, GwReply *reply);
static void answer_preflight(const GwGateway *gateway, const GwRequest *request,
							 GwReply *reply);

bool
gw_local_answer(const GwGateway *gateway, const GwRequest *request, bool metrics_port,
				GwArena *arena, GwReply *reply)
{
	bool reads = strcmp(request->method, "GET") == 0 || request->is_head;

	if (metrics_port)
	{
		if (reads && is_path(request, "/metrics"))
			answer_metrics(gateway, arena, reply);
		else
			gw_reply_problem(reply, arena, GW_NOT_FOUND);
		return true;
	}
	if (reads && is_path(request, "/live"))
		answer(reply, 200, plain_json, "{\"live\":true}");
	else if (reads && is_path(request, "/ready"))
	{
		bool ready =
			!gateway->stopping && gateway->routes_asked && gw_pool_ready(gateway->pool);

		answer(reply, ready ? 200 : 503, plain_json,
			   ready ? "{\"ready\":true}" : "{\"ready\":false}");
	}
	else if (request->target.asterisk)
		answer(reply, 204, "Allow: " METHODS "\n", "");
	else if (strcmp(request->method, "OPTIONS") == 0 &&
			 request->origin_header.bytes != NULL &&
			 request->preflight_method.bytes != NULL)
		answer_preflight(gateway, request, reply);
	else
		return false;
	return true;
}

static bool
is_path(const GwRequest *request, const char *path)
{
	return request->target.path_len == strlen(path) &&
		   memcmp(request->target.origin, path, request->target.path_len) == 0;
}

static void
answer(GwReply *reply, int status, const char *headers, const char *body)
{
	reply->status = status;
	reply->headers = headers;
	reply->headers_len = strlen(headers);
	reply->body = body;
	reply->body_len = strlen(body);
}

static void
answer_metrics(const GwGateway *gateway, GwArena *arena, GwReply *reply)
{
	GwBuf text = {0};

	gw_metrics_write(&text, gateway);
	answer(reply, 200, "Content-Type: text/plain; version=0.0.4\n", "");
	reply->body_len = gw_buf_len(&text);
	reply->body = gw_arena_copy(arena, gw_buf_at(&text), gw_buf_len(&text));
	gw_buf_free(&text);
}

/*
 * The grant itself (or its absence) is added to every reply; here only what a
 * preflight asks beyond it.
 */
static void
answer_preflight(const GwGateway *gateway, const GwRequest *request, GwReply *reply)
{
	if (gw_cors_grant(gateway->cors, request->origin_header.bytes,
					  request->origin_header.len) == NULL)
		answer(reply, 204, "", "");
	else
		answer(
			reply, 204,
			"Access-Control-Allow-Methods: " METHODS "\n"
			"Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key,"
			" If-Match, If-None-Match, X-Shop-ID\n"
			"Access-Control-Max-Age: 600\n",
			"");
}
