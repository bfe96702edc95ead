/*
 * test/unit/http_json_limits.c
 *		How large JSON from outside may be.
 */
#include "tap.h"

#include "extension/http/json_limits.c"

static bool
fits(const char *text)
{
	return qc_json_limits_broken(text, strlen(text)) == NULL;
}

static const char *
repeated(char c, int n, const char *tail)
{
	static char text[40000];

	memset(text, c, (size_t) n);
	strcpy(text + n, tail);
	return text;
}

int
main(void)
{
	static char list[40000];

	ok(fits("{\"a\":[1,2.5,-3e2,\"x\"]}"), "ordinary JSON fits");
	ok(fits(repeated('[', 32, "")), "32 levels fit");
	ok(!fits(repeated('[', 33, "")), "33 levels do not");
	ok(fits("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""),
	   "brackets in a string are text");
	ok(fits("\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""),
	   "an escaped quote does not end a string");
	ok(fits(repeated('7', 40, "")), "a number of 40 digits fits");
	ok(!fits(repeated('7', 41, "")), "a number of 41 digits does not");
	ok(!fits("1e131071"), "an exponent counts as the digits it stands for");
	ok(!fits("1e99999999999999999999"), "an endless exponent does not overflow");
	ok(!fits("[1E-50]"), "a negative exponent counts too");
	list[0] = '[';
	for (int i = 0; i < 9999; i++)
		memcpy(list + 1 + 2 * i, "1,", 3);
	ok(!fits(list), "more than 10000 values are too many");
	list[1 + 2 * 9990] = '\0';
	ok(fits(list), "fewer values fit");
	ok(fits("\"unfinished \\"),
	   "a text that ends in an escape is read to its end only");
	ok(fits(""), "nothing fits");
	return done();
}
