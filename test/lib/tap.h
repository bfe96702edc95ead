/*
 * test/lib/tap.h
 *		The few words a unit test in C needs.
 *
 * A test is a program: ok(), is_int() and is_str() print one line each, and main ends
 * with "return done();".  The text is a sentence about behaviour.
 */
#ifndef TEST_TAP_H
#define TEST_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_run;
static int tap_failed;

static inline bool
ok(bool passed, const char *text)
{
	tap_run++;
	tap_failed += !passed;
	printf("%sok %d - %s\n", passed ? "" : "not ", tap_run, text);
	fflush(stdout);
	return passed;
}

static inline bool
is_int(long long got, long long wanted, const char *text)
{
	if (ok(got == wanted, text))
		return true;
	fprintf(stderr, "#      got: %lld\n#   wanted: %lld\n", got, wanted);
	return false;
}

static inline bool
is_str(const char *got, const char *wanted, const char *text)
{
	if (ok(got && wanted ? strcmp(got, wanted) == 0 : got == wanted, text))
		return true;
	fprintf(stderr, "#      got: %s\n#   wanted: %s\n", got ? got : "(null)",
			wanted ? wanted : "(null)");
	return false;
}

static inline int
done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed || !tap_run;
}

#endif
