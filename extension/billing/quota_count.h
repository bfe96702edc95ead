/*
 * extension/billing/quota_count.h
 *		Counting an entry's rows into its base, and checking the base against them.
 */
#ifndef QC_BILLING_QUOTA_COUNT_H
#define QC_BILLING_QUOTA_COUNT_H

#include "postgres.h"

#include "extension/billing/quota_use.h"

/*
 * Make base exact, unless a count that began after seen_begun was done meanwhile;
 * QC_QUOTA_COUNT_ALWAYS counts in any case.
 */
#define QC_QUOTA_COUNT_ALWAYS PG_UINT32_MAX
extern void qc_quota_count(QcQuotaEntry *entry, QcQuotaUse *use, uint32 seen_begun);

/* What an entry says against what the rows say. */
typedef struct QcQuotaAudit
{
	int64 counted; /* units of committed rows */
	int64 held;    /* the entry's base */
	bool is_right; /* held is what it must be, or claims nothing */
} QcQuotaAudit;

extern QcQuotaAudit qc_quota_audit(QcQuotaEntry *entry);

#endif /* QC_BILLING_QUOTA_COUNT_H */
