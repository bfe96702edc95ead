/*
 * gateway/gateway.h
 *		What every part of the one process may reach.
 */
#ifndef GW_GATEWAY_H
#define GW_GATEWAY_H

#include <stdbool.h>

#include <uv.h>

#include "gateway/config.h"
#include "gateway/cors.h"
#include "gateway/peers.h"
#include "gateway/pool.h"
#include "gateway/routes.h"

typedef struct GwServer GwServer;

typedef struct GwGateway
{
	uv_loop_t *loop;
	const GwConfig *config;
	GwPool *pool;
	GwRoutes *routes;  /* replaced as a whole by refresh.c */
	bool routes_asked; /* the first question has been answered */
	GwPeers *peers;
	GwCors *cors;
	GwServer *server;
	bool stopping; /* replies close their connection */
	bool failed;   /* the process ends with an error */
} GwGateway;

#endif
