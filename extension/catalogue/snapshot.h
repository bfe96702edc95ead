/*
 * extension/catalogue/snapshot.h
 *		A product as it is now, for those who are told of it elsewhere.
 */
#ifndef QC_CATALOGUE_SNAPSHOT_H
#define QC_CATALOGUE_SNAPSHOT_H

#include "postgres.h"

/* With its variants, as a JSON object; NULL when it is gone or deleted. */
extern char *qc_snapshot_product(int64 shop_id, int64 product_id);

#endif /* QC_CATALOGUE_SNAPSHOT_H */
