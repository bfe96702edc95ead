/*
 * test/unit/durations_test.c
 *		Lists of durations.
 */
#include "extension/core/durations.c"

#include "tap.h"

static void
refused(const char *text, const char *sentence)
{
	int64_t out[QC_DURATIONS_MAX];

	is_int(qc_durations_parse(text, out), -1, sentence);
}

int
main(void)
{
	int64_t out[QC_DURATIONS_MAX];
	char longest[4 * QC_DURATIONS_MAX + 8] = "1s";

	is_int(qc_durations_parse("5s,5min,30min,2h,5h,10h,14h,20h,24h", out), 9,
		   "the list of the default is read");
	is_int(out[0], 5000, "seconds count a thousand");
	is_int(out[2], 30 * 60000, "minutes are called min");
	is_int(out[8], 24 * 3600000, "hours are called h");
	is_int(qc_durations_parse(" 250 ms , 1d ", out), 2, "blanks do not matter");
	is_int(out[0], 250, "milliseconds are called ms");
	is_int(out[1], 86400000, "days are called d");
	is_int(qc_durations_parse("0s", out), 1, "no delay is a delay");
	is_int(out[0], 0, "of nothing");
	is_int(qc_durations_parse("  ", out), 0, "an empty list is a list");
	is_int(qc_durations_parse("30d", out), 1, "30 days are the longest");
	refused("31d", "more is refused");
	refused("99999999999999999999s", "so is a number that fits nowhere");
	refused("5", "a number without a unit is refused");
	refused("5m", "as is a unit that could mean two things");
	refused("s", "a unit without a number");
	refused("-5s", "a time that is over");
	refused("1.5h", "a fraction");
	refused("5s 5s", "a list without commas");
	refused("5s,", "a comma that nothing follows");
	refused(",5s", "or that follows nothing");
	for (int i = 1; i < QC_DURATIONS_MAX; i++)
		strcat(longest, ",1s");
	is_int(qc_durations_parse(longest, out), QC_DURATIONS_MAX, "there may be 32");
	strcat(longest, ",1s");
	refused(longest, "and no more");
	return done();
}
