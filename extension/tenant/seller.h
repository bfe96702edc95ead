/*
 * extension/tenant/seller.h
 *		A person with his shop, as the seller's app reads both.
 */
#ifndef QC_TENANT_SELLER_H
#define QC_TENANT_SELLER_H

#include "postgres.h"

#include "extension/core/json.h"

/* The shop a user acts for when he names none: his own, else one he works in; 0 = none. */
extern int64 qc_seller_shop_of(int64 user_id);

/* The object SellerUser: the user and his shop; shop is null when shop_id is 0. */
extern void qc_seller_write_user(QcJson *json, const char *key, int64 user_id,
								 int64 shop_id);

#endif /* QC_TENANT_SELLER_H */
