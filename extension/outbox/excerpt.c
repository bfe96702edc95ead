/*
 * extension/outbox/excerpt.c
 *		The beginning of an answer, fit to be stored as text.
 *
 * The bytes are a stranger's: the text type takes neither invalid UTF-8 nor zeros, and
 * an answer must not be able to make its own record fail.
 */
#include "extension/outbox/excerpt.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* What the second byte of a sequence may be, by the first (RFC 3629). */
static const struct
{
	unsigned char first;
	unsigned char last;
	unsigned char len;
	unsigned char low;
	unsigned char high;
} sequences[] = {
	{0x01, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf},
	{0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
	{0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf},
	{0xf4, 0xf4, 4, 0x80, 0x8f},
};

/* Bytes of the valid character that begins here; 0 = there is none. */
static size_t
length_at(const unsigned char *c, size_t left)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
	{
		size_t len = sequences[i].len;

		if (*c < sequences[i].first || *c > sequences[i].last)
			continue;
		if (len > left)
			return 0;
		if (len > 1 && (c[1] < sequences[i].low || c[1] > sequences[i].high))
			return 0;
		for (size_t j = 2; j < len; j++)
			if ((c[j] & 0xc0) != 0x80)
				return 0;
		return len;
	}
	return 0;
}

size_t
qc_excerpt_make(const char *bytes, size_t len, char *out)
{
	const unsigned char *c = (const unsigned char *) bytes;
	size_t used = 0;

	while (len > 0)
	{
		size_t valid = length_at(c, len);
		const char *from = valid ? (const char *) c : REPLACEMENT;
		size_t size = valid ? valid : strlen(REPLACEMENT);
		size_t step = valid ? valid : 1;

		if (used + size > QC_EXCERPT_MAX)
			break;
		memcpy(out + used, from, size);
		used += size;
		c += step;
		len -= step;
	}
	out[used] = '\0';
	return used;
}
