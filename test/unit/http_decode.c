/*
 * test/unit/http_decode.c
 *		Percent-decoding, UTF-8, queries and header lines.
 */
#include <stdlib.h>

#include "tap.h"

#include "extension/http/decode.c"

static const char *
decoded(const char *text, bool plus_is_blank)
{
	static char *copy;

	free(copy);
	copy = strdup(text);
	return qc_decode_percent(copy, strlen(copy), plus_is_blank) < 0 ? "(bad)" : copy;
}

static void
test_percent(void)
{
	is_str(decoded("a%20b%C3%bc", false), "a b\xc3\xbc", "escapes become bytes");
	is_str(decoded("a+b", true), "a b", "a plus is a blank in a query");
	is_str(decoded("a+b", false), "a+b", "a plus is a plus in a path");
	is_str(decoded("%", false), "(bad)", "a lonely percent sign is refused");
	is_str(decoded("%4", false), "(bad)", "half an escape is refused");
	is_str(decoded("%4g", false), "(bad)",
		   "an escape that is not hexadecimal is refused");
	is_str(decoded("%2541", false), "%41", "an escape is decoded once");
	is_str(decoded("", false), "", "nothing stays nothing");
}

static bool
is_utf8(const char *text)
{
	return qc_decode_is_utf8(text, strlen(text));
}

static void
test_utf8(void)
{
	ok(is_utf8("plain \xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80"),
	   "one to four bytes are text");
	ok(!is_utf8("\xff"), "a stray byte is refused");
	ok(!is_utf8("\xc0\xaf"), "an overlong slash is refused");
	ok(!is_utf8("\xe0\x80\xaf"), "an overlong slash of three bytes is refused");
	ok(!is_utf8("\xed\xa0\x80"), "a surrogate is refused");
	ok(!is_utf8("\xf4\x90\x80\x80"), "a character beyond Unicode is refused");
	ok(!is_utf8("\xe2\x82"), "a character cut short is refused");
	ok(!qc_decode_is_utf8("a\0b", 3), "a NUL byte is refused");
	ok(qc_decode_is_utf8("", 0), "nothing is text");
}

static void
test_pairs(void)
{
	char query[] = "a=1&&b=x+y%26z&bare&c=&%zz=1";
	char *rest = query;
	QcPiece name;
	QcPiece value;
	bool is_bad = false;

	ok(qc_decode_pair(&rest, &name, &value, &is_bad) && !strcmp(name.at, "a") &&
		   !strcmp(value.at, "1"),
	   "the first pair of a query is read");
	ok(qc_decode_pair(&rest, &name, &value, &is_bad) && !strcmp(name.at, "b") &&
		   !strcmp(value.at, "x y&z") && value.len == 5,
	   "an encoded ampersand does not end a value");
	ok(qc_decode_pair(&rest, &name, &value, &is_bad) && !strcmp(name.at, "bare") &&
		   value.len == 0,
	   "a bare name has an empty value");
	ok(qc_decode_pair(&rest, &name, &value, &is_bad) && !strcmp(name.at, "c") &&
		   value.len == 0 && !is_bad,
	   "an empty value is empty");
	ok(qc_decode_pair(&rest, &name, &value, &is_bad) && is_bad, "a bad escape is told");
	ok(!qc_decode_pair(&rest, &name, &value, &is_bad), "a query ends");
}

static void
test_headers(void)
{
	char lines[] = "Host: Example.COM\r\nX-Empty:\nX-Blank:  a b \t\r\n\nNo colon\n";
	char spaced[] = "Host : x\n";
	char *rest = lines;
	QcPiece name;
	QcPiece value;
	bool is_bad = false;

	ok(qc_decode_header(&rest, &name, &value, &is_bad) && !strcmp(name.at, "host") &&
		   !strcmp(value.at, "Example.COM"),
	   "a name comes in lower case, a value as it is");
	ok(qc_decode_header(&rest, &name, &value, &is_bad) && !strcmp(name.at, "x-empty") &&
		   value.len == 0,
	   "a header may be empty");
	ok(qc_decode_header(&rest, &name, &value, &is_bad) && !strcmp(value.at, "a b") &&
		   !is_bad,
	   "blanks around a value are cut");
	ok(qc_decode_header(&rest, &name, &value, &is_bad) && is_bad,
	   "a line without a colon is told");
	ok(!qc_decode_header(&rest, &name, &value, &is_bad), "a block of headers ends");
	is_bad = false;
	rest = spaced;
	ok(qc_decode_header(&rest, &name, &value, &is_bad) && is_bad,
	   "a blank before the colon is told");
}

int
main(void)
{
	test_percent();
	test_utf8();
	test_pairs();
	test_headers();
	return done();
}
