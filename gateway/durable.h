/*
 * gateway/durable.h
 *		Replies whose commit is not yet on disk: one flush for all of them.
 */
#ifndef GW_DURABLE_H
#define GW_DURABLE_H

#include "gateway/gateway.h"
#include "gateway/waiters.h"

extern void gw_durable_open(GwGateway *gateway);
/*
 * Wait for a flush that begins after this call; the waiter's word names the life of the
 * server that committed.  on_done tells GW_OK, or that the outcome is not known.
 */
extern void gw_durable_enter(GwWaiter *waiter);
extern int gw_durable_count(void);

#endif
