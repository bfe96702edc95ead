/*
 * extension/http/json_limits.c
 *		One pass over JSON: depth, number of values, length of numbers.
 *
 * PostgreSQL's parser recurses until its stack ends, and numeric takes "1e131071" for
 * 131072 digits; both are cheap to send and dear to read.
 */
#include "extension/http/json_limits.h"

#include <stdbool.h>
#include <string.h>

/* Skip a string; c stands on its opening quote.  Returns the closing one, or end. */
static const char *
skip_string(const char *c, const char *end)
{
	for (c++; c < end && *c != '"'; c++)
		if (*c == '\\')
			c++;
	return c;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits of a number that starts here, an exponent's worth included; moves *at on. */
static long
count_digits(const char **at, const char *end)
{
	const char *c = *at;
	long digits = 0;
	long exponent = 0;

	for (; c < end && (is_digit(*c) || *c == '.'); c++)
		digits += *c != '.';
	if (c < end && (*c == 'e' || *c == 'E'))
	{
		c++;
		if (c < end && (*c == '+' || *c == '-'))
			c++;
		for (; c < end && is_digit(*c); c++)
			if (exponent <= QC_JSON_MAX_DIGITS)
				exponent = exponent * 10 + (*c - '0');
	}
	*at = c - 1;
	return digits + exponent;
}

const char *
qc_json_limits_broken(const char *text, size_t len)
{
	const char *end = text + len;
	int depth = 0;
	int values = 1;

	for (const char *c = text; c < end; c++)
	{
		if (*c == '"')
			c = skip_string(c, end);
		else if (is_digit(*c) && count_digits(&c, end) > QC_JSON_MAX_DIGITS)
			return "holds a number of more than 40 digits";
		else if (*c == '{' || *c == '[')
			depth++, values++;
		else if (*c == '}' || *c == ']')
			depth--;
		else if (*c == ',')
			values++;
		if (depth > QC_JSON_MAX_DEPTH)
			return "is nested more than 32 deep";
		if (values > QC_JSON_MAX_VALUES)
			return "holds more than 10000 values";
	}
	return NULL;
}
