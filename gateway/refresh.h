/*
 * gateway/refresh.h
 *		Keeps the route table as the database has it.
 */
#ifndef GW_REFRESH_H
#define GW_REFRESH_H

#include "gateway/gateway.h"

extern void gw_refresh_start(GwGateway *gateway);
extern void gw_refresh_now(void);
extern void gw_refresh_stop(void);

#endif
