/*
 * extension/http/path.c
 *		Splitting paths; what could be read in two ways is refused, never repaired.
 */
#include "extension/http/path.h"

#include <string.h>

#include "extension/http/decode.h"

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "{name}": an identifier in braces; cuts the braces off. */
static bool
read_param(QcPathPattern *pattern, char *text)
{
	size_t len = strlen(text);

	if (len < 3 || text[len - 1] != '}' || !is_letter(text[1]))
		return false;
	for (size_t i = 1; i < len - 1; i++)
		if (!is_letter(text[i]) && !is_digit(text[i]))
			return false;
	text[len - 1] = '\0';
	for (int i = 0; i < pattern->nparams; i++)
		if (strcmp(pattern->params[i], text + 1) == 0)
			return false;
	pattern->params[pattern->nparams++] = text + 1;
	pattern->segments[pattern->nsegments++] = NULL;
	return true;
}

static bool
read_literal(QcPathPattern *pattern, char *text)
{
	if (*text == '\0' || strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
		return false;
	for (const char *c = text; *c != '\0'; c++)
		if (!is_letter(*c) && !is_digit(*c) && strchr(".~-", *c) == NULL)
			return false;
	pattern->segments[pattern->nsegments++] = text;
	return true;
}

bool
qc_path_pattern_parse(QcPathPattern *pattern, char *text)
{
	pattern->nsegments = pattern->nparams = 0;
	if (*text != '/')
		return false;
	while (text != NULL)
	{
		char *segment = text + 1;

		text = strchr(segment, '/');
		if (text != NULL)
			*text = '\0';
		if (pattern->nsegments == QC_PATH_MAX_SEGMENTS ||
			!(*segment == '{' ? read_param(pattern, segment)
							  : read_literal(pattern, segment)))
			return false;
	}
	return true;
}

/* Characters that a decoded segment may not hold, whether they came encoded or not. */
static bool
is_clean(const char *segment, size_t len)
{
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) segment[i];

		if (c < 0x20 || c == 0x7f || strchr("/\\%;", c) != NULL)
			return false;
	}
	return strcmp(segment, ".") != 0 && strcmp(segment, "..") != 0;
}

QcPathVerdict
qc_path_parse(QcPath *path, char *text)
{
	path->nsegments = 0;
	if (*text != '/')
		return QC_PATH_BAD;
	while (text != NULL)
	{
		char *segment = text + 1;
		size_t raw = strcspn(segment, "/");
		bool is_last = segment[raw] == '\0';
		long len;

		segment[raw] = '\0';
		len = qc_decode_percent(segment, raw, false);
		if (len < 0 || !is_clean(segment, (size_t) len) ||
			!qc_decode_is_utf8(segment, (size_t) len))
			return QC_PATH_BAD;
		if (path->nsegments == QC_PATH_MAX_SEGMENTS)
			return QC_PATH_TOO_LONG;
		path->segments[path->nsegments++] = segment;
		text = is_last ? NULL : segment + raw;
	}
	return QC_PATH_OK;
}
