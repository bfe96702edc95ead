/*
 * gateway/exchange.h
 *		One request and its reply, from the complete head to the last byte sent.
 */
#ifndef GW_EXCHANGE_H
#define GW_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/arena.h"
#include "gateway/body.h"
#include "gateway/pool.h"
#include "gateway/refusal.h"
#include "gateway/reply.h"
#include "gateway/request.h"
#include "gateway/routes.h"
#include "gateway/waiters.h"

#define GW_REQUEST_ID_MAX 64

struct GwConn;

typedef struct GwExchange
{
	GwArena arena;  /* everything below points into it */
	bool active;    /* a byte of the request has come */
	uint64_t start; /* uv_hrtime of that byte */
	bool has_head;
	GwRequest request;
	GwBody body;
	GwRoute route;
	GwJob *job;      /* while the database works on it */
	PGresult *hold;  /* the answer's memory */
	GwReply reply;   /* what the database answered; its texts are in hold */
	GwWaiter waiter; /* while it must not leave yet */
	bool asked;      /* the database was asked */
	char request_id[GW_REQUEST_ID_MAX + 1];
	int status;
	GwRefusal refusal;
	size_t body_len; /* of the reply, as sent */
	bool close;      /* the connection ends with this reply */
} GwExchange;

extern void gw_exchange_start(struct GwConn *conn);
/* Read the head and decide what body may follow. */
extern GwRefusal gw_exchange_head(struct GwConn *conn, const char *bytes, size_t len);
/* The body is complete: get an answer. */
extern void gw_exchange_run(struct GwConn *conn);
extern void gw_exchange_refuse(struct GwConn *conn, GwRefusal refusal);
/* The reply has been sent: log, count, forget. */
extern void gw_exchange_end(struct GwConn *conn);
/* The client is gone: forget without an answer. */
extern void gw_exchange_abandon(struct GwConn *conn);

#endif
