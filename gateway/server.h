/*
 * gateway/server.h
 *		Listeners, the list of connections, the janitor, the graceful stop.
 */
#ifndef GW_SERVER_H
#define GW_SERVER_H

#include <stdbool.h>

#include "gateway/conn.h"
#include "gateway/gateway.h"

/* False when a port cannot be had; the reason is in the error log. */
extern bool gw_server_open(GwGateway *gateway);
/* Stop accepting; the server is gone when its last connection is. */
extern void gw_server_stop(GwGateway *gateway);
extern void gw_server_add(GwServer *server, GwConn *conn);
extern void gw_server_remove(GwServer *server, GwConn *conn);
extern int gw_server_connections(const GwServer *server);
extern void gw_server_free(GwServer *server);

#endif
