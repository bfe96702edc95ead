/*
 * test/unit/toml_test.c
 *		The part of TOML that a file of settings needs: read whole, or refused where.
 *
 * link: extension/core/toml.c extension/core/toml_text.c
 */
#include "extension/core/toml.h"

#include <stdlib.h>

#include "tap.h"

static char got[4096];

/* All events in one line: [t] for tables, k=type:text for values. */
static const char *
events(const char *text, size_t len)
{
	static const char *const names[] = {
		[QC_TOML_STRING] = "s",  [QC_TOML_INTEGER] = "i", [QC_TOML_FLOAT] = "f",
		[QC_TOML_BOOLEAN] = "b", [QC_TOML_ARRAY] = "(",
	};
	char *source = malloc(len + 1);
	char *buffer = malloc(len + 1);
	QcToml toml;
	QcTomlEvent event;
	size_t n = 0;

	/* Of exactly their sizes, so that the sanitizer sees a byte too many. */
	source = realloc(source, len ? len : 1);
	memcpy(source, text, len);
	qc_toml_begin(&toml, source, len, buffer);
	got[0] = '\0';
	while ((event = qc_toml_next(&toml)) > QC_TOML_END && n < sizeof(got) - 512)
		if (event == QC_TOML_ARRAY_END)
			n += snprintf(got + n, sizeof(got) - n, ") ");
		else if (event <= QC_TOML_TABLE_ITEM)
			n += snprintf(got + n, sizeof(got) - n,
						  event == QC_TOML_TABLE ? "[%s] " : "[[%s]] ", toml.key);
		else
			n +=
				snprintf(got + n, sizeof(got) - n, "%s%s%s%s%s ",
						 toml.key ? toml.key : "", toml.key ? "=" : "", names[event],
						 event == QC_TOML_ARRAY ? "" : ":", toml.text ? toml.text : "");
	if (event == QC_TOML_ERROR)
	{
		snprintf(got + n, sizeof(got) - n, "%d:%d %s", toml.line, toml.column,
				 toml.error);
		if (qc_toml_next(&toml) != QC_TOML_ERROR)
			snprintf(got + n, sizeof(got) - n, "goes on after an error");
	}
	free(source);
	free(buffer);
	return got;
}

static void
reads(const char *text, const char *wanted, const char *sentence)
{
	is_str(events(text, strlen(text)), wanted, sentence);
}

static void
values(void)
{
	reads("", "", "an empty file is one");
	reads("# only\n\n \t# words\n", "", "so is one of comments");
	reads("a = 1", "a=i:1 ", "the last line needs no end");
	reads("\xEF\xBB\xBF"
		  "a = 1\r\nb=2\r\n",
		  "a=i:1 b=i:2 ", "Windows' marks and ends are known");
	reads("a = +1_000\nb = -0\nc = 9223372036854775807\nd = -9223372036854775808",
		  "a=i:1000 b=i:-0 c=i:9223372036854775807 d=i:-9223372036854775808 ",
		  "integers fill 64 bits");
	reads("a = 29.00\nb = -0.5e+1_0\nc = 1E3\nd = +3.1_4",
		  "a=f:29.00 b=f:-0.5e+10 c=f:1E3 d=f:3.14 ",
		  "decimals stay as they are written");
	reads("a = true\nb = false # yes", "a=b:true b=b:false ", "booleans");
	reads("a = \"x\\b\\t\\n\\f\\r\\\"\\\\ \\u00e9\\U0001F600 \xC3\xA9\"",
		  "a=s:x\b\t\n\f\r\"\\ \xC3\xA9\xF0\x9F\x98\x80 \xC3\xA9 ",
		  "strings have escapes");
	reads("a = 'C:\\x' \nb = ''\nc=\"\"",
		  "a=s:C:\\x b=s: c=s: ", "literal ones have none");
	reads("\"a b\" = 1\n'c.d' = 2\n1-_x = 3", "a b=i:1 c.d=i:2 1-_x=i:3 ",
		  "names may be quoted");
}

