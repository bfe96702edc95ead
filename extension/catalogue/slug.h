/*
 * extension/catalogue/slug.h
 *		A product's handle from its name.
 *
 * Pure: no PostgreSQL function is called, so a unit test reaches it all.
 */
#ifndef QC_CATALOGUE_SLUG_H
#define QC_CATALOGUE_SLUG_H

#include <stddef.h>

#define QC_SLUG_MAX 200 /* characters, so that "-2" still fits the column */

/*
 * "Blue T-Shirt (XL)" -> "blue-t-shirt-xl".  Letters of other scripts stay; a text
 * without any letter or digit gives "product".  text is UTF-8; out holds
 * 4 * QC_SLUG_MAX + 1 bytes.
 */
extern char *qc_slug_make(const char *text, char *out);

#endif /* QC_CATALOGUE_SLUG_H */
