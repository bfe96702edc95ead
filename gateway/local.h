/*
 * gateway/local.h
 *		What the gateway answers without the database.
 */
#ifndef GW_LOCAL_H
#define GW_LOCAL_H

#include <stdbool.h>

#include "gateway/arena.h"
#include "gateway/gateway.h"
#include "gateway/reply.h"
#include "gateway/request.h"

/* True when the request is the gateway's own and the reply is filled in. */
extern bool gw_local_answer(const GwGateway *gateway, const GwRequest *request,
							bool metrics_port, GwArena *arena, GwReply *reply);

#endif
