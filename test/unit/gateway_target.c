/*
 * test/unit/gateway_target.c
 *		Paths and hosts that two readers could understand differently.
 *
 * link: gateway/target.c gateway/text.c
 */
#include "gateway/target.h"
#include "tap.h"

static bool
takes(const char *text)
{
	GwTarget target;

	return gw_target_split(&target, text, strlen(text));
}

int
main(void)
{
	GwTarget target;
	char out[32];
	static const char *const fine[] = {
		"/",          "/a/b",          "/a//b",    "/a/", "/%41",
		"/a%20b",     "/%C3%A4",       "/a?b=c",   "/a?", "/a?b=%2F%25",
		"/a?b=..;",   "/a?[b]={c}",    "/...",     "/.a", "/a:b@c!$&'()*+,=~_-",
		"http://a/b", "https://a:1/b", "http://a", "*"};
	static const char *const bad[] = {
		"",       "a",          "/a b",      "/..",         "/.",       "/a/../b",
		"/%2e",   "/%2E%2e",    "/.%2e",     "/a%2fb",      "/a%2Fb",   "/a%5c",
		"/a\\b",  "/a%00",      "/a%1f",     "/a%7f",       "/a;b",     "/a%3B",
		"/%252f", "/%25%32%66", "/%2525",    "/%",          "/%4",      "/%4x",
		"/%ff",   "/%c3",       "/%c0%80",   "/%ed%a0%80",  "/a#b",     "/a?b#c",
		"/a?%00", "/a?%",       "/a?%ff",    "/a?b c",      "/a\"",     "/a<",
		"/a\x80", "http://",    "http:///a", "http://u@a/", "ftp://a/", "//a",
		"**",     "http://a?b"};

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		ok(takes(fine[i]), fine[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		/* two slashes are a path with an empty segment, not an authority */
		bool wanted = strcmp(bad[i], "//a") == 0;

		ok(takes(bad[i]) == wanted, bad[i]);
	}
	ok(!gw_target_split(&target, "/a\0b", 4), "a NUL is no part of a path");
	gw_target_split(&target, "http://h:1/a?b", 14);
	is_int(target.len, 4, "an absolute target is reduced to path and query");
	is_int(target.path_len, 2, "its path is known");
	is_int(target.authority_len, 3, "and its authority");
	is_int(gw_target_decode(out, "a%2", 3), 3,
		   "an incomplete escape stands for itself");
	is_int(gw_target_decode(out, "%41%42", 6), 2, "escapes are decoded");
	ok(memcmp(out, "AB", 2) == 0, "to their bytes");
	ok(gw_target_is_host("a.b-c_d.example:65535", 21), "a host name with a port");
	ok(gw_target_is_host("[2001:db8::1]", 13), "an IPv6 address");
	ok(!gw_target_is_host("[2001:db8::1", 12), "an address without its end");
	ok(!gw_target_is_host("a:", 2), "an empty port");
	ok(!gw_target_is_host("u@a", 3), "a user");
	ok(!gw_target_is_host("a\0b", 3), "a NUL in a host");
	return done();
}
