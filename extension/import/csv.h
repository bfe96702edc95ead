/*
 * extension/import/csv.h
 *		CSV as RFC 4180 has it: one record at a time.
 *
 * Pure: no PostgreSQL function is called, so a unit test and a fuzzer reach it all.
 * Fields may be quoted, a quote inside is doubled, quoted fields may hold separators and
 * line ends; lines end with LF, CRLF or CR; a byte-order mark is skipped, so are empty
 * lines.  Blanks belong to the field.
 */
#ifndef QC_IMPORT_CSV_H
#define QC_IMPORT_CSV_H

#include <stdbool.h>
#include <stddef.h>

#define QC_CSV_MAX_FIELDS 256

typedef enum QcCsvVerdict
{
	QC_CSV_RECORD,
	QC_CSV_END,
	/* What follows is wrong with a record; reading goes on behind it. */
	QC_CSV_TOO_MANY_FIELDS,
	QC_CSV_TOO_LONG,
	QC_CSV_STRAY_QUOTE, /* text behind a closing quote, or a quote inside a bare field */
	QC_CSV_OPEN_QUOTE   /* the text ended inside quotes */
} QcCsvVerdict;

typedef struct QcCsvField
{
	const char *at; /* in the buffer, followed by a NUL that is not counted */
	size_t len;
} QcCsvField;

typedef struct QcCsv
{
	const char *data;
	size_t len;
	size_t pos;   /* where the next record begins; may be set back to a start */
	size_t start; /* where the last record began */
	char separator;
	char *buffer;    /* the caller's: the last record's fields */
	size_t capacity; /* bytes of it; a record needs its length and one more per field */
	int n;           /* fields of the last record */
	QcCsvField fields[QC_CSV_MAX_FIELDS];
} QcCsv;

/* Begin; the separator is the one of ",", ";" and TAB that the first line has most of. */
extern void qc_csv_init(QcCsv *csv, const char *data, size_t len, char *buffer,
						size_t capacity);

/* Read the next record. */
extern QcCsvVerdict qc_csv_next(QcCsv *csv);

/* What is wrong, as the end of a sentence; NULL for a record and for the end. */
extern const char *qc_csv_complaint(QcCsvVerdict verdict);

#endif /* QC_IMPORT_CSV_H */
