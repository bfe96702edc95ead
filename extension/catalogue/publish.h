/*
 * extension/catalogue/publish.h
 *		Keeps the public read model equal to products and shops.
 */
#ifndef QC_CATALOGUE_PUBLISH_H
#define QC_CATALOGUE_PUBLISH_H

#include "postgres.h"

#include "commands/trigger.h"

/* After a statement on products: take over the rows of its transition tables. */
extern void qc_publish_inserted(TriggerData *data);
extern void qc_publish_updated(TriggerData *data);
extern void qc_publish_deleted(TriggerData *data);

/* After TRUNCATE products. */
extern void qc_publish_nothing(void);

/* After a shop was opened or closed. */
extern void qc_publish_shop(int64 shop_id, bool is_active);

/* After order lines came in. */
extern void qc_publish_sold(TriggerData *data);

/* Make everything anew; returns the number of rows. */
extern int64 qc_publish_all(void);

/*
 * Find what is not as it should be; returns the number of rows of the last result:
 * shop_id, product_id (both NULL for the tallies), what is wrong.  Within qc_db_begin().
 */
extern uint64 qc_publish_differences(void);

#endif /* QC_CATALOGUE_PUBLISH_H */
