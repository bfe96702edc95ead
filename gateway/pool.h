/*
 * gateway/pool.h
 *		Calls of the database, carried by lanes of connections.
 *
 * Callers never see a connection.  Each call submitted ends in exactly one
 * on_done, unless it is abandoned; on_done never runs inside gw_pool_submit.
 */
#ifndef GW_POOL_H
#define GW_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "gateway/answer.h"
#include "gateway/config.h"
#include "gateway/link.h"
#include "gateway/refusal.h"
#include "gateway/routes.h"

typedef struct GwPool GwPool;
typedef struct GwJob GwJob;

/* The texts must live until the call is done or abandoned. */
typedef struct GwCall
{
	GwLane lane;
	GwLinkCall link;
	void (*on_done)(void *arg, const GwAnswer *answer);
	void *arg;
} GwCall;

typedef struct GwLaneStats
{
	int links;
	int up;
	int busy;   /* calls in flight */
	int queued; /* calls waiting */
} GwLaneStats;

extern GwPool *gw_pool_open(uv_loop_t *loop, const GwConfig *config);
/* NULL and a reason when the call cannot even wait. */
extern GwJob *gw_pool_submit(GwPool *pool, const GwCall *call, GwRefusal *why);
/* Nobody wants the answer any more; on_done will not run. */
extern void gw_pool_abandon(GwJob *job);
/* Called before what a turn of the loop has asked is sent; it may ask more. */
extern void gw_pool_at_turn_end(GwPool *pool, void (*turn_end)(void *arg), void *arg);
extern bool gw_pool_ready(const GwPool *pool);
extern GwLaneStats gw_pool_stats(const GwPool *pool, GwLane lane);
extern void gw_pool_close(GwPool *pool);
/* after the loop has ended */
extern void gw_pool_free(GwPool *pool);

#endif
