/*
 * extension/catalogue/facets.h
 *		What a list of products says besides the page: how many there are, which brands,
 *		from which price to which.
 */
#ifndef QC_CATALOGUE_FACETS_H
#define QC_CATALOGUE_FACETS_H

#include "postgres.h"

typedef struct QcFacets
{
	int64 total;
	const char *filters; /* JSON object; lives until the next call */
} QcFacets;

/* Of one shop's published products; shop_id 0 = of all shops. */
extern QcFacets qc_facets(int64 shop_id);

#endif /* QC_CATALOGUE_FACETS_H */
