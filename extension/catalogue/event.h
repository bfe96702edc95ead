/*
 * extension/catalogue/event.h
 *		What a shop's endpoints are told about its products.
 *
 * Once per transaction and product, as it ended: what came and went again is not told.
 * No-ops where nobody listens.
 */
#ifndef QC_CATALOGUE_EVENT_H
#define QC_CATALOGUE_EVENT_H

#include "postgres.h"

/* Names of a product, from a row that may be gone. */
typedef struct QcProductBrief
{
	int64 shop_id;
	int64 id;
	const char *name;
	const char *handle;
	const char *code; /* NULL = none */
} QcProductBrief;

extern void qc_product_tell_created(int64 shop_id, int64 product_id);
extern void qc_product_tell_updated(int64 shop_id, int64 product_id);
extern void qc_product_tell_deleted(const QcProductBrief *product);

/* Its stock fell to the threshold or below. */
extern void qc_product_tell_low_stock(const QcProductBrief *product, int32 quantity,
									  int64 threshold);

#endif /* QC_CATALOGUE_EVENT_H */
