/*
 * gateway/conn.c
 *		Reads, feeds the exchange, writes, lingers, closes.
 *
 * Bytes are used straight from the shared read buffer; only what belongs to a
 * later moment is copied.  A closing reply is followed by our end of the stream
 * and a bounded wait for the client's, so that a client still sending reads the
 * reply instead of a reset.
 */
#include "gateway/conn.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/log.h"
#include "gateway/server.h"

#define READ_SIZE  65536
#define AHEAD_MAX  65536 /* bytes kept for later while a request is answered */
#define LINGER_MAX 4194304

static char read_buffer[READ_SIZE];

static void move(GwConn *conn, GwConnState state);
static void set_reading(GwConn *conn, bool on);
static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf);
static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf);
static void use(GwConn *conn);
static size_t use_bytes(GwConn *conn, const char *bytes, size_t len);
static size_t use_some(GwConn *conn, const char *bytes, size_t len);
static size_t use_head(GwConn *conn, const char *bytes, size_t len);
static size_t use_body(GwConn *conn, const char *bytes, size_t len);
static void run(GwConn *conn);
static void refuse(GwConn *conn, GwRefusal refusal);
static void on_written(uv_write_t *write, int status);
static void finish_reply(GwConn *conn);
static void on_shutdown(uv_shutdown_t *shutdown, int status);
static void on_closed(uv_handle_t *handle);
static bool body_is_slow(const GwConn *conn, uint64_t now);

void
gw_conn_accept(GwGateway *gateway, uv_stream_t *listener, bool metrics)
{
	GwConn *conn = gw_alloc(sizeof(*conn));
	struct sockaddr_storage address;
	int len = sizeof(address);

	memset(conn, 0, sizeof(*conn));
	conn->gateway = gateway;
	conn->metrics = metrics;
	uv_tcp_init(gateway->loop, &conn->tcp);
	conn->tcp.data = conn;
	conn->since = uv_now(gateway->loop);
	gw_server_add(gateway->server, conn);
	if (uv_accept(listener, (uv_stream_t *) &conn->tcp) != 0 ||
		uv_tcp_getpeername(&conn->tcp, (struct sockaddr *) &address, &len) != 0 ||
		!gw_peers_key(&conn->key, (struct sockaddr *) &address))
	{
		gw_conn_close(conn);
		return;
	}
	uv_tcp_nodelay(&conn->tcp, 1);
	gw_peers_print(&conn->key, conn->peer);
	conn->trusted = gw_peers_trusted(gateway->peers, &conn->key);
	conn->counted = !conn->trusted && gw_peers_enter(gateway->peers, &conn->key);
	set_reading(conn, true);
	if (!conn->trusted && !conn->counted)
		refuse(conn, GW_TOO_MANY_CONNECTIONS);
}

void
gw_conn_write(GwConn *conn, uv_buf_t *bufs, unsigned count)
{
	uv_stream_t *stream = (uv_stream_t *) &conn->tcp;
	int written = uv_try_write(stream, bufs, count);
	size_t skip;

	if (written < 0 && written != UV_EAGAIN)
	{
		gw_conn_close(conn);
		return;
	}
	skip = written < 0 ? 0 : (size_t) written;
	while (count > 0 && skip >= bufs->len)
	{
		skip -= bufs->len;
		bufs++;
		count--;
	}
	move(conn, GW_CONN_WRITE);
	if (count == 0)
	{
		finish_reply(conn);
		return;
	}
	bufs->base += skip;
	bufs->len -= skip;
	conn->write.data = conn;
	if (uv_write(&conn->write, stream, bufs, count, on_written) != 0)
		gw_conn_close(conn);
}

void
gw_conn_continue(GwConn *conn)
{
	static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
	uv_buf_t buf = uv_buf_init((char *) line, sizeof(line) - 1);

	if (uv_try_write((uv_stream_t *) &conn->tcp, &buf, 1) != (int) sizeof(line) - 1)
		gw_conn_close(conn);
}

