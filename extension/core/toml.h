/*
 * extension/core/toml.h
 *		Reading the part of TOML 1.0 that a file of settings needs.
 *
 * Pure: no PostgreSQL function is called, no memory is taken.  Tables, arrays of tables,
 * one-line strings, decimal integers and floats, booleans and arrays of these are read
 * strictly.  Dotted names, inline tables, arrays in arrays, dates, strings of several
 * lines, other bases, inf and nan are refused, each with a sentence of its own.
 */
#ifndef QC_CORE_TOML_H
#define QC_CORE_TOML_H

#include <stdbool.h>
#include <stddef.h>

#define QC_TOML_MAX_NAMES 128 /* keys of one table; tables and keys of the file */
#define QC_TOML_ERROR_MAX 160

typedef enum QcTomlEvent
{
	QC_TOML_ERROR,
	QC_TOML_END,
	QC_TOML_TABLE,      /* [key] */
	QC_TOML_TABLE_ITEM, /* [[key]] */
	QC_TOML_STRING,     /* key = text; in an array without key */
	QC_TOML_INTEGER,    /* its digits, without "+" and "_"; fits into 64 bits */
	QC_TOML_FLOAT,      /* as it stands, without "+" and "_" */
	QC_TOML_BOOLEAN,    /* "true" or "false" */
	QC_TOML_ARRAY,      /* key = [, then its elements, then the end */
	QC_TOML_ARRAY_END
} QcTomlEvent;

typedef struct QcToml
{
	/* Of the last event. */
	const char *key;
	const char *text;
	int line; /* from 1; where it begins, or where the error is */
	int column;
	char error[QC_TOML_ERROR_MAX]; /* a sentence without a capital and a full stop */

	/* The reader's own. */
	const char *at;
	const char *end;
	const char *line_start;
	int line_of_at;
	char *out;
	bool is_in_array;
	bool is_past_error;
	int nkeys;
	const char *keys[QC_TOML_MAX_NAMES]; /* of the current table */
	int nroots;
	struct
	{
		const char *name;
		QcTomlEvent kind; /* TABLE, TABLE_ITEM, or STRING for any value */
	} roots[QC_TOML_MAX_NAMES];
	bool is_in_root; /* no table has begun */
} QcToml;

/* Begin to read; buffer holds len + 1 bytes and lives as long as what is read. */
extern void qc_toml_begin(QcToml *toml, const char *text, size_t len, char *buffer);

/* The next event; after an error always the same one. */
extern QcTomlEvent qc_toml_next(QcToml *toml);

#endif /* QC_CORE_TOML_H */
