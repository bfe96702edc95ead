/*
 * extension/import/csv.c
 *		CSV as RFC 4180 has it: one record at a time.
 *
 * A record that is wrong is read to its end all the same, so that the next one is
 * found where a spreadsheet would find it.
 */
#include "extension/import/csv.h"

#include <string.h>

/* A record while it is read. */
typedef struct Record
{
	size_t used; /* bytes of the buffer */
	QcCsvVerdict verdict;
} Record;

static char
find_separator(const char *line, size_t len)
{
	static const char candidates[] = {',', ';', '\t'};
	size_t counts[3] = {0};
	bool in_quotes = false;
	size_t best = 0;

	for (size_t i = 0; i < len && (in_quotes || (line[i] != '\n' && line[i] != '\r'));
		 i++)
	{
		if (line[i] == '"')
			in_quotes = !in_quotes;
		for (size_t c = 0; !in_quotes && c < sizeof(candidates); c++)
			counts[c] += line[i] == candidates[c];
	}
	for (size_t c = 1; c < sizeof(candidates); c++)
		if (counts[c] > counts[best])
			best = c;
	return candidates[best];
}

void
qc_csv_init(QcCsv *csv, const char *data, size_t len, char *buffer, size_t capacity)
{
	memset(csv, 0, sizeof(*csv));
	csv->data = data;
	csv->len = len;
	csv->buffer = buffer;
	csv->capacity = capacity;
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		csv->pos = 3;
	csv->separator = find_separator(data + csv->pos, len - csv->pos);
}

/* The first thing that is wrong with a record counts. */
static void
complain(Record *record, QcCsvVerdict verdict)
{
	if (record->verdict == QC_CSV_RECORD)
		record->verdict = verdict;
}

static void
add_char(QcCsv *csv, Record *record, char c)
{
	if (record->used >= csv->capacity)
		complain(record, QC_CSV_TOO_LONG);
	else
		csv->buffer[record->used++] = c;
}

static void
begin_field(QcCsv *csv, Record *record)
{
	if (csv->n == QC_CSV_MAX_FIELDS)
	{
		complain(record, QC_CSV_TOO_MANY_FIELDS);
		csv->n--;
	}
	csv->fields[csv->n].at = csv->buffer + record->used;
}

static void
end_field(QcCsv *csv, Record *record)
{
	QcCsvField *field = &csv->fields[csv->n++];

	field->len = csv->buffer + record->used - field->at;
	add_char(csv, record, '\0');
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* Behind the opening quote: up to the closing one. */
static void
read_quoted(QcCsv *csv, Record *record)
{
	for (csv->pos++; csv->pos < csv->len; csv->pos++)
	{
		char c = csv->data[csv->pos];

		if (c == '"' && csv->pos + 1 < csv->len && csv->data[csv->pos + 1] == '"')
			csv->pos++;
		else if (c == '"')
		{
			csv->pos++;
			return;
		}
		add_char(csv, record, c);
	}
	complain(record, QC_CSV_OPEN_QUOTE);
}

static void
read_field(QcCsv *csv, Record *record)
{
	bool is_quoted = csv->pos < csv->len && csv->data[csv->pos] == '"';

	begin_field(csv, record);
	if (is_quoted)
		read_quoted(csv, record);
	for (; csv->pos < csv->len; csv->pos++)
	{
		char c = csv->data[csv->pos];

		if (c == csv->separator || is_line_end(c))
			break;
		if (is_quoted || c == '"')
			complain(record, QC_CSV_STRAY_QUOTE);
		add_char(csv, record, c);
	}
	end_field(csv, record);
}

static void
skip_line_end(QcCsv *csv)
{
	if (csv->pos < csv->len && csv->data[csv->pos] == '\r')
		csv->pos++;
	if (csv->pos < csv->len && csv->data[csv->pos] == '\n')
		csv->pos++;
}

QcCsvVerdict
qc_csv_next(QcCsv *csv)
{
	Record record = {.verdict = QC_CSV_RECORD};

	csv->n = 0;
	while (csv->pos < csv->len && is_line_end(csv->data[csv->pos]))
		csv->pos++;
	csv->start = csv->pos;
	if (csv->pos >= csv->len)
		return QC_CSV_END;
	read_field(csv, &record);
	while (csv->pos < csv->len && csv->data[csv->pos] == csv->separator)
	{
		csv->pos++;
		read_field(csv, &record);
	}
	skip_line_end(csv);
	return record.verdict;
}

const char *
qc_csv_complaint(QcCsvVerdict verdict)
{
	switch (verdict)
	{
		case QC_CSV_TOO_MANY_FIELDS:
			return "has more than 256 fields.";
		case QC_CSV_TOO_LONG:
			return "is too long.";
		case QC_CSV_STRAY_QUOTE:
			return "has a quote in a wrong place.";
		case QC_CSV_OPEN_QUOTE:
			return "opens a quote and never closes it.";
		default:
			return NULL;
	}
}
