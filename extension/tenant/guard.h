/*
 * extension/tenant/guard.h
 *		What SQL clients may not do although PostgreSQL has no privilege for it.
 */
#ifndef QC_TENANT_GUARD_H
#define QC_TENANT_GUARD_H

extern void qc_guard_init(void);

#endif /* QC_TENANT_GUARD_H */
