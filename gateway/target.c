/*
 * gateway/target.c
 *		Origin-form, absolute-form reduced to it, or "*".
 */
#include "gateway/target.h"

#include <string.h>
#include <strings.h>

#include "gateway/text.h"

#define DECODED_MAX 8192

static bool split_absolute(GwTarget *target, const char *bytes, size_t len);
static bool is_path(const char *bytes, size_t len);
static bool is_segment(const char *bytes, size_t len);
static bool is_query(const char *bytes, size_t len);
static bool is_one_of(char c, const char *set);
static bool is_port(const char *bytes, size_t len);
static int escaped(const char *bytes, size_t left);

/*
 * Take a target apart; false when it is not clean.
 */
bool
gw_target_split(GwTarget *target, const char *bytes, size_t len)
{
	const char *query;

	*target = (GwTarget){.origin = bytes, .len = len, .path_len = len};
	if (len == 1 && bytes[0] == '*')
	{
		target->asterisk = true;
		return true;
	}
	if (len == 0 || len > DECODED_MAX)
		return false;
	if (bytes[0] != '/' && !split_absolute(target, bytes, len))
		return false;
	query = memchr(target->origin, '?', target->len);
	if (query == NULL)
	{
		target->path_len = target->len;
		return is_path(target->origin, target->path_len);
	}
	target->path_len = (size_t) (query - target->origin);
	return is_path(target->origin, target->path_len) &&
		   is_query(query + 1, target->len - target->path_len - 1);
}

/*
 * A host name or address with an optional port; no user, no list.  What the
 * name means is the database's question.
 */
bool
gw_target_is_host(const char *bytes, size_t len)
{
	size_t at = 0;

	if (len == 0 || len > 255)
		return false;
	if (bytes[0] == '[')
	{
		for (at = 1; at < len && bytes[at] != ']'; at++)
		{
			if (gw_text_hex((unsigned char) bytes[at]) < 0 &&
				!is_one_of(bytes[at], ":."))
				return false;
		}
		if (at == len || at < 3)
			return false;
		at++;
	}
	else
	{
		while (at < len &&
			   (gw_text_hex((unsigned char) bytes[at]) >= 0 ||
				(bytes[at] >= 'g' && bytes[at] <= 'z') ||
				(bytes[at] >= 'G' && bytes[at] <= 'Z') || is_one_of(bytes[at], "-._")))
			at++;
		if (at == 0)
			return false;
	}
	return at == len || (bytes[at] == ':' && is_port(bytes + at + 1, len - at - 1));
}

size_t
gw_target_decode(char *out, const char *bytes, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
	{
		int value = bytes[i] == '%' ? escaped(bytes + i, len - i) : -1;

		out[n++] = value >= 0 ? (char) value : bytes[i];
		if (value >= 0)
			i += 2;
	}
	return n;
}

/*
 * "http://authority/path?query"; an absent path is "/", which nobody sends with
 * a query, so that form is refused.
 */
static bool
split_absolute(GwTarget *target, const char *bytes, size_t len)
{
	size_t skip;
	const char *slash;

	if (len > 7 && strncasecmp(bytes, "http://", 7) == 0)
		skip = 7;
	else if (len > 8 && strncasecmp(bytes, "https://", 8) == 0)
		skip = 8;
	else
		return false;
	target->authority = bytes + skip;
	slash = memchr(bytes + skip, '/', len - skip);
	if (slash == NULL)
	{
		target->authority_len = len - skip;
		target->origin = "/";
		target->len = 1;
	}
	else
	{
		target->authority_len = (size_t) (slash - target->authority);
		target->origin = slash;
		target->len = len - skip - target->authority_len;
	}
	return gw_target_is_host(target->authority, target->authority_len);
}

static bool
is_path(const char *bytes, size_t len)
{
	size_t start = 1;

	if (len == 0 || bytes[0] != '/')
		return false;
	for (size_t i = 1; i <= len; i++)
	{
		if (i < len && bytes[i] != '/')
			continue;
		if (!is_segment(bytes + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

/*
 * One segment, decoded once: printable UTF-8 without the characters that would
 * mean something to the next reader.
 */
static bool
is_segment(const char *bytes, size_t len)
{
	char decoded[DECODED_MAX];
	size_t n;

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (c == '%')
		{
			int value = escaped(bytes + i, len - i);

			if (value < 0x20 || value == 0x7f || strchr("/\\;", value) != NULL)
				return false;
			i += 2;
		}
		else if (c <= ' ' || c >= 0x7f || strchr("\"#;<>?[\\]^`{|}", c) != NULL)
			return false;
	}
	n = gw_target_decode(decoded, bytes, len);
	if ((n == 1 && decoded[0] == '.') || (n == 2 && memcmp(decoded, "..", 2) == 0))
		return false;
	for (size_t i = 0; i < n; i++)
	{
		if (decoded[i] == '%' && escaped(decoded + i, n - i) >= 0)
			return false;
	}
	return gw_text_is_utf8(decoded, n);
}

/*
 * A query may hold any character, encoded, but NUL; browsers leave some marks
 * plain that RFC 3986 wants encoded, those are let through.
 */
static bool
is_query(const char *bytes, size_t len)
{
	char decoded[DECODED_MAX];

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (c == '%')
		{
			if (escaped(bytes + i, len - i) <= 0)
				return false;
			i += 2;
		}
		else if (c <= ' ' || c >= 0x7f || strchr("\"#<>\\", c) != NULL)
			return false;
	}
	return gw_text_is_utf8(decoded, gw_target_decode(decoded, bytes, len));
}

/*
 * strchr would find the NUL at the set's end.
 */
static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool
is_port(const char *bytes, size_t len)
{
	if (len == 0 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		if (bytes[i] < '0' || bytes[i] > '9')
			return false;
	}
	return true;
}

/*
 * Value of the %XX that starts here; -1 when it is none.
 */
static int
escaped(const char *bytes, size_t left)
{
	int high;
	int low;

	if (left < 3)
		return -1;
	high = gw_text_hex((unsigned char) bytes[1]);
	low = gw_text_hex((unsigned char) bytes[2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}
