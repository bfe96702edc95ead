/*
 * gateway/exchange.c
 *		Judges a head, asks the database, sends what it answers.
 *
 * The reply leaves after the pool reported the call done, which is after its
 * transaction ended; when the reply says so, after its commit is on disk, and after
 * somebody outside has answered.
 */
#include "gateway/exchange.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "gateway/await.h"
#include "gateway/conn.h"
#include "gateway/durable.h"
#include "gateway/local.h"
#include "gateway/log.h"
#include "gateway/metrics.h"
#include "gateway/text.h"

/* What gateway and database say to each other; neither passes a client. */
#define ASK_GROUP  "qutecart-durability: group\n"
#define DURABILITY "Qutecart-Durability"
#define AWAIT      "Qutecart-Await"

static GwRefusal expect_body(struct GwConn *conn);
static const char *call_headers(GwExchange *x);
static void on_answer(void *arg, const GwAnswer *answer);
static void on_durable(void *arg, const GwAnswer *answer);
static void on_reply(void *arg, const GwAnswer *answer);
static bool must_wait(struct GwConn *conn, const char *header,
					  void (*on_done)(void *arg, const GwAnswer *answer));
static void send_reply(struct GwConn *conn, GwReply *reply);
static void choose_request_id(struct GwConn *conn);
static bool is_sane_id(GwSlice id);
static void make_id(char *out);
static void write_log(const struct GwConn *conn, uint64_t nanoseconds);
static void forget(struct GwConn *conn);

void
gw_exchange_start(struct GwConn *conn)
{
	GwExchange *x = &conn->exchange;

	x->active = true;
	x->start = uv_hrtime();
}

GwRefusal
gw_exchange_head(struct GwConn *conn, const char *bytes, size_t len)
{
	GwExchange *x = &conn->exchange;
	GwRefusal refusal = gw_request_parse(&x->request, &x->arena, bytes, len);

	if (refusal != GW_OK)
		return refusal;
	x->has_head = true;
	choose_request_id(conn);
	if (!x->request.target.asterisk)
		x->route = gw_routes_find(conn->gateway->routes, x->request.method,
								  x->request.target.origin, x->request.target.path_len);
	return expect_body(conn);
}

void
gw_exchange_run(struct GwConn *conn)
{
	GwExchange *x = &conn->exchange;
	GwRequest *request = &x->request;
	GwReply reply = {0};
	GwRefusal why;
	GwCall call;

	if (request->has_json &&
		!gw_text_is_utf8(gw_buf_at(&x->body.data), gw_buf_len(&x->body.data)))
	{
		gw_exchange_refuse(conn, GW_BAD_UTF8);
		return;
	}
	if (gw_local_answer(conn->gateway, request, conn->metrics, &x->arena, &reply))
	{
		send_reply(conn, &reply);
		return;
	}
	call = (GwCall){
		.lane = x->route.lane,
		.link =
			{
				.safe = request->safe,
				.group = x->route.group,
				.method = request->is_head ? "GET" : request->method,
				.target = request->target.origin,
				.headers = call_headers(x),
				.peer = conn->peer,
				.body = x->body.data.bytes == NULL ? "" : gw_buf_at(&x->body.data),
				.body_len = gw_buf_len(&x->body.data),
			},
		.on_done = on_answer,
		.arg = conn,
	};
	x->asked = true;
	x->job = gw_pool_submit(conn->gateway->pool, &call, &why);
	if (x->job == NULL)
		gw_exchange_refuse(conn, why);
}

void
gw_exchange_refuse(struct GwConn *conn, GwRefusal refusal)
{
	GwExchange *x = &conn->exchange;
	GwReply reply = {0};

	x->refusal = refusal;
	gw_metrics_refused(refusal);
	if (x->request_id[0] == '\0')
		make_id(x->request_id);
	gw_reply_problem(&reply, &x->arena, refusal);
	send_reply(conn, &reply);
}

