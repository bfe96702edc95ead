/*
 * extension/catalogue/product.h
 *		A product of a shop: checked, written, read back.
 *
 * Rows are written as the caller, under row-level security, with the shop named
 * besides.  That a plan has room is the business of the table's trigger.
 */
#ifndef QC_CATALOGUE_PRODUCT_H
#define QC_CATALOGUE_PRODUCT_H

#include "postgres.h"

#include "extension/core/args.h"
#include "extension/core/db.h"

typedef struct QcProduct
{
	char *name;
	char *handle; /* NULL = made from the name */
	char *code;
	char *short_description;
	char *description;
	char *brand;
	char *product_type;
	char *thumbnail_url;
	char *meta_title;
	char *meta_description;
	char *meta_keywords;
	int64 price; /* hundredths, as the other amounts */
	int64 discount_price;
	int64 buy_price;
	int64 media_id; /* the main picture, if it was uploaded; 0 = none */
	int32 quantity; /* with variants: the sum of theirs */
	int32 min_order_quantity;
	bool is_active;
	bool is_digital;
	Datum tags;     /* text[]; 0 = none */
	Datum variants; /* jsonb list; 0 = not given */
	Datum images;   /* jsonb list; 0 = not given */
} QcProduct;

/* A new product's defaults. */
extern void qc_product_init(QcProduct *product);

/* Complain about every field that is not as it must be. */
extern void qc_product_check(QcProduct *product, QcFieldErrors *errors, int64 shop_id);

/*
 * Write a new product with its variants and pictures; returns its id.  A code or handle
 * that another product of the shop has raises validation_failed.
 */
extern int64 qc_product_create(QcProduct *product, int64 shop_id);

/*
 * Read a product and lock it against other writers; false when the shop has none of
 * that id.  variants and images are left as not given.
 */
extern bool qc_product_lock(QcProduct *product, int64 shop_id, int64 product_id);

/* Write a product that was locked; variants and images only when given. */
extern void qc_product_update(QcProduct *product, int64 shop_id, int64 product_id);

/* The id of the shop's product with that handle; 0 = none. */
extern int64 qc_product_find(int64 shop_id, const char *handle);

#endif /* QC_CATALOGUE_PRODUCT_H */
