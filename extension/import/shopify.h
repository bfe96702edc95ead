/*
 * extension/import/shopify.h
 *		What the columns of Shopify's product CSV say of a product.
 *
 * Both spellings of the template are known: "Handle", "Body (HTML)", "Variant Price" …
 * of the older one, "URL handle", "Description", "Price" … of the newer one, in any case.
 */
#ifndef QC_IMPORT_SHOPIFY_H
#define QC_IMPORT_SHOPIFY_H

#include "postgres.h"

#include "extension/catalogue/product.h"
#include "extension/import/csv.h"

typedef enum QcShopifyColumn
{
	QC_SHOPIFY_HANDLE,
	QC_SHOPIFY_TITLE,
	QC_SHOPIFY_BODY,
	QC_SHOPIFY_VENDOR,
	QC_SHOPIFY_TYPE,
	QC_SHOPIFY_TAGS,
	QC_SHOPIFY_PUBLISHED,
	QC_SHOPIFY_STATUS,
	QC_SHOPIFY_OPTION1_NAME,
	QC_SHOPIFY_OPTION1_VALUE,
	QC_SHOPIFY_OPTION2_NAME,
	QC_SHOPIFY_OPTION2_VALUE,
	QC_SHOPIFY_OPTION3_NAME,
	QC_SHOPIFY_OPTION3_VALUE,
	QC_SHOPIFY_SKU,
	QC_SHOPIFY_BARCODE,
	QC_SHOPIFY_GRAMS,
	QC_SHOPIFY_TRACKER,
	QC_SHOPIFY_QUANTITY,
	QC_SHOPIFY_PRICE,
	QC_SHOPIFY_COMPARE_AT,
	QC_SHOPIFY_COST,
	QC_SHOPIFY_SHIPPING,
	QC_SHOPIFY_IMAGE,
	QC_SHOPIFY_IMAGE_ALT,
	QC_SHOPIFY_GIFT_CARD,
	QC_SHOPIFY_SEO_TITLE,
	QC_SHOPIFY_SEO_DESCRIPTION,
	QC_SHOPIFY_VARIANT_IMAGE,
	QC_SHOPIFY_NCOLUMNS
} QcShopifyColumn;

typedef struct QcShopifyHeader
{
	int field[QC_SHOPIFY_NCOLUMNS];        /* where a column is; -1 = not in the file */
	const char *name[QC_SHOPIFY_NCOLUMNS]; /* as the file spells it */
	char *ignored; /* JSON list of the names that are not imported */
} QcShopifyHeader;

/* A product while its rows are read. */
typedef struct QcShopifyProduct
{
	QcProduct product;
	int nrows;
	int nvariants;
	int nimages;
	StringInfoData variants; /* JSON */
	StringInfoData images;   /* JSON */
	const char *option_names[3];
	const char *first_image;
	bool has_variant_data; /* is there more to a variant than its price and stock? */
	int64 quantity;        /* of all variants */
} QcShopifyProduct;

/* Find the columns in the header record; without handle and title nothing is. */
extern bool qc_shopify_read_header(QcShopifyHeader *header, const QcCsv *csv);

/* A column of the last record, trimmed, palloc'd; NULL when empty or not in the file. */
extern char *qc_shopify_column(const QcShopifyHeader *header, const QcCsv *csv,
							   QcShopifyColumn column);

/* The handle that a record is about, made from its title if need be; NULL = neither. */
extern char *qc_shopify_handle(const QcShopifyHeader *header, const QcCsv *csv);

/* Begin a product; known = what the shop has of it already, or NULL. */
extern void qc_shopify_begin(QcShopifyProduct *p, const QcProduct *known);

/* Take over the last record; complaints name the file's columns. */
extern void qc_shopify_take_row(QcShopifyProduct *p, const QcShopifyHeader *header,
								const QcCsv *csv, QcFieldErrors *errors);

/* After the last row: variants and pictures are put into p->product. */
extern void qc_shopify_end(QcShopifyProduct *p);

#endif /* QC_IMPORT_SHOPIFY_H */
