/*
 * extension/tenant/audit.h
 *		One line in the audit log, in the transaction that does the deed.
 */
#ifndef QC_TENANT_AUDIT_H
#define QC_TENANT_AUDIT_H

#include "postgres.h"

/*
 * action: "staff.add", …; shop_id 0 = the platform; object: what it was done to;
 * details: a JSON object or NULL.  Who did it comes from the context, else it was the
 * database user.
 */
extern void qc_audit(const char *action, int64 shop_id, const char *object,
					 const char *details);

#endif /* QC_TENANT_AUDIT_H */