void
gw_conn_close(GwConn *conn)
{
	if (conn->state == GW_CONN_CLOSED)
		return;
	gw_exchange_abandon(conn);
	move(conn, GW_CONN_CLOSED);
	uv_close((uv_handle_t *) &conn->tcp, on_closed);
}

void
gw_conn_check(GwConn *conn, uint64_t now)
{
	const GwConfig *config = conn->gateway->config;
	uint64_t age = now - conn->since;

	switch (conn->state)
	{
		case GW_CONN_IDLE:
			if (age > (uint64_t) (conn->gateway->stopping ? config->stop_idle
														  : config->idle_timeout))
				gw_conn_close(conn);
			break;
		case GW_CONN_HEAD:
			if (age > (uint64_t) config->header_timeout)
				refuse(conn, GW_HEADER_TIMEOUT);
			break;
		case GW_CONN_BODY:
			if (body_is_slow(conn, now))
				refuse(conn, GW_BODY_TIMEOUT);
			break;
		case GW_CONN_WRITE:
			if (age > (uint64_t) config->write_timeout)
				gw_conn_close(conn);
			break;
		case GW_CONN_LINGER:
			if (age > (uint64_t) config->linger)
				gw_conn_close(conn);
			break;
		case GW_CONN_WAIT:
		case GW_CONN_CLOSED:
			break;
	}
}

static void
move(GwConn *conn, GwConnState state)
{
	conn->state = state;
	conn->since = uv_now(conn->gateway->loop);
}

static void
set_reading(GwConn *conn, bool on)
{
	if (conn->reading == on || conn->state == GW_CONN_CLOSED)
		return;
	conn->reading = on;
	if (on)
		uv_read_start((uv_stream_t *) &conn->tcp, on_alloc, on_read);
	else
		uv_read_stop((uv_stream_t *) &conn->tcp);
}

static void
on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	(void) handle;
	(void) size;
	*buf = uv_buf_init(read_buffer, READ_SIZE);
}

static void
on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	GwConn *conn = stream->data;

	if (len < 0)
	{
		gw_conn_close(conn);
		return;
	}
	if (conn->state == GW_CONN_LINGER)
	{
		conn->lingered += (size_t) len;
		if (conn->lingered > LINGER_MAX)
			gw_conn_close(conn);
		return;
	}
	if (gw_buf_len(&conn->in) == 0)
	{
		size_t used = use_bytes(conn, buf->base, (size_t) len);

		if (conn->state == GW_CONN_CLOSED || conn->state == GW_CONN_LINGER)
			return;
		gw_buf_append(&conn->in, buf->base + used, (size_t) len - used);
	}
	else
	{
		gw_buf_append(&conn->in, buf->base, (size_t) len);
		use(conn);
	}
	if (gw_buf_len(&conn->in) > AHEAD_MAX && conn->state >= GW_CONN_WAIT)
		set_reading(conn, false);
}

/*
 * Use what is in the buffer.
 */
static void
use(GwConn *conn)
{
	size_t used = use_bytes(conn, gw_buf_at(&conn->in), gw_buf_len(&conn->in));

	if (conn->state != GW_CONN_CLOSED)
		gw_buf_consume(&conn->in, used);
}

/*
 * Go through requests as long as they can be answered at once; returns the
 * number of bytes used.
 */
static size_t
use_bytes(GwConn *conn, const char *bytes, size_t len)
{
	size_t used = 0;
	size_t step = 1;

	if (conn->busy)
		return 0;
	conn->busy = true;
	while (used < len && step > 0 && conn->state <= GW_CONN_BODY)
	{
		step = use_some(conn, bytes + used, len - used);
		used += step;
	}
	conn->busy = false;
	return used;
}

static size_t
use_some(GwConn *conn, const char *bytes, size_t len)
{
	if (conn->state == GW_CONN_IDLE)
	{
		move(conn, GW_CONN_HEAD);
		gw_exchange_start(conn);
	}
	return conn->state == GW_CONN_HEAD ? use_head(conn, bytes, len)
									   : use_body(conn, bytes, len);
}

