/*
 * extension/core/json_check.c
 *		Is a text from outside JSON that can be read without surprises?
 */
#include "postgres.h"

#include "common/jsonapi.h"
#include "mb/pg_wchar.h"

#include "extension/core/compat.h"
#include "extension/core/json_check.h"

/* Does nesting stay within bounds?  Counts brackets outside strings. */
static bool
is_shallow(const char *text, int len, int max_depth)
{
	int depth = 0;
	bool in_string = false;

	for (int i = 0; i < len; i++)
	{
		if (in_string)
		{
			if (text[i] == '\\')
				i++;
			else if (text[i] == '"')
				in_string = false;
		}
		else if (text[i] == '"')
			in_string = true;
		else if (text[i] == '{' || text[i] == '[')
			depth++;
		else if (text[i] == '}' || text[i] == ']')
			depth--;
		if (depth > max_depth)
			return false;
	}
	return true;
}

static bool
is_json(const char *text, int len)
{
	return pg_parse_json(qc_json_lexer((char *) text, len), &nullSemAction) ==
		   JSON_SUCCESS;
}

bool
qc_json_is_bounded(const char *text, int len, int max_depth)
{
	return memchr(text, '\0', len) == NULL &&
		   pg_verify_mbstr(PG_UTF8, text, len, true) &&
		   is_shallow(text, len, max_depth);
}

bool
qc_json_is_sound(const char *text, int len, int max_depth)
{
	return qc_json_is_bounded(text, len, max_depth) && is_json(text, len);
}
