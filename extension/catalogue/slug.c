/*
 * extension/catalogue/slug.c
 *		A product's handle from its name.
 */
#include "extension/catalogue/slug.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of the character that begins here; a stray byte counts as one. */
static size_t
length_at(const unsigned char *c)
{
	size_t len = *c < 0x80 ? 1 : *c >= 0xf0 ? 4 : *c >= 0xe0 ? 3 : *c >= 0xc0 ? 2 : 1;

	for (size_t i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return i;
	return len;
}

/* Blanks, punctuation and symbols of Latin-1 (U+0080–U+00BF) and of U+2000–U+206F. */
static bool
separates(const unsigned char *c, size_t len)
{
	if (len == 1)
		return !((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
				 (*c >= 'A' && *c <= 'Z'));
	return (len == 2 && c[0] == 0xc2) ||
		   (len == 3 && c[0] == 0xe2 && (c[1] == 0x80 || c[1] == 0x81));
}

char *
qc_slug_make(const char *text, char *out)
{
	const unsigned char *c = (const unsigned char *) text;
	char *o = out;
	bool is_pending = false; /* a separator, written before the next character */
	int n = 0;

	while (*c != '\0' && n < QC_SLUG_MAX)
	{
		size_t len = length_at(c);

		/* An apostrophe joins: "men's" is "mens". */
		if (*c == '\'' || (len == 3 && memcmp(c, "\xe2\x80\x99", 3) == 0))
			;
		else if (separates(c, len))
			is_pending = o > out;
		else
		{
			if (is_pending)
				*o++ = '-';
			n += 1 + is_pending;
			is_pending = false;
			memcpy(o, c, len);
			if (*c >= 'A' && *c <= 'Z')
				*o |= 0x20;
			o += len;
		}
		c += len;
	}
	*o = '\0';
	if (o == out)
		memcpy(out, "product", sizeof("product"));
	return out;
}
