/*
 * extension/billing/subdomain.h
 *		A shop's own host name under the base domain, while its plan includes one.
 */
#ifndef QC_BILLING_SUBDOMAIN_H
#define QC_BILLING_SUBDOMAIN_H

#include "postgres.h"

#include "datatype/timestamp.h"

#define QC_SUBDOMAIN_MIN           3
#define QC_SUBDOMAIN_MAX           32
#define QC_SUBDOMAIN_RESERVED_DAYS 30

/*
 * Make a label from a shop's name, which must be lower case and decomposed (NFKD):
 * letters, digits, single hyphens inside, at most QC_SUBDOMAIN_MAX long.  out holds
 * QC_SUBDOMAIN_MAX + 1; false when too little is left of the name.
 */
extern bool qc_subdomain_label(const char *name, char *out);

/*
 * Give the shop its subdomain: the one it has or had reserved, else a new one that no
 * other shop holds.  The caller has locked the shop.
 */
extern void qc_subdomain_open(int64 shop_id);

/* Is it one that no shop can have: by the settings, or because the marketplace has it? */
extern bool qc_subdomain_is_reserved(const char *label);

/* Keep the shop's names for QC_SUBDOMAIN_RESERVED_DAYS from now; no-op without one. */
extern void qc_subdomain_reserve(int64 shop_id);

/* Release the names whose reservation is over at that time; returns how many. */
extern int64 qc_subdomain_release(TimestampTz at);

/* The host name that shows the shop, or NULL; palloc'd. */
extern char *qc_subdomain_host(int64 shop_id);

#endif /* QC_BILLING_SUBDOMAIN_H */
