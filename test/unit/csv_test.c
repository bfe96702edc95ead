/*
 * test/unit/csv_test.c
 *		Reading CSV: quotes, line ends, limits, broken records.
 */
#include "extension/import/csv.c"

#include <stdlib.h>

#include "tap.h"

static char buffer[4096];

/* Reads a whole text; records are joined by "|", fields by "¦", wrong ones are "!n". */
static char *
read_all(const char *text, size_t len, size_t capacity)
{
	static char out[65536];
	char *copy = malloc(len ? len : 1);
	char *tight = malloc(capacity ? capacity : 1);
	QcCsvVerdict verdict;
	QcCsv csv;

	memcpy(copy, text, len);
	qc_csv_init(&csv, copy, len, tight, capacity);
	*out = '\0';
	while ((verdict = qc_csv_next(&csv)) != QC_CSV_END)
	{
		if (*out)
			strcat(out, "|");
		if (verdict != QC_CSV_RECORD)
			sprintf(out + strlen(out), "!%d", verdict);
		else
			for (int i = 0; i < csv.n; i++)
			{
				strcat(out, i ? "~" : "");
				strcat(out, csv.fields[i].at);
			}
	}
	free(tight);
	free(copy);
	return out;
}

static void
reads(const char *text, const char *wanted, const char *sentence)
{
	is_str(read_all(text, strlen(text), sizeof(buffer)), wanted, sentence);
}

/* Whatever comes, reading ends and stays inside its buffers (the sanitizers watch). */
static void
random_input_ends(void)
{
	static const char alphabet[] = "ab,;\"\"\"\r\n\t \0";
	unsigned seed = 11;
	bool is_bounded = true;

	for (int round = 0; round < 20000; round++)
	{
		char text[64];
		size_t len;

		for (len = 0; len < sizeof(text); len++)
		{
			seed = seed * 1103515245u + 12345u;
			text[len] = alphabet[(seed >> 16) % sizeof(alphabet)];
		}
		is_bounded &= strlen(read_all(text, seed % 64, seed % 80)) < 65536;
	}
	ok(is_bounded, "20000 random texts are read to their end");
}

int
main(void)
{
	char many[2 * QC_CSV_MAX_FIELDS + 8] = "";
	QcCsv csv;

	reads("a,b,c\n1,2,3\n", "a~b~c|1~2~3", "fields and records");
	reads("a,b\r\n1,2\r\n", "a~b|1~2", "CRLF ends a line");
	reads("a,b\r1,2", "a~b|1~2", "so does CR, and the end of the text");
	reads("\xef\xbb\xbf"
		  "a,b\n",
		  "a~b", "a byte-order mark is skipped");
	reads("a,,\n,,\n", "a~~|~~", "empty fields count");
	reads("\n\na\n\r\n\nb\n\n", "a|b", "empty lines do not");
	reads("\"a,b\",\"c\"\n", "a,b~c", "a separator inside quotes is text");
	reads("\"a\nb\r\nc\",d\n", "a\nb\r\nc~d", "so are line ends");
	reads("\"a \"\"b\"\" c\",\"\"\n", "a \"b\" c~", "a doubled quote is one");
	reads(" a , \"b\" \n", "!4", "a quote behind a blank is in a wrong place");
	reads("a\"b,c\nd,e\n", "!4|d~e",
		  "a quote inside a bare field spoils one record only");
	reads("\"a\"b,c\nd,e\n", "!4|d~e", "so does text behind a closing quote");
	reads("x\n\"a,b\nc,d\n", "x|!5", "a quote that stays open takes the rest");
	reads("a;b;c,d\n1;2;3,4\n", "a~b~c,d|1~2~3,4",
		  "semicolons part where the first line has more");
	reads("a\tb\n1\t2,3\n", "a~b|1~2,3", "so do tabs");
	reads("\"a,,,\";b\n1;2\n", "a,,,~b|1~2",
		  "separators inside quotes are not counted");
	reads("", "", "no text, no record");
	reads("a", "a", "one field");
	is_str(read_all("ab,c\nd,e\n", 9, 4), "!3|d~e",
		   "a record longer than the buffer is refused alone");
	is_str(read_all("ab,c\n", 5, 5), "ab~c", "one that just fits is read");
	for (int i = 0; i < QC_CSV_MAX_FIELDS; i++)
		strcat(many, ",");
	strcat(many, "\na\n");
	reads(many, "!2|a", "more fields than there may be are refused");

	qc_csv_init(&csv, "h\na,b\nc\n", 8, buffer, sizeof(buffer));
	qc_csv_next(&csv);
	qc_csv_next(&csv);
	is_int(csv.start, 2, "a record tells where it began");
	qc_csv_next(&csv);
	csv.pos = 2;
	qc_csv_next(&csv);
	is_str(csv.fields[1].at, "b", "and can be read again from there");
	ok(qc_csv_complaint(QC_CSV_OPEN_QUOTE) != NULL &&
		   qc_csv_complaint(QC_CSV_END) == NULL,
	   "only what is wrong has a sentence");
	random_input_ends();
	return done();
}
