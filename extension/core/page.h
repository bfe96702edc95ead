/*
 * extension/core/page.h
 *		Paging: one rule for every list.
 */
#ifndef QC_CORE_PAGE_H
#define QC_CORE_PAGE_H

#include "postgres.h"

#define QC_PAGE_DEFAULT 20
#define QC_PAGE_MAX     100

typedef struct QcPage
{
	int64 limit;
	int64 offset;
} QcPage;

/*
 * Pages count from 1; absent or not positive values mean the first page and the
 * default size.  No list is longer than QC_PAGE_MAX, whatever is asked.
 */
static inline QcPage
qc_page(int32 page, int32 per_page)
{
	QcPage result;

	result.limit = per_page < 1 ? QC_PAGE_DEFAULT : Min(per_page, QC_PAGE_MAX);
	result.offset = page < 1 ? 0 : (int64) (page - 1) * result.limit;
	return result;
}

#endif /* QC_CORE_PAGE_H */
