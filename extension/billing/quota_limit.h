/*
 * extension/billing/quota_limit.h
 *		The limit that holds for a use, and who must read it anew.
 */
#ifndef QC_BILLING_QUOTA_LIMIT_H
#define QC_BILLING_QUOTA_LIMIT_H

#include "postgres.h"

#include "extension/billing/quota_use.h"

extern void qc_quota_limit_init(void);

/* The limit in force for this transaction; view is a look at the entry just taken. */
extern int64 qc_quota_limit(QcQuotaUse *use, const QcQuotaView *view);

/* Read it again, whatever the entry says. */
extern int64 qc_quota_limit_read(QcQuotaUse *use);

#endif /* QC_BILLING_QUOTA_LIMIT_H */
