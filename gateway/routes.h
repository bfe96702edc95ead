/*
 * gateway/routes.h
 *		Which lane a request takes, how large its body may be, how it commits.
 *
 * The table comes from the database as JSON.  A request the table does not know
 * still gets an answer here; whether it exists is the database's question.
 */
#ifndef GW_ROUTES_H
#define GW_ROUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum GwLane
{
	GW_LANE_FAST,
	GW_LANE_SLOW,
	GW_LANE_WRITE,
	GW_LANE_COUNT,                 /* of those that requests take */
	GW_LANE_FLUSH = GW_LANE_COUNT, /* the gateway's own, see durable.c */
	GW_LANE_ALL
} GwLane;

typedef struct GwRoutes GwRoutes;

typedef struct GwRoute
{
	GwLane lane;
	size_t max_body;
	bool known;
	bool group; /* its commits share a flush */
} GwRoute;

extern GwRoutes *gw_routes_default(void);
/* NULL when the text is not a route table; the caller keeps what it has. */
extern GwRoutes *gw_routes_parse(const char *json, size_t len);
extern GwRoute gw_routes_find(const GwRoutes *routes, const char *method,
							  const char *path, size_t len);
extern size_t gw_routes_count(const GwRoutes *routes);
extern void gw_routes_free(GwRoutes *routes);
extern const char *gw_routes_lane_name(GwLane lane);

#endif
