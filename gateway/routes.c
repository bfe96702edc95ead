/*
 * gateway/routes.c
 *		Routes sorted by method and number of segments, literal before parameter.
 *
 * The first route of a group that matches is the most specific one.  Paths are
 * compared decoded: an encoded letter must not move a request to another lane.
 */
#include "gateway/routes.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/arena.h"
#include "gateway/json.h"
#include "gateway/target.h"

#define SEGMENTS_MAX     16
#define PATH_MAX_LEN     512
#define ROUTES_MAX       4096
#define TARGET_MAX_LEN   8192
#define DEFAULT_MAX_BODY 1048576

typedef struct Segment
{
	const char *bytes;
	size_t len;
	bool param;
} Segment;

typedef struct Route
{
	char method[16];
	GwLane lane;
	size_t max_body;
	bool group;
	int segment_count;
	Segment segments[SEGMENTS_MAX]; /* point into path */
	char path[PATH_MAX_LEN];
} Route;

struct GwRoutes
{
	size_t default_max_body;
	size_t count;
	size_t room;
	Route **list;
};

static bool read_table(GwRoutes *routes, GwJson *json);
static bool read_list(GwRoutes *routes, GwJson *json);
static bool read_route(GwRoutes *routes, GwJson *json);
static bool read_field(Route *route, GwJson *json, const char *key, int *seen);
static bool read_size(GwJson *json, size_t *size);
static bool lane_of(const char *name, GwLane *lane);
static int split(Segment *segments, const char *path, size_t len);
static void append(GwRoutes *routes, Route *route);
static int compare(const void *left, const void *right);
static int compare_group(const Route *route, const char *method, int segment_count);
static size_t group_start(const GwRoutes *routes, const char *method,
						  int segment_count);
static bool matches(const Route *route, const Segment *segments);

GwRoutes *
gw_routes_default(void)
{
	GwRoutes *routes = gw_alloc(sizeof(*routes));

	*routes = (GwRoutes){.default_max_body = DEFAULT_MAX_BODY};
	return routes;
}

GwRoutes *
gw_routes_parse(const char *bytes, size_t len)
{
	GwRoutes *routes = gw_routes_default();
	GwJson json;

	gw_json_start(&json, bytes, len);
	if (!read_table(routes, &json) || !gw_json_finish(&json))
	{
		gw_routes_free(routes);
		return NULL;
	}
	if (routes->count > 0)
		qsort(routes->list, routes->count, sizeof(Route *), compare);
	return routes;
}

GwRoute
gw_routes_find(const GwRoutes *routes, const char *method, const char *path, size_t len)
{
	Segment segments[SEGMENTS_MAX];
	char decoded[TARGET_MAX_LEN];
	GwRoute found = {.lane = GW_LANE_WRITE, .max_body = routes->default_max_body};
	int count = len > TARGET_MAX_LEN ? -1 : split(segments, path, len);
	size_t used = 0;

	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
	{
		method = "GET";
		found.lane = GW_LANE_FAST;
	}
	for (int i = 0; i < count && memchr(path, '%', len) != NULL; i++)
	{
		size_t n = gw_target_decode(decoded + used, segments[i].bytes, segments[i].len);

		segments[i] = (Segment){.bytes = decoded + used, .len = n};
		used += n;
	}
	for (size_t i = group_start(routes, method, count); count >= 0 && i < routes->count;
		 i++)
	{
		const Route *route = routes->list[i];

		if (compare_group(route, method, count) != 0)
			break;
		if (matches(route, segments))
			return (GwRoute){route->lane, route->max_body, true, route->group};
	}
	return found;
}

size_t
gw_routes_count(const GwRoutes *routes)
{
	return routes->count;
}

void
gw_routes_free(GwRoutes *routes)
{
	for (size_t i = 0; i < routes->count; i++)
		free(routes->list[i]);
	free(routes->list);
	free(routes);
}

const char *
gw_routes_lane_name(GwLane lane)
{
	static const char *names[] = {"fast", "slow", "write", "flush"};

	return names[lane];
}

static bool
read_table(GwRoutes *routes, GwJson *json)
{
	char key[64];
	bool first = true;
	bool has_routes = false;

	gw_json_enter(json, '{');
	while (gw_json_next(json, '{', &first))
	{
		bool ok = gw_json_key(json, key, sizeof(key));

		if (ok && strcmp(key, "default_max_body") == 0)
			ok = read_size(json, &routes->default_max_body);
		else if (ok && strcmp(key, "routes") == 0)
			ok = has_routes = !has_routes && read_list(routes, json);
		else if (ok)
			ok = gw_json_skip(json);
		if (!ok)
			return false;
	}
	return !json->failed && has_routes;
}

