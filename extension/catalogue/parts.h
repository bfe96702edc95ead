/*
 * extension/catalogue/parts.h
 *		Variants and pictures of a product, as JSON lists.
 */
#ifndef QC_CATALOGUE_PARTS_H
#define QC_CATALOGUE_PARTS_H

#include "postgres.h"

#include "extension/core/args.h"

/*
 * variants: [{"option1_name"?, "option1_value"?, … option3, "sku"?, "barcode"?, "price"?,
 * "compare_at_price"?, "quantity"?, "weight_grams"?, "image_url"?}].  *quantity becomes
 * the sum of theirs, unless the list is empty.
 */
extern void qc_parts_check_variants(Datum variants, QcFieldErrors *errors,
									int32 *quantity);

/* images: [{"url" or "media_id", "alt_text"?}] or plain URLs, in their order. */
extern void qc_parts_check_images(Datum images, QcFieldErrors *errors, int64 shop_id);

/*
 * Make a product's variants and pictures those of the lists (0 = leave them).  A variant
 * with options that the product has already stays the same row.  price: of a variant
 * that names none.
 */
extern void qc_parts_write(int64 shop_id, int64 product_id, Datum variants,
						   Datum images, Datum price);

#endif /* QC_CATALOGUE_PARTS_H */