static size_t
use_head(GwConn *conn, const char *bytes, size_t len)
{
	const GwConfig *config = conn->gateway->config;
	GwHeadLimits limits = {
		.target = (size_t) config->target_max,
		.line = (size_t) config->header_line,
		.headers = (size_t) config->header_size,
		.count = config->header_count,
	};
	GwRefusal refusal = gw_head_scan(&conn->scan, &limits, bytes, len);
	size_t head_len = conn->scan.pos;

	if (refusal == GW_OK && conn->scan.place != GW_HEAD_DONE)
		return 0;
	memset(&conn->scan, 0, sizeof(conn->scan));
	if (refusal == GW_OK)
		refusal = gw_exchange_head(conn, bytes, head_len);
	if (refusal != GW_OK)
		refuse(conn, refusal);
	else if (gw_body_complete(&conn->exchange.body))
		run(conn);
	else
	{
		move(conn, GW_CONN_BODY);
		if (conn->exchange.request.expects_continue && head_len == len)
			gw_conn_continue(conn);
	}
	return head_len;
}

static size_t
use_body(GwConn *conn, const char *bytes, size_t len)
{
	GwExchange *x = &conn->exchange;
	size_t used;
	GwRefusal refusal = gw_body_feed(&x->body, bytes, len, &used);

	if (refusal == GW_OK &&
		gw_body_held() > (size_t) conn->gateway->config->body_memory)
		refusal = GW_BODY_MEMORY;
	if (refusal != GW_OK)
		refuse(conn, refusal);
	else if (gw_body_complete(&x->body))
		run(conn);
	return used;
}

static void
run(GwConn *conn)
{
	move(conn, GW_CONN_WAIT);
	gw_exchange_run(conn);
}

static void
refuse(GwConn *conn, GwRefusal refusal)
{
	if (!conn->exchange.active)
		gw_exchange_start(conn);
	move(conn, GW_CONN_WAIT);
	gw_exchange_refuse(conn, refusal);
}

static void
on_written(uv_write_t *write, int status)
{
	GwConn *conn = write->data;

	if (conn->state == GW_CONN_CLOSED)
		return;
	if (status != 0)
		gw_conn_close(conn);
	else
		finish_reply(conn);
}

/*
 * The reply is out: close, or go on with what the client has sent ahead.
 */
static void
finish_reply(GwConn *conn)
{
	bool close = conn->exchange.close;

	gw_exchange_end(conn);
	if (close)
	{
		move(conn, GW_CONN_LINGER);
		gw_buf_free(&conn->in);
		set_reading(conn, true);
		conn->shutdown.data = conn;
		if (uv_shutdown(&conn->shutdown, (uv_stream_t *) &conn->tcp, on_shutdown) != 0)
			gw_conn_close(conn);
		return;
	}
	move(conn, GW_CONN_IDLE);
	if (conn->busy)
		return;
	if (gw_buf_len(&conn->in) > 0)
		use(conn);
	if (conn->state <= GW_CONN_BODY || gw_buf_len(&conn->in) <= AHEAD_MAX)
		set_reading(conn, true);
}

static void
on_shutdown(uv_shutdown_t *shutdown, int status)
{
	if (status != 0)
		gw_conn_close(shutdown->data);
}

static void
on_closed(uv_handle_t *handle)
{
	GwConn *conn = handle->data;

	gw_buf_free(&conn->in);
	if (conn->counted)
		gw_peers_leave(conn->gateway->peers, &conn->key);
	gw_server_remove(conn->gateway->server, conn);
	free(conn);
}

static bool
body_is_slow(const GwConn *conn, uint64_t now)
{
	const GwConfig *config = conn->gateway->config;
	uint64_t age = now - conn->since;

	return age > (uint64_t) config->body_grace &&
		   conn->exchange.body.wire < age * (uint64_t) config->body_rate / 1000;
}