void
gw_exchange_end(struct GwConn *conn)
{
	GwExchange *x = &conn->exchange;
	uint64_t nanoseconds = uv_hrtime() - x->start;

	gw_metrics_request(x->asked ? (int) x->route.lane : GW_LANE_COUNT, x->status,
					   nanoseconds);
	write_log(conn, nanoseconds);
	forget(conn);
}

void
gw_exchange_abandon(struct GwConn *conn)
{
	GwExchange *x = &conn->exchange;

	if (!x->active)
		return;
	if (x->job != NULL || x->waiter.list != NULL)
		gw_metrics_abandoned();
	if (x->job != NULL)
		gw_pool_abandon(x->job);
	if (x->has_head)
	{
		x->status = 499; /* by custom: the client closed first */
		write_log(conn, uv_hrtime() - x->start);
	}
	forget(conn);
}

static GwRefusal
expect_body(struct GwConn *conn)
{
	GwExchange *x = &conn->exchange;
	size_t max = (size_t) conn->gateway->config->body_max;

	if (x->route.max_body < max)
		max = x->route.max_body;
	if (x->request.content_length > max)
		return GW_BODY_TOO_LARGE;
	if (gw_body_held() + x->request.content_length >
		(size_t) conn->gateway->config->body_memory)
		return GW_BODY_MEMORY;
	if (x->request.chunked)
		gw_body_expect_chunks(&x->body, max);
	else
		gw_body_expect_length(&x->body, x->request.content_length, max);
	return GW_OK;
}

/*
 * A route of that kind may commit without waiting for the disk: we wait.
 */
static const char *
call_headers(GwExchange *x)
{
	size_t len;
	char *all;

	if (!x->route.group)
		return x->request.headers;
	len = strlen(x->request.headers);
	all = gw_arena_alloc(&x->arena, len + sizeof(ASK_GROUP));
	memcpy(all, x->request.headers, len);
	memcpy(all + len, ASK_GROUP, sizeof(ASK_GROUP));
	return all;
}

static void
on_answer(void *arg, const GwAnswer *answer)
{
	GwConn *conn = arg;
	GwExchange *x = &conn->exchange;

	x->job = NULL;
	x->hold = answer->hold;
	x->reply = (GwReply){
		.status = answer->status,
		.headers = answer->headers,
		.headers_len = answer->headers_len,
		.body = answer->body,
		.body_len = answer->body_len,
	};
	if (answer->refusal != GW_OK)
		gw_exchange_refuse(conn, answer->refusal);
	else if (must_wait(conn, DURABILITY, on_durable))
		gw_durable_enter(&x->waiter);
	else
		on_durable(conn, answer);
}

/*
 * What the database did stays done; what it answered may be an interim reply.
 */
static void
on_durable(void *arg, const GwAnswer *answer)
{
	GwConn *conn = arg;
	GwExchange *x = &conn->exchange;

	if (answer->refusal != GW_OK)
		gw_exchange_refuse(conn, answer->refusal);
	else if (!must_wait(conn, AWAIT, on_reply) || !gw_await_enter(&x->waiter))
		send_reply(conn, &x->reply);
}

static void
on_reply(void *arg, const GwAnswer *answer)
{
	GwConn *conn = arg;
	GwExchange *x = &conn->exchange;

	if (answer != NULL && answer->refusal != GW_OK)
	{
		gw_exchange_refuse(conn, answer->refusal);
		return;
	}
	if (answer != NULL)
		x->reply = (GwReply){
			.status = answer->status,
			.headers = answer->headers,
			.headers_len = answer->headers_len,
			.body = gw_arena_copy(&x->arena, answer->body, answer->body_len),
			.body_len = answer->body_len,
		};
	send_reply(conn, &x->reply);
}

/*
 * Does the reply name something to wait for?  Then the waiter is ready for it.
 */
