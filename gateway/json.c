/*
 * gateway/json.c
 *		RFC 8259 without extensions; strings are bounded, nesting ends at 16.
 */
#include "gateway/json.h"

#include <string.h>

#include "gateway/text.h"

#define DEPTH_MAX 16

static bool fail(GwJson *json);
static void skip_space(GwJson *json);
static bool take(GwJson *json, char c);
static bool read_escape(GwJson *json, char *out, size_t *n);
static bool read_unicode(GwJson *json, char *out, size_t *n);
static bool skip_members(GwJson *json, char bracket);
static bool skip_word(GwJson *json);

void
gw_json_start(GwJson *json, const char *bytes, size_t len)
{
	*json = (GwJson){.at = bytes, .end = bytes + len};
	json->failed = !gw_text_is_utf8(bytes, len);
}

bool
gw_json_enter(GwJson *json, char bracket)
{
	if (json->failed || !take(json, bracket) || ++json->depth > DEPTH_MAX)
		return fail(json);
	return true;
}

/*
 * True when another member follows; false at the closing bracket, or after a
 * failure.
 */
bool
gw_json_next(GwJson *json, char bracket, bool *first)
{
	bool was_first = *first;

	*first = false;
	if (json->failed)
		return false;
	if (take(json, bracket == '{' ? '}' : ']'))
	{
		json->depth--;
		return false;
	}
	return was_first || take(json, ',') || fail(json);
}

bool
gw_json_key(GwJson *json, char *out, size_t room)
{
	return gw_json_string(json, out, room) && (take(json, ':') || fail(json));
}

/*
 * A string that fits into room with its NUL; a longer one fails.
 */
bool
gw_json_string(GwJson *json, char *out, size_t room)
{
	size_t n = 0;

	if (json->failed || !take(json, '"'))
		return fail(json);
	while (json->at < json->end && *json->at != '"')
	{
		if ((unsigned char) *json->at < 0x20 || n + 5 > room)
			return fail(json);
		if (*json->at != '\\')
			out[n++] = *json->at++;
		else if (!read_escape(json, out, &n))
			return fail(json);
	}
	if (json->at == json->end || n >= room)
		return fail(json);
	json->at++;
	out[n] = '\0';
	return true;
}

bool
gw_json_integer(GwJson *json, int64_t *out)
{
	int64_t value = 0;
	int digits = 0;

	skip_space(json);
	while (json->at < json->end && *json->at >= '0' && *json->at <= '9')
	{
		if (++digits > 15)
			return fail(json);
		value = value * 10 + (*json->at++ - '0');
	}
	if (json->failed || digits == 0 ||
		(json->at < json->end && strchr(".eE", *json->at) != NULL))
		return fail(json);
	*out = value;
	return true;
}

/*
 * Pass over one value of any kind.
 */
bool
gw_json_skip(GwJson *json)
{
	char text[1024];

	skip_space(json);
	if (json->failed || json->at == json->end)
		return fail(json);
	switch (*json->at)
	{
		case '{':
		case '[':
			return skip_members(json, *json->at);
		case '"':
			return gw_json_string(json, text, sizeof(text));
		default:
			return skip_word(json);
	}
}

bool
gw_json_finish(GwJson *json)
{
	skip_space(json);
	return !json->failed && json->depth == 0 && json->at == json->end;
}

static bool
fail(GwJson *json)
{
	json->failed = true;
	return false;
}

static void
skip_space(GwJson *json)
{
	while (json->at < json->end && memchr(" \t\r\n", *json->at, 4) != NULL)
		json->at++;
}

static bool
take(GwJson *json, char c)
{
	skip_space(json);
	if (json->at == json->end || *json->at != c)
		return false;
	json->at++;
	return true;
}

static bool
read_escape(GwJson *json, char *out, size_t *n)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (json->end - json->at < 2)
		return false;
	if (json->at[1] == 'u')
		return read_unicode(json, out, n);
	found = memchr(from, json->at[1], sizeof(from) - 1);
	if (found == NULL)
		return false;
	out[(*n)++] = to[found - from];
	json->at += 2;
	return true;
}

/*
 * One \uXXXX of the basic plane; surrogates and NUL have no place in a route.
 */
static bool
read_unicode(GwJson *json, char *out, size_t *n)
{
	unsigned code = 0;

	if (json->end - json->at < 6)
		return false;
	for (int i = 2; i < 6; i++)
	{
		int digit = gw_text_hex((unsigned char) json->at[i]);

		if (digit < 0)
			return false;
		code = code << 4 | (unsigned) digit;
	}
	if (code == 0 || (code >= 0xd800 && code <= 0xdfff))
		return false;
	if (code < 0x80)
		out[(*n)++] = (char) code;
	else
	{
		if (code < 0x800)
			out[(*n)++] = (char) (0xc0 | code >> 6);
		else
		{
			out[(*n)++] = (char) (0xe0 | code >> 12);
			out[(*n)++] = (char) (0x80 | (code >> 6 & 0x3f));
		}
		out[(*n)++] = (char) (0x80 | (code & 0x3f));
	}
	json->at += 6;
	return true;
}

static bool
skip_members(GwJson *json, char bracket)
{
	char key[256];
	bool first = true;

	gw_json_enter(json, bracket);
	while (gw_json_next(json, bracket, &first))
	{
		if (bracket == '{' && !gw_json_key(json, key, sizeof(key)))
			return false;
		if (!gw_json_skip(json))
			return false;
	}
	return !json->failed;
}

static bool
skip_word(GwJson *json)
{
	static const char *words[] = {"true", "false", "null"};
	const char *start = json->at;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		size_t len = strlen(words[i]);

		if ((size_t) (json->end - json->at) >= len &&
			memcmp(json->at, words[i], len) == 0)
		{
			json->at += len;
			return true;
		}
	}
	while (json->at < json->end && memchr("+-.eE0123456789", *json->at, 15) != NULL)
		json->at++;
	return json->at > start || fail(json);
}
