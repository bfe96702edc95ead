/*
 * extension/http/decode.c
 *		Bytes from outside become text, once, or are refused.
 */
#include "extension/http/decode.h"

#include <string.h>

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

long
qc_decode_percent(char *text, size_t len, bool plus_is_blank)
{
	const char *in = text;
	const char *end = text + len;
	char *out = text;

	while (in < end)
	{
		int high;
		int low;

		if (*in != '%')
		{
			*out++ = *in == '+' && plus_is_blank ? ' ' : *in;
			in++;
			continue;
		}
		high = end - in > 2 ? hex_digit(in[1]) : -1;
		low = end - in > 2 ? hex_digit(in[2]) : -1;
		if (high < 0 || low < 0)
			return -1;
		*out++ = (char) (high << 4 | low);
		in += 3;
	}
	*out = '\0';
	return out - text;
}

/* The length of the well-formed character at the start, 0 when there is none. */
static size_t
utf8_character(const unsigned char *c, size_t left)
{
	size_t len = c[0] < 0xc2   ? 0
				 : c[0] < 0xe0 ? 2
				 : c[0] < 0xf0 ? 3
				 : c[0] < 0xf5 ? 4
							   : 0;

	if (len == 0 || len > left)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
		(c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return len;
}

bool
qc_decode_is_utf8(const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *) text;
	const unsigned char *end = c + len;

	while (c < end)
	{
		size_t step = *c < 0x80 ? *c != 0 : utf8_character(c, (size_t) (end - c));

		if (step == 0)
			return false;
		c += step;
	}
	return true;
}

/* Decode a piece of a query in place. */
static bool
decode_piece(QcPiece *piece)
{
	long len;

	if (memchr(piece->at, '%', piece->len) == NULL &&
		memchr(piece->at, '+', piece->len) == NULL)
		piece->at[piece->len] = '\0';
	else
	{
		len = qc_decode_percent(piece->at, piece->len, true);
		if (len < 0)
			return false;
		piece->len = (size_t) len;
	}
	return qc_decode_is_utf8(piece->at, piece->len);
}

bool
qc_decode_pair(char **rest, QcPiece *name, QcPiece *value, bool *bad)
{
	char *end;
	char *equals;

	while (**rest == '&')
		(*rest)++;
	if (**rest == '\0')
		return false;
	end = *rest + strcspn(*rest, "&");
	equals = memchr(*rest, '=', (size_t) (end - *rest));
	*name = (QcPiece){*rest, (size_t) ((equals ? equals : end) - *rest)};
	*value =
		equals ? (QcPiece){equals + 1, (size_t) (end - equals - 1)} : (QcPiece){end, 0};
	*rest = *end == '\0' ? end : end + 1;
	if (!decode_piece(name) || !decode_piece(value))
		*bad = true;
	return true;
}

/* What a header's name may consist of (RFC 9110, "token"). */
static bool
is_token(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		   (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static void
trim(QcPiece *piece)
{
	while (piece->len > 0 && (*piece->at == ' ' || *piece->at == '\t'))
		piece->at++, piece->len--;
	while (piece->len > 0 && strchr(" \t\r", piece->at[piece->len - 1]) != NULL)
		piece->len--;
	piece->at[piece->len] = '\0';
}

bool
qc_decode_header(char **rest, QcPiece *name, QcPiece *value, bool *bad)
{
	char *line = *rest + strspn(*rest, "\r\n");
	char *end = line + strcspn(line, "\n");
	char *colon = memchr(line, ':', (size_t) (end - line));

	if (*line == '\0')
		return false;
	*rest = *end == '\0' ? end : end + 1;
	*name = (QcPiece){line, (size_t) ((colon ? colon : end) - line)};
	*value =
		colon ? (QcPiece){colon + 1, (size_t) (end - colon - 1)} : (QcPiece){end, 0};
	if (colon == NULL || name->len == 0)
		*bad = true;
	for (size_t i = 0; i < name->len; i++)
	{
		if (line[i] >= 'A' && line[i] <= 'Z')
			line[i] |= 0x20;
		if (!is_token(line[i]))
			*bad = true;
	}
	name->at[name->len] = '\0';
	trim(value);
	return true;
}
