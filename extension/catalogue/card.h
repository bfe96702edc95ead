/*
 * extension/catalogue/card.h
 *		A product as lists show it: one object, written from one row.
 */
#ifndef QC_CATALOGUE_CARD_H
#define QC_CATALOGUE_CARD_H

#include "postgres.h"

#include "extension/core/json.h"

/* What a statement must select, in this order, of catalogue c and shops s. */
#define QC_CARD_COLUMNS                                                                \
	"c.product_id, c.is_digital, c.name, c.thumbnail, c.price, c.discount_price,"      \
	" c.quantity, c.brand, c.sold, s.id, s.name, s.logo_url,"                          \
	" s.estimated_delivery_time, s.delivery_charge, s.last_online_at"
#define QC_CARD_NCOLUMNS 15

/* The members of a card that product details share, without the outer braces. */
extern void qc_card_members(QcJson *json, uint64 row, bool has_thumbnail);
extern void qc_card_shop(QcJson *json, uint64 row);

/* Write the n rows of the last result as a list of cards. */
extern void qc_card_list(QcJson *json, const char *key, uint64 n);

/* What percentage a discount takes off a price, in hundredths, half away from zero. */
extern int64 qc_card_discount(int64 price, int64 discount_price);

#endif /* QC_CATALOGUE_CARD_H */
