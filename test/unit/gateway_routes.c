/*
 * test/unit/gateway_routes.c
 *		The route table and the strict reader beneath it.
 *
 * link: gateway/routes.c gateway/json.c gateway/target.c gateway/text.c gateway/arena.c
 */
#include "gateway/routes.h"
#include "tap.h"

static GwRoutes *
parse(const char *json)
{
	return gw_routes_parse(json, strlen(json));
}

static bool
reads(const char *json)
{
	GwRoutes *routes = parse(json);

	if (routes != NULL)
		gw_routes_free(routes);
	return routes != NULL;
}

static GwRoute
find(const GwRoutes *routes, const char *method, const char *path)
{
	return gw_routes_find(routes, method, path, strlen(path));
}

static void
check_finding(void)
{
	GwRoutes *routes = parse(
		"{\"default_max_body\": 100, \"routes\": ["
		"{\"method\":\"GET\",\"path\":\"/a/{id}\",\"lane\":\"slow\",\"max_body\":1},"
		"{\"method\":\"GET\",\"path\":\"/a/b\",\"lane\":\"fast\",\"max_body\":2},"
		"{\"method\":\"GET\",\"path\":\"/{x}/b\",\"lane\":\"write\",\"max_body\":3},"
		"{\"method\":\"POST\",\"path\":\"/a/b\",\"lane\":\"write\",\"max_body\":4},"
		"{\"method\":\"GET\",\"path\":\"/\\u00e4\",\"lane\":\"slow\",\"max_body\":5}]}");

	is_int(gw_routes_count(routes), 5, "all routes are read");
	is_int(find(routes, "GET", "/a/b").max_body, 2, "a literal wins over a parameter");
	is_int(find(routes, "GET", "/a/c").max_body, 1, "a parameter takes any segment");
	is_int(find(routes, "GET", "/c/b").max_body, 3, "wherever it stands");
	is_int(find(routes, "HEAD", "/a/c").lane, GW_LANE_SLOW, "HEAD goes where GET goes");
	is_int(find(routes, "POST", "/a/b").max_body, 4, "the method counts");
	is_int(find(routes, "GET", "/%61/%62").max_body, 2,
		   "an encoded letter is the letter");
	is_int(find(routes, "GET", "/%C3%A4").max_body, 5, "names are compared as UTF-8");
	ok(!find(routes, "GET", "/a/").known, "a parameter takes no empty segment");
	ok(!find(routes, "GET", "/a/b/c").known, "nor two");
	ok(!find(routes, "GET", "/").known, "the root is not in the table");
	is_int(find(routes, "GET", "/x").lane, GW_LANE_FAST, "an unknown read is fast");
	is_int(find(routes, "PUT", "/x").lane, GW_LANE_WRITE,
		   "an unknown write is a write");
	is_int(find(routes, "PUT", "/x").max_body, 100, "of the default size");
	ok(!find(routes, "GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17").known,
	   "a path of many segments is unknown");
	gw_routes_free(routes);
}

int
main(void)
{
	static const char *const bad[] = {
		"",
		"{}",
		"[]",
		"null",
		"{\"routes\":[]",
		"{\"routes\":[]}x",
		"{\"routes\":[],}",
		"{\"routes\":[{}]}",
		"{\"routes\":[1]}",
		"{\"routes\":{}}",
		"{\"routes\":[],\"routes\":[]}",
		"{\"routes\":[],\"default_max_body\":-1}",
		"{\"routes\":[],\"default_max_body\":1.5}",
		"{\"routes\":[],\"default_max_body\":\"1\"}",
		"{\"routes\":[],\"default_max_body\":99999999999999999}",
		"{\"routes\":[{\"method\":\"GET\",\"path\":\"a\"}]}",
		"{\"routes\":[{\"method\":\"GET\",\"path\":\"/a\",\"lane\":\"odd\"}]}",
		"{\"routes\":[{\"method\":\"GETGETGETGETGETGET\",\"path\":\"/a\"}]}",
		"{\"routes\":[],\"x\":tru}",
		"{\"routes\":[],\"x\":\"\\x\"}",
		"{\"routes\":[],\"x\":\"\\u00\"}",
		"{\"routes\":[],\"x\":\"\n\"}",
		"{\"routes\":[],\"x\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}",
		"{\"routes\":[],\"x\":\"\xff\"}",
		"{\"routes\":[] \"x\":1}",
		"{\"routes\" []}",
		"{\"routes\":["};

	ok(reads("{\"routes\":[]}"), "an empty table is a table");
	ok(reads(" {\n\"x\" : [1, -2.5e3, true, {\"a\":null}], \"routes\" : [ ] } "),
	   "unknown members are passed over");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		char text[128];

		snprintf(text, sizeof(text), "refused: %.100s", bad[i]);
		for (char *c = text; *c; c++)
			*c = *c == '\n' ? ' ' : *c;
		ok(!reads(bad[i]), text);
	}
	check_finding();
	return done();
}
