/*
 * extension/import/import.h
 *		A product file goes into a shop, product by product.
 */
#ifndef QC_IMPORT_IMPORT_H
#define QC_IMPORT_IMPORT_H

#include "postgres.h"

#include "extension/core/json.h"

/*
 * Import Shopify's product CSV into the acting shop and write the report's members.
 *
 * Each product goes in or not in a subtransaction of its own.  overwrite: products that
 * the shop has already, by handle, take over the file's columns; else they stay.
 */
extern void qc_import_run(QcJson *json, int64 shop_id, const char *data, size_t len,
						  bool overwrite);

#endif /* QC_IMPORT_IMPORT_H */