static void
structures(void)
{
	reads("a = [ 1, 'x' ,true, 1.5 ]\n", "a=( i:1 s:x b:true f:1.5 ) ", "arrays");
	reads("a = []\nb = [ # none\n ]\nc = [\n1, # one\n2,\n]",
		  "a=( ) b=( ) c=( i:1 i:2 ) ",
		  "over several lines, with comments, with a comma at the end");
	reads("[a]\nx = 1\n[ b ] # words\nx = 2", "[a] x=i:1 [b] x=i:2 ", "tables");
	reads("v = 1\n[[p]]\nn = 1\n[[ p ]]\nn = 2\n[['p']]",
		  "v=i:1 [[p]] n=i:1 [[p]] n=i:2 [[p]] ", "arrays of tables");
}

static void
wrong_names(void)
{
	reads("a = 1\na = 2", "a=i:1 2:3 \"a\" is defined a second time", "a key twice");
	reads("[a]\n[a]", "[a] 2:4 \"a\" is defined a second time", "a table twice");
	reads("a = 1\n[a]", "a=i:1 2:4 \"a\" is defined a second time",
		  "a table that is a value");
	reads("[a]\n[[a]]", "[a] 2:6 \"a\" is defined a second time",
		  "an array that is a table");
	reads("[[a]]\n[a]", "[[a]] 2:4 \"a\" is defined a second time",
		  "a table that is an array");
	reads("[[p]]\nx = 1\n'x' = 2", "[[p]] x=i:1 3:5 \"x\" is set a second time",
		  "a key twice in a table, however it is quoted");
	reads("a.b = 1", "1:2 dotted names are not supported", "a dotted key");
	reads("[a.b]", "1:3 dotted names are not supported", "a dotted table");
	reads("[[a . b]]", "1:5 dotted names are not supported",
		  "a dotted array of tables");
	reads(" = 1", "1:2 a name is missing", "no key");
	reads("[]", "1:2 a name is missing", "a table without a name");
	reads("a 1", "1:3 \"=\" is missing after the key", "no sign of equality");
	reads("[a", "1:3 \"]\" is missing after the table's name", "an open table");
	reads("[[a]", "1:4 \"]]\" is missing after the table's name",
		  "half an array of tables");
	reads("\xC3\xA9 = 1", "1:1 a name is missing", "a letter that needs quotes");
}

static void
wrong_values(void)
{
	reads("a =", "1:4 a value is missing", "no value");
	reads("a = 1 2", "1:7 nothing else may stand on the line", "two values");
	reads("[a] b = 1", "1:5 nothing else may stand on the line",
		  "a value beside a table");
	reads("a = starter", "1:5 \"starter\" is no value: put a text into quotes",
		  "a bare word");
	reads("a = True", "1:5 \"True\" is no value: put a text into quotes",
		  "a boolean in capitals");
	reads("a = 012", "1:5 \"012\" is no number", "a number with a leading nought");
	reads("a = 1_", "1:5 \"1_\" is no number", "an underscore at the end");
	reads("a = 1__0", "1:5 \"1__0\" is no number", "two underscores");
	reads("a = .5", "1:5 \".5\" is no value: put a text into quotes",
		  "a fraction alone");
	reads("a = 5.", "1:5 \"5.\" is no number", "a point at the end");
	reads("a = 1.e3", "1:5 \"1.e3\" is no number", "a point before an exponent");
	reads("a = 1,5", "1:6 nothing else may stand on the line", "a comma for a point");
	reads("a = --1", "1:5 \"--1\" is no number", "two signs");
	reads("a = 9223372036854775808", "1:5 the number has more than 64 bits",
		  "one too many");
	reads("a = -9223372036854775809", "1:5 the number has more than 64 bits",
		  "one too few");
	reads("a = 0x1F", "1:5 only decimal numbers are supported", "another base");
	reads("a = -inf", "1:5 inf and nan are not supported", "infinity");
	reads("a = 2026-01-31", "1:5 dates and times are not supported", "a date");
	reads("a = 12:30:00", "1:5 dates and times are not supported", "a time");
	reads("a = {b = 1}", "1:5 inline tables are not supported", "an inline table");
	reads("a = [[1]]", "a=( 1:6 an array in an array is not supported",
		  "an array in an array");
	reads("a = [1 2]", "a=( 1:8 \",\" or \"]\" is missing in the array",
		  "an array without a comma");
	reads("a = [1,,2]", "a=( i:1 1:8 a value is missing", "two commas");
	reads("a = [1,\n\n", "a=( i:1 3:1 a value is missing", "an array without an end");
}

