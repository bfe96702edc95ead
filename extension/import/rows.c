/*
 * extension/import/rows.c
 *		The rows of a product file, grouped by product, and what becomes of them.
 *
 * The file is read twice: here only handles and places are kept, so memory grows with
 * the number of rows and not with what stands in them.  Rows are numbered as a
 * spreadsheet numbers them: the header is 1.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "extension/core/errors.h"
#include "extension/import/rows.h"

#define HANDLE_BYTES 820 /* QC_SLUG_MAX characters and a NUL, rounded up */

typedef struct HandleEntry
{
	char handle[HANDLE_BYTES];
	int product;
} HandleEntry;

static const char *const status_names[QC_IMPORT_NSTATUS] = {
	"created", "updated", "unchanged", "refused", "failed"};

static void
refuse_file(const char *complaint)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, "csv", "The file %s", complaint);
	qc_fields_raise(&errors);
}

QcImportComplaint *
qc_import_complaint(const char *message, const char *code, const char *field)
{
	QcImportComplaint *complaint = palloc(sizeof(*complaint));

	complaint->message = pstrdup(message);
	complaint->code = pstrdup(code);
	complaint->field = field ? pstrdup(field) : NULL;
	return complaint;
}

/* The first column whose text is not of the database's encoding; -1 = all are. */
static int
find_bad_encoding(const QcCsv *csv)
{
	for (int i = 0; i < csv->n; i++)
		if (!pg_verify_mbstr(GetDatabaseEncoding(), csv->fields[i].at,
							 (int) csv->fields[i].len, true))
			return i;
	return -1;
}

static const char *
name_of_field(QcImport *import, int field, char *out, size_t size)
{
	size_t pos = import->csv.pos;
	size_t start = import->csv.start;

	import->csv.pos = 0;
	if (memcmp(import->csv.data, "\xef\xbb\xbf", Min(import->csv.len, 3)) == 0)
		import->csv.pos = 3;
	(void) qc_csv_next(&import->csv);
	strlcpy(out, field < import->csv.n ? import->csv.fields[field].at : "", size);
	import->csv.pos = pos;
	import->csv.start = start;
	return *out ? out : NULL;
}

/* Why the record just read is no row of a product, if so. */
static QcImportComplaint *
check_record(QcImport *import, QcCsvVerdict verdict)
{
	char name[256];
	int bad;

	if (verdict != QC_CSV_RECORD)
		return qc_import_complaint(psprintf("The row %s", qc_csv_complaint(verdict)),
								   "bad_row", NULL);
	bad = find_bad_encoding(&import->csv);
	if (bad >= 0)
		return qc_import_complaint("The text is not valid UTF-8.", "bad_encoding",
								   name_of_field(import, bad, name, sizeof(name)));
	return NULL;
}

static void
read_header(QcImport *import)
{
	QcCsvVerdict verdict = qc_csv_next(&import->csv);

	if (verdict == QC_CSV_END)
		refuse_file("is empty.");
	if (verdict != QC_CSV_RECORD)
		refuse_file(
			psprintf("cannot be read: its first row %s", qc_csv_complaint(verdict)));
	if (find_bad_encoding(&import->csv) >= 0)
		refuse_file("is not UTF-8.");
	if (!qc_shopify_read_header(&import->header, &import->csv))
		refuse_file("has neither a column \"Handle\" nor \"Title\".");
}

/* Spreadsheets leave rows of separators alone at the end. */
static bool
is_empty(const QcCsv *csv)
{
	for (int i = 0; i < csv->n; i++)
		if (csv->fields[i].len > 0)
			return false;
	return true;
}

/* There is room for as many products as rows. */
static QcImportRow *
add_row(QcImport *import, int number)
{
	QcImportRow *row;

	if (import->nrows == QC_IMPORT_MAX_ROWS)
		refuse_file(psprintf("has more than %d rows.", QC_IMPORT_MAX_ROWS));
	if (import->nrows == import->capacity)
	{
		import->capacity = import->capacity ? import->capacity * 2 : 64;
		import->rows = import->rows ? repalloc(import->rows,
											   import->capacity * sizeof(QcImportRow))
									: palloc(import->capacity * sizeof(QcImportRow));
		import->products =
			import->products
				? repalloc(import->products, import->capacity * sizeof(QcImportProduct))
				: palloc(import->capacity * sizeof(QcImportProduct));
	}
	row = &import->rows[import->nrows++];
	*row = (QcImportRow){
		.start = import->csv.start, .number = number, .product = -1, .next = -1};
	return row;
}

