/*
 * test/unit/http_path.c
 *		Paths of requests and of routes.
 *
 * link: extension/http/decode.c
 */
#include <stdlib.h>

#include "tap.h"

#include "extension/http/path.c"

static QcPath path;
static QcPathPattern pattern;
static char *text;

static QcPathVerdict
parse(const char *from)
{
	free(text);
	text = strdup(from);
	return qc_path_parse(&path, text);
}

static bool
declare(const char *from)
{
	free(text);
	text = strdup(from);
	return qc_path_pattern_parse(&pattern, text);
}

static void
test_requests(void)
{
	static const char *const bad[] = {
		"api",    "",       "/a/../b", "/a/./b", "/a/%2e%2e/b", "/a%2fb",
		"/a%5cb", "/a\\b",  "/a%00b",  "/a;x=1", "/a%3bx",      "/%2541",
		"/%e4",   "/a%0ab", "/%",      "/a%7f",
	};

	ok(parse("/api/products/7") == QC_PATH_OK && path.nsegments == 3 &&
		   !strcmp(path.segments[2], "7"),
	   "a path is split at its slashes");
	ok(parse("/a%20b") == QC_PATH_OK && !strcmp(path.segments[0], "a b"),
	   "a segment is decoded after splitting");
	ok(parse("/a+b") == QC_PATH_OK && !strcmp(path.segments[0], "a+b"),
	   "a plus in a path is a plus");
	ok(parse("/") == QC_PATH_OK && path.nsegments == 1 && *path.segments[0] == '\0',
	   "the root has one empty segment");
	ok(parse("/a/") == QC_PATH_OK && path.nsegments == 2, "a last slash counts");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		char what[80];

		snprintf(what, sizeof(what), "path \"%s\" is refused", bad[i]);
		ok(parse(bad[i]) == QC_PATH_BAD, what);
	}
	ok(parse("/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7") == QC_PATH_TOO_LONG,
	   "a path longer than any route is told apart");
}

static void
test_patterns(void)
{
	ok(declare("/api/products/{id}") && pattern.nsegments == 3 &&
		   pattern.nparams == 1 && pattern.segments[2] == NULL &&
		   !strcmp(pattern.params[0], "id"),
	   "a pattern has literals and parameters");
	ok(declare("/api/openapi.json"), "a literal may hold a dot");
	ok(!declare("/a/{id}/{id}"), "a parameter is named once");
	ok(!declare("/a/{}"), "a parameter has a name");
	ok(!declare("/a/{1x}"), "a parameter's name begins with a letter");
	ok(!declare("/a/x{id}"), "a segment is a literal or a parameter, not both");
	ok(!declare("/a//b"), "a literal is not empty");
	ok(!declare("/a/.."), "a pattern does not climb");
	ok(!declare("a"), "a pattern begins with a slash");
	ok(!declare("/a?b"), "a pattern has no query");
}

int
main(void)
{
	test_requests();
	test_patterns();
	free(text);
	return done();
}