static void
wrong_texts(void)
{
	reads("a = \"\"\"x\"\"\"", "1:5 strings of several lines are not supported",
		  "a long string");
	reads("a = '''x'''", "1:5 strings of several lines are not supported",
		  "a long literal one");
	reads("a = \"x\nb", "1:7 the string does not end on its line", "an open string");
	reads("a = \"x", "1:7 the string does not end on its line", "one at the end");
	reads("a = \"\\x41\"", "1:6 there is no such escape", "an unknown escape");
	reads("a = \"\\u12\"", "1:8 the escape needs 4 hexadecimal digits",
		  "half an escape");
	reads("a = \"\\U00110000\"", "1:8 the escape names no character",
		  "beyond the last character");
	reads("a = \"\\ud800\"", "1:8 the escape names no character", "a surrogate");
	reads("a = \"\\u0000\"", "1:8 the escape names no character", "a NUL");
	reads("a = \"\x01\"", "1:6 a control character must be written as an escape",
		  "a control character");
	reads("a = \"\xC3\"", "1:6 the text is not UTF-8", "half a character");
	reads("a = \"\xC0\xAF\"", "1:6 the text is not UTF-8", "one longer than needed");
	reads("a = \"\xED\xA0\x80\"", "1:6 the text is not UTF-8", "a surrogate as bytes");
	reads("# \xFF", "1:3 the text is not UTF-8", "a comment that is no text");
	reads("a = 1 # x\rb", "1:10 a control character must be written as an escape",
		  "an end of line of old");
	reads("a = '\xC3\xA9\xE2\x82\xAC' x", "1:10 nothing else may stand on the line",
		  "columns count characters");
	is_str(events("a = 1\0b", 7), "1:6 nothing else may stand on the line",
		   "a NUL byte");
}

/* Every prefix of a file, and every file with one byte changed, is read or refused. */
static void
mangled(void)
{
	static const char file[] =
		"# plans\n[[plan]]\nname = \"St\\u00e4rter \xE2\x82\xAC\"\nprice = 2_9.00\n"
		"list = [ 'a', 1, true, # x\n]\n[t]\n\"k\" = -1\n";
	char copy[sizeof(file)];

	for (size_t len = 0; len < sizeof(file); len++)
		(void) events(file, len);
	for (size_t i = 0; i < sizeof(file) - 1; i++)
		for (int c = 0; c < 256; c++)
		{
			memcpy(copy, file, sizeof(file));
			copy[i] = (char) c;
			(void) events(copy, sizeof(file) - 1);
		}
	ok(true, "no byte that is missing or wrong is read past the end");
}

static void
bounds(void)
{
	char text[16 * 200] = "";
	size_t n = 0;

	for (int i = 0; i <= QC_TOML_MAX_NAMES; i++)
		n += snprintf(text + n, sizeof(text) - n, "k%d=1\n", i);
	is_str(strstr(events(text, n), "129:5"), "129:5 the file has too many names",
		   "a file has a bounded number of names");
	n = snprintf(text, sizeof(text), "[t]\n");
	for (int i = 0; i <= QC_TOML_MAX_NAMES; i++)
		n += snprintf(text + n, sizeof(text) - n, "k%d=1\n", i);
	is_str(strstr(events(text, n), "130:5"), "130:5 the table has too many keys",
		   "so has a table");
}

int
main(void)
{
	values();
	structures();
	wrong_names();
	wrong_values();
	wrong_texts();
	mangled();
	bounds();
	return done();
}