/* Put the row to the product of its handle. */
static void
group_row(QcImport *import, HTAB *handles, QcImportRow *row, const char *handle)
{
	int index = (int) (row - import->rows);
	HandleEntry *entry;
	QcImportProduct *product;
	bool found;

	entry = hash_search(handles, handle, HASH_ENTER, &found);
	if (!found)
	{
		entry->product = import->nproducts++;
		import->products[entry->product] =
			(QcImportProduct){.handle = pstrdup(handle), .first = index, .last = index};
	}
	product = &import->products[entry->product];
	if (found)
		import->rows[product->last].next = index;
	product->last = index;
	row->product = entry->product;
}

static void
read_rows(QcImport *import, HTAB *handles, MemoryContext scratch)
{
	MemoryContext memory = CurrentMemoryContext;
	QcCsvVerdict verdict;
	int number = 1;

	while ((verdict = qc_csv_next(&import->csv)) != QC_CSV_END)
	{
		QcImportRow *row;
		char *handle = NULL;

		CHECK_FOR_INTERRUPTS();
		number++;
		if (verdict == QC_CSV_RECORD && is_empty(&import->csv))
			continue;
		row = add_row(import, number);
		row->complaint = check_record(import, verdict);
		MemoryContextSwitchTo(scratch);
		if (row->complaint == NULL)
			handle = qc_shopify_handle(&import->header, &import->csv);
		MemoryContextSwitchTo(memory);
		if (handle != NULL)
			group_row(import, handles, row, handle);
		else if (row->complaint == NULL)
			row->complaint = qc_import_complaint("Handle and Title are missing.",
												 "validation_failed", "Handle");
		MemoryContextReset(scratch);
	}
}

void
qc_import_read(QcImport *import, const char *data, size_t len)
{
	HASHCTL control = {.keysize = HANDLE_BYTES,
					   .entrysize = sizeof(HandleEntry),
					   .hcxt = CurrentMemoryContext};
	size_t capacity = Min(len, QC_IMPORT_MAX_RECORD) + QC_CSV_MAX_FIELDS;
	MemoryContext scratch;
	HTAB *handles;

	if (len > QC_IMPORT_MAX_BYTES)
		refuse_file("is larger than 16 MiB.");
	memset(import, 0, sizeof(*import));
	qc_csv_init(&import->csv, data, len, palloc(capacity), capacity);
	read_header(import);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "import row",
									ALLOCSET_DEFAULT_SIZES);
	handles = hash_create("import handles", 256, &control,
						  HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	read_rows(import, handles, scratch);
	hash_destroy(handles);
	MemoryContextDelete(scratch);
}

void
qc_import_seek(QcImport *import, int row)
{
	import->csv.pos = import->rows[row].start;
	(void) qc_csv_next(&import->csv);
}

static void
write_row(QcJson *json, const QcImport *import, int index)
{
	const QcImportRow *row = &import->rows[index];
	const QcImportProduct *product =
		row->product < 0 ? NULL : &import->products[row->product];
	const QcImportComplaint *complaint = row->complaint;

	if (complaint == NULL && product != NULL && product->first == index)
		complaint = product->complaint;
	qc_json_open(json, NULL, '{');
	qc_json_int(json, "row", row->number);
	qc_json_text(json, "handle", product ? product->handle : NULL);
	qc_json_text(json, "status",
				 status_names[product ? product->status : QC_IMPORT_FAILED]);
	qc_json_text(json, "message", complaint ? complaint->message : NULL);
	qc_json_text(json, "code", complaint ? complaint->code : NULL);
	qc_json_text(json, "field", complaint ? complaint->field : NULL);
	qc_json_close(json, '}');
}

void
qc_import_write_report(QcJson *json, const QcImport *import)
{
	int counts[QC_IMPORT_NSTATUS] = {0};

	for (int i = 0; i < import->nproducts; i++)
		counts[import->products[i].status]++;
	for (int i = 0; i < import->nrows; i++)
		counts[QC_IMPORT_FAILED] += import->rows[i].product < 0;
	for (int i = 0; i < QC_IMPORT_NSTATUS; i++)
		qc_json_int(json, status_names[i], counts[i]);
	qc_json_raw(json, "ignored_columns", import->header.ignored);
	qc_json_open(json, "rows", '[');
	for (int i = 0; i < import->nrows; i++)
		write_row(json, import, i);
	qc_json_close(json, ']');
}
