/*
 * extension/tenant/resolve.h
 *		Which shop a request is about: the shop that is shown.
 *
 * A choice of what to show, never a right: acting for the shop takes a membership.
 */
#ifndef QC_TENANT_RESOLVE_H
#define QC_TENANT_RESOLVE_H

#include "postgres.h"

/* What may name the shop, in the order in which the first one present wins. */
typedef struct QcShownSources
{
	const char *host;        /* as sent; NULL = none */
	const char *shop_header; /* X-Shop-ID; NULL or empty = none */
	const char *shop_field;  /* shop_id of query or body; NULL = none */
} QcShownSources;

typedef enum QcShownBy
{
	QC_SHOWN_BY_NOTHING, /* the marketplace */
	QC_SHOWN_BY_HOST,
	QC_SHOWN_BY_HEADER,
	QC_SHOWN_BY_FIELD,
	QC_SHOWN_BY_TOKEN /* the signed-in member's own shop */
} QcShownBy;

typedef struct QcShown
{
	int64 shop_id; /* 0 = marketplace */
	QcShownBy by;
	const char *tenant_id; /* with QC_SHOWN_BY_HOST, else NULL */
	const char *subdomain;
} QcShown;

/*
 * Find the shown shop.  Raises not_found for a host that shows nothing, bad_request
 * for one that is no host name and for an id that is no positive integer.  An id is
 * not looked up: nobody learns here which shops exist.
 */
extern void qc_resolve_shown(const QcShownSources *sources, QcShown *shown);

#endif /* QC_TENANT_RESOLVE_H */
