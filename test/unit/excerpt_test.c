/*
 * test/unit/excerpt_test.c
 *		Answers of strangers, as text.
 */
#include "extension/outbox/excerpt.c"

#include <stdlib.h>

#include "tap.h"

#define BAD "\xef\xbf\xbd"

static void
becomes(const char *bytes, size_t len, const char *wanted, const char *sentence)
{
	/* A copy of just that size: a byte too many is seen by the sanitizer. */
	char *exact = malloc(len + 1);
	char out[QC_EXCERPT_MAX + 1];

	memcpy(exact, bytes, len);
	exact = realloc(exact, len ? len : 1);
	(void) qc_excerpt_make(exact, len, out);
	is_str(out, wanted, sentence);
	free(exact);
}

int
main(void)
{
	char out[QC_EXCERPT_MAX + 1];
	char big[3 * QC_EXCERPT_MAX];
	unsigned int seed = 1;
	bool is_valid = true;

	becomes("ok", 2, "ok", "plain text stays");
	becomes("", 0, "", "so does none");
	becomes("\xd9\x85\xe0\xa6\xac\xf0\x9f\x98\x80", 9,
			"\xd9\x85\xe0\xa6\xac\xf0\x9f\x98\x80", "Arabic, Bengali and emoji stay");
	becomes("a\0b", 3, "a" BAD "b", "a zero byte is replaced");
	becomes("a\xff\xfe", 3, "a" BAD BAD, "as is what is no UTF-8");
	becomes("\xc0\xaf", 2, BAD BAD, "or UTF-8 written too long");
	becomes("\xed\xa0\x80", 3, BAD BAD BAD, "or half a surrogate pair");
	becomes("\xf4\x90\x80\x80", 4, BAD BAD BAD BAD, "or beyond Unicode");
	becomes("a\xe2\x82", 3, "a" BAD BAD, "or cut off");
	memset(big, 'x', sizeof(big));
	is_int(qc_excerpt_make(big, sizeof(big), out), QC_EXCERPT_MAX,
		   "1024 bytes are kept");
	for (size_t i = 0; i < sizeof(big) - 2; i += 3)
		memcpy(big + i, "\xe2\x82\xac", 3);
	is_int(qc_excerpt_make(big, sizeof(big), out), QC_EXCERPT_MAX / 3 * 3,
		   "no character is cut");
	for (int round = 0; round < 20000; round++)
	{
		size_t len = 1 + rand_r(&seed) % 64;
		size_t made;

		for (size_t i = 0; i < len; i++)
			big[i] = (char) (rand_r(&seed) >> 4);
		made = qc_excerpt_make(big, len, out);
		for (size_t i = 0; i < made;)
		{
			size_t valid = length_at((unsigned char *) out + i, made - i);

			is_valid = is_valid && valid > 0;
			i += valid ? valid : 1;
		}
	}
	ok(is_valid, "whatever comes in, what comes out is valid");
	return done();
}
