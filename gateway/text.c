/*
 * gateway/text.c
 *		Tokens, UTF-8, hexadecimal digits, JSON escapes.
 */
#include "gateway/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* RFC 9110 tchar, one bit for each byte below 128 */
static const uint32_t token_bits[4] = {
	0x00000000, 0x03ff6cfa, /* ! # $ % & ' * + - . 0-9 */
	0xc7fffffe,             /* A-Z ^ _ */
	0x57ffffff,             /* ` a-z | ~ */
};

static size_t utf8_length(const unsigned char *at, size_t left);

bool
gw_text_is_token_char(unsigned char c)
{
	return c < 128 && (token_bits[c >> 5] >> (c & 31) & 1) != 0;
}

bool
gw_text_is_token(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
	{
		if (!gw_text_is_token_char((unsigned char) bytes[i]))
			return false;
	}
	return len > 0;
}

/*
 * Well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
 */
bool
gw_text_is_utf8(const char *bytes, size_t len)
{
	const unsigned char *at = (const unsigned char *) bytes;
	const unsigned char *end = at + len;
	uint64_t word;

	while (at < end)
	{
		size_t step;

		if ((size_t) (end - at) >= sizeof(word))
		{
			memcpy(&word, at, sizeof(word));
			if ((word & UINT64_C(0x8080808080808080)) == 0)
			{
				at += sizeof(word);
				continue;
			}
		}
		step = utf8_length(at, (size_t) (end - at));
		if (step == 0)
			return false;
		at += step;
	}
	return true;
}

/*
 * The same word, whatever its case.
 */
bool
gw_text_is_internal(const char *name, size_t len)
{
	static const char prefix[] = "qutecart-";

	return len >= sizeof(prefix) - 1 && gw_text_is(name, sizeof(prefix) - 1, prefix);
}

bool
gw_text_is(const char *bytes, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(bytes, word, len) == 0;
}

/*
 * Value of a hexadecimal digit; -1 for anything else.
 */
int
gw_text_hex(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/*
 * Write the inside of a JSON string; returns its length, never more than room.
 * What does not fit is left out, what is not ASCII is escaped byte by byte, so
 * that a log line holds ASCII only.
 */
size_t
gw_text_json(char *out, size_t room, const char *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (room - n < 6)
			break;
		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\')
		{
			out[n++] = (char) c;
			continue;
		}
		memcpy(out + n, "\\u00", 4);
		out[n + 4] = hex[c >> 4];
		out[n + 5] = hex[c & 15];
		n += 6;
	}
	return n;
}

/*
 * Length of the sequence that starts here; 0 when it is not well formed.
 */
static size_t
utf8_length(const unsigned char *at, size_t left)
{
	unsigned char first = at[0];
	unsigned char low = 0x80;
	unsigned char high = 0xbf;
	size_t len;

	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (left < len)
		return 0;
	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	if (at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
	{
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	}
	return len;
}
