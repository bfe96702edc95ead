/*
 * extension/catalogue/listing.h
 *		The public list of products.
 */
#ifndef QC_CATALOGUE_LISTING_H
#define QC_CATALOGUE_LISTING_H

#include "postgres.h"

#include "extension/core/json.h"
#include "extension/core/page.h"

typedef enum QcListOrder
{
	QC_LIST_NEWEST,
	QC_LIST_CHEAPEST,
	QC_LIST_DEAREST,
	QC_LIST_TOP_SELLING,
	QC_LIST_NORDERS
} QcListOrder;

typedef struct QcListing
{
	int64 shop_id;      /* 0 = all shops */
	const char *search; /* words, each the beginning of one; NULL = all */
	const char *brand;  /* NULL = all */
	bool is_digital;    /* digital ones only */
	bool has_min_price;
	bool has_max_price;
	Datum min_price; /* numeric */
	Datum max_price;
	QcListOrder order;
	QcPage page;
} QcListing;

/* Write total, products and filters. */
extern void qc_listing_write(QcJson *json, const QcListing *listing);

#endif /* QC_CATALOGUE_LISTING_H */