static bool
must_wait(struct GwConn *conn, const char *header,
		  void (*on_done)(void *arg, const GwAnswer *answer))
{
	GwExchange *x = &conn->exchange;

	x->waiter = (GwWaiter){
		.word = gw_reply_internal(&x->reply, header, &x->arena),
		.on_done = on_done,
		.arg = conn,
	};
	return x->waiter.word != NULL;
}

static void
send_reply(struct GwConn *conn, GwReply *reply)
{
	GwExchange *x = &conn->exchange;
	GwCors *cors = conn->gateway->cors;
	char *head;
	size_t len;
	uv_buf_t bufs[2];

	reply->request_id = x->request_id;
	reply->close |= !x->has_head || !x->request.keep_alive || conn->gateway->stopping;
	if (gw_cors_enabled(cors))
	{
		reply->cors = true;
		reply->origin = gw_cors_grant(cors, x->request.origin_header.bytes,
									  x->has_head ? x->request.origin_header.len : 0);
	}
	head = gw_reply_head(reply, &x->arena, &len);
	if (head == NULL)
	{
		gw_exchange_refuse(conn, GW_BAD_REPLY);
		return;
	}
	x->close = reply->close;
	x->status = reply->status;
	x->body_len = 0;
	if (gw_reply_has_body(reply->status) && !(x->has_head && x->request.is_head))
		x->body_len = reply->body_len;
	bufs[0] = uv_buf_init(head, (unsigned) len);
	bufs[1] = uv_buf_init((char *) reply->body, (unsigned) x->body_len);
	gw_conn_write(conn, bufs, x->body_len > 0 ? 2 : 1);
}

/*
 * A trusted proxy may have named the request already.
 */
static void
choose_request_id(struct GwConn *conn)
{
	GwExchange *x = &conn->exchange;
	GwSlice given = x->request.request_id;

	if (conn->trusted && is_sane_id(given))
	{
		memcpy(x->request_id, given.bytes, given.len);
		x->request_id[given.len] = '\0';
	}
	else
		make_id(x->request_id);
}

static bool
is_sane_id(GwSlice id)
{
	if (id.len == 0 || id.len > GW_REQUEST_ID_MAX)
		return false;
	for (size_t i = 0; i < id.len; i++)
	{
		char c = id.bytes[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			  (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.'))
			return false;
	}
	return true;
}

static void
make_id(char *out)
{
	static const char hex[] = "0123456789abcdef";
	static unsigned char pool[4096];
	static size_t left;

	if (left < 16)
	{
		/* cannot fail for a buffer and flags like these once the system is up */
		left = getrandom(pool, sizeof(pool), 0) == sizeof(pool) ? sizeof(pool) : 16;
	}
	for (int i = 0; i < 16; i++)
	{
		unsigned char byte = pool[--left];

		*out++ = hex[byte >> 4];
		*out++ = hex[byte & 15];
	}
	*out = '\0';
}

static void
write_log(const struct GwConn *conn, uint64_t nanoseconds)
{
	const GwExchange *x = &conn->exchange;
	GwLogLine line = {
		.request_id = x->request_id,
		.peer = conn->peer,
		.lane = x->asked ? gw_routes_lane_name(x->route.lane) : NULL,
		.code = x->refusal == GW_OK ? NULL : gw_refusal_info(x->refusal)->code,
		.status = x->status,
		.bytes = x->body_len,
		.nanoseconds = nanoseconds,
	};

	if (x->has_head)
	{
		line.method = x->request.method;
		line.path = x->request.target.origin;
		line.path_len = x->request.target.path_len;
	}
	gw_log_access(&line);
}

static void
forget(struct GwConn *conn)
{
	GwExchange *x = &conn->exchange;

	gw_waiters_leave(&x->waiter);
	gw_answer_release(x->hold);
	gw_body_free(&x->body);
	gw_arena_reset(&x->arena);
	*x = (GwExchange){0};
}
