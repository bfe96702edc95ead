/*
 * gateway/await.h
 *		Replies that somebody outside will give: their clients wait here, and hold no
 *		database connection meanwhile.
 */
#ifndef GW_AWAIT_H
#define GW_AWAIT_H

#include <stdbool.h>
#include <stddef.h>

#include "gateway/gateway.h"
#include "gateway/waiters.h"

extern void gw_await_open(GwGateway *gateway);
/*
 * Wait for the reply that the waiter's word names; on_done gets it, or NULL when it did
 * not come in time.  False when nobody may wait now, or the word is no ticket.
 */
extern bool gw_await_enter(GwWaiter *waiter);
extern int gw_await_count(void);
/* All that wait are told at once, and nobody may any more. */
extern void gw_await_stop(void);

#endif