static bool
read_list(GwRoutes *routes, GwJson *json)
{
	bool first = true;

	gw_json_enter(json, '[');
	while (gw_json_next(json, '[', &first))
	{
		if (routes->count >= ROUTES_MAX || !read_route(routes, json))
			return false;
	}
	return !json->failed;
}

static bool
read_route(GwRoutes *routes, GwJson *json)
{
	Route *route = gw_alloc(sizeof(*route));
	char key[64];
	bool first = true;
	int seen = 0; /* method and path must both have been there */
	bool ok = true;

	*route = (Route){.lane = GW_LANE_FAST, .max_body = routes->default_max_body};
	gw_json_enter(json, '{');
	while (ok && gw_json_next(json, '{', &first))
		ok = gw_json_key(json, key, sizeof(key)) && read_field(route, json, key, &seen);
	if (ok && !json->failed && seen == 2)
		route->segment_count = split(route->segments, route->path, strlen(route->path));
	if (!ok || json->failed || seen != 2 || route->segment_count < 0)
	{
		free(route);
		return false;
	}
	for (int i = 0; i < route->segment_count; i++)
	{
		Segment *segment = &route->segments[i];

		segment->param = segment->len > 2 && segment->bytes[0] == '{' &&
						 segment->bytes[segment->len - 1] == '}';
	}
	append(routes, route);
	return true;
}

static bool
read_field(Route *route, GwJson *json, const char *key, int *seen)
{
	char lane[16];
	char durability[16];

	if (strcmp(key, "method") == 0)
		return ++*seen && gw_json_string(json, route->method, sizeof(route->method));
	if (strcmp(key, "path") == 0)
		return ++*seen && gw_json_string(json, route->path, sizeof(route->path));
	if (strcmp(key, "lane") == 0)
		return gw_json_string(json, lane, sizeof(lane)) && lane_of(lane, &route->lane);
	if (strcmp(key, "max_body") == 0)
		return read_size(json, &route->max_body);
	if (strcmp(key, "durability") == 0)
	{
		bool ok = gw_json_string(json, durability, sizeof(durability));

		route->group = ok && strcmp(durability, "group") == 0;
		return ok;
	}
	return gw_json_skip(json);
}

static bool
read_size(GwJson *json, size_t *size)
{
	int64_t value;

	if (!gw_json_integer(json, &value))
		return false;
	*size = (size_t) value;
	return true;
}

static bool
lane_of(const char *name, GwLane *lane)
{
	for (int i = 0; i < GW_LANE_COUNT; i++)
	{
		if (strcmp(name, gw_routes_lane_name((GwLane) i)) == 0)
		{
			*lane = (GwLane) i;
			return true;
		}
	}
	return false;
}

/*
 * Segments of "/a/b"; -1 when it is no such path or has too many of them.
 */
static int
split(Segment *segments, const char *path, size_t len)
{
	int count = 0;
	size_t start = 1;

	if (len == 0 || path[0] != '/')
		return -1;
	for (size_t i = 1; i <= len; i++)
	{
		if (i < len && path[i] != '/')
			continue;
		if (count == SEGMENTS_MAX)
			return -1;
		segments[count++] = (Segment){.bytes = path + start, .len = i - start};
		start = i + 1;
	}
	return count;
}

static void
append(GwRoutes *routes, Route *route)
{
	if (routes->count == routes->room)
	{
		routes->room = routes->room == 0 ? 64 : routes->room * 2;
		routes->list = gw_realloc(routes->list, routes->room * sizeof(Route *));
	}
	routes->list[routes->count++] = route;
}

static int
compare(const void *left, const void *right)
{
	const Route *a = *(Route *const *) left;
	const Route *b = *(Route *const *) right;
	int order = compare_group(a, b->method, b->segment_count);

	for (int i = 0; i < a->segment_count && order == 0; i++)
		order = (int) a->segments[i].param - (int) b->segments[i].param;
	return order != 0 ? order : strcmp(a->path, b->path);
}

static int
compare_group(const Route *route, const char *method, int segment_count)
{
	if (route->segment_count != segment_count)
		return route->segment_count < segment_count ? -1 : 1;
	return strcmp(route->method, method);
}

static size_t
group_start(const GwRoutes *routes, const char *method, int segment_count)
{
	size_t low = 0;
	size_t high = routes->count;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (compare_group(routes->list[middle], method, segment_count) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
matches(const Route *route, const Segment *segments)
{
	for (int i = 0; i < route->segment_count; i++)
	{
		const Segment *want = &route->segments[i];

		if (want->param ? segments[i].len == 0
						: segments[i].len != want->len ||
							  memcmp(segments[i].bytes, want->bytes, want->len) != 0)
			return false;
	}
	return true;
}
