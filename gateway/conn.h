/*
 * gateway/conn.h
 *		One client connection: bytes in, bytes out, one request at a time.
 *
 * Requests that a client sends ahead wait in the connection's buffer, so answers
 * come in order by construction.  The state is changed by one function only.
 */
#ifndef GW_CONN_H
#define GW_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "gateway/buf.h"
#include "gateway/exchange.h"
#include "gateway/gateway.h"
#include "gateway/head.h"

typedef enum GwConnState
{
	GW_CONN_IDLE,   /* no byte of a request yet */
	GW_CONN_HEAD,   /* a head is arriving */
	GW_CONN_BODY,   /* a body is arriving */
	GW_CONN_WAIT,   /* the request is being answered */
	GW_CONN_WRITE,  /* the reply is on its way */
	GW_CONN_LINGER, /* we have ended, the client has not */
	GW_CONN_CLOSED  /* waiting for libuv to let go of the handle */
} GwConnState;

typedef struct GwConn
{
	uv_tcp_t tcp;
	GwGateway *gateway;
	struct GwConn *next; /* in the server's list */
	struct GwConn *prev;
	GwPeerKey key;
	char peer[64];
	bool metrics; /* came in on the metrics port */
	bool trusted; /* a proxy of ours */
	bool counted; /* holds a share of its address */

	GwConnState state;
	uint64_t since; /* loop time of the last change of state */
	GwHeadScan scan;
	GwBuf in;  /* bytes not yet used */
	bool busy; /* inside the loop that uses them */
	bool reading;
	size_t lingered; /* bytes thrown away since our end */

	uv_write_t write;
	uv_shutdown_t shutdown;
	GwExchange exchange;
} GwConn;

/* Takes a connection over that the listener has; closes it by itself. */
extern void gw_conn_accept(GwGateway *gateway, uv_stream_t *listener, bool metrics);
/* The exchange has its reply; the buffers live until gw_exchange_end. */
extern void gw_conn_write(GwConn *conn, uv_buf_t *bufs, unsigned count);
extern void gw_conn_continue(GwConn *conn);
extern void gw_conn_close(GwConn *conn);
/* Called regularly; ends what takes too long. */
extern void gw_conn_check(GwConn *conn, uint64_t now);

#endif
