/*
 * extension/core/durations.c
 *		Lists of durations as settings write them: "5s,30min,2h".
 */
#include "extension/core/durations.h"

#include <stddef.h>
#include <string.h>

#define DAY     INT64_C(86400000)
#define LONGEST (30 * DAY)

static const struct
{
	const char *name;
	int64_t milliseconds;
} units[] = {
	{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", DAY},
};

static const char *
skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

static int64_t
unit_of(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == len && strncmp(units[i].name, name, len) == 0)
			return units[i].milliseconds;
	return 0;
}

/* One number with its unit; returns what follows, NULL when it is none. */
static const char *
parse_one(const char *text, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");
	size_t letters;
	int64_t unit;
	int64_t number = 0;

	if (digits == 0 || digits > 10)
		return NULL;
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (text[i] - '0');
	text = skip_blanks(text + digits);
	letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");
	unit = unit_of(text, letters);
	if (unit == 0 || number > LONGEST / unit)
		return NULL;
	*out = number * unit;
	return skip_blanks(text + letters);
}

int
qc_durations_parse(const char *text, int64_t *out)
{
	int n = 0;

	text = skip_blanks(text);
	if (*text == '\0')
		return 0;
	for (;;)
	{
		if (n == QC_DURATIONS_MAX)
			return -1;
		text = parse_one(skip_blanks(text), &out[n++]);
		if (text == NULL || (*text != ',' && *text != '\0'))
			return -1;
		if (*text == '\0')
			return n;
		text++;
	}
}
