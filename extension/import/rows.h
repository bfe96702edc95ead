/*
 * extension/import/rows.h
 *		The rows of a product file, grouped by product, and what becomes of them.
 */
#ifndef QC_IMPORT_ROWS_H
#define QC_IMPORT_ROWS_H

#include "postgres.h"

#include "extension/core/args.h"
#include "extension/core/json.h"
#include "extension/import/shopify.h"

#define QC_IMPORT_MAX_BYTES  (16 * 1024 * 1024)
#define QC_IMPORT_MAX_ROWS   50000
#define QC_IMPORT_MAX_RECORD (1024 * 1024) /* bytes */

typedef enum QcImportStatus
{
	QC_IMPORT_CREATED,
	QC_IMPORT_UPDATED,
	QC_IMPORT_UNCHANGED,
	QC_IMPORT_REFUSED, /* by the plan */
	QC_IMPORT_FAILED,
	QC_IMPORT_NSTATUS
} QcImportStatus;

/* What is wrong with a row or a product. */
typedef struct QcImportComplaint
{
	char *message;
	char *code;  /* machine word */
	char *field; /* a column's name; NULL = none in particular */
} QcImportComplaint;

typedef struct QcImportRow
{
	size_t start;                 /* where in the file */
	int number;                   /* as a spreadsheet counts; the header is 1 */
	int product;                  /* -1 = none: complaint says why */
	int next;                     /* the product's next row; -1 = the last */
	QcImportComplaint *complaint; /* NULL = none of its own */
} QcImportRow;

typedef struct QcImportProduct
{
	char *handle;
	int first; /* row */
	int last;
	QcImportStatus status;
	QcImportComplaint *complaint; /* about the whole product */
} QcImportProduct;

typedef struct QcImport
{
	QcCsv csv;
	QcShopifyHeader header;
	QcImportRow *rows;
	int nrows;
	int capacity;
	QcImportProduct *products;
	int nproducts;
} QcImport;

/*
 * Read the header and group the rows by handle, in the order they first appear; in the
 * current memory context.  A text that is no such file at all raises validation_failed.
 */
extern void qc_import_read(QcImport *import, const char *data, size_t len);

/* Set the reader behind the row, so that its fields can be asked for. */
extern void qc_import_seek(QcImport *import, int row);

/* Write the counts and, for each row of the file, what became of it. */
extern void qc_import_write_report(QcJson *json, const QcImport *import);

extern QcImportComplaint *qc_import_complaint(const char *message, const char *code,
											  const char *field);

#endif /* QC_IMPORT_ROWS_H */
