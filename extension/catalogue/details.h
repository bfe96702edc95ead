/*
 * extension/catalogue/details.h
 *		A published product with everything a product page shows.
 */
#ifndef QC_CATALOGUE_DETAILS_H
#define QC_CATALOGUE_DETAILS_H

#include "postgres.h"

#include "extension/core/json.h"

/*
 * Write product, related_products and popular_products; shop_id 0 = any shop.  A product
 * that is not published there raises not_found.
 */
extern void qc_details_write(QcJson *json, int64 product_id, int64 shop_id);

/* Variants and pictures of a product: lists for the product page and for its shop. */
extern void qc_details_write_variants(QcJson *json, int64 shop_id, int64 product_id);
extern void qc_details_write_pictures(QcJson *json, const char *key, int64 shop_id,
									  int64 product_id);

#endif /* QC_CATALOGUE_DETAILS_H */
