/*
 * extension/billing/operator.h
 *		Who may look after plans and all shops.
 */
#ifndef QC_BILLING_OPERATOR_H
#define QC_BILLING_OPERATOR_H

#include "postgres.h"

/* A superuser, qutecart_owner, or an admin who may edit plans. */
extern bool qc_operator_is(void);
extern void qc_operator_need(void); /* raises forbidden */

/* A superuser, qutecart_owner, or an admin with that permission; else forbidden. */
extern void qc_operator_need_to(const char *permission);

#endif /* QC_BILLING_OPERATOR_H */
