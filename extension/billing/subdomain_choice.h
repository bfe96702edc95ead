/*
 * extension/billing/subdomain_choice.h
 *		A subdomain that the shop chooses itself.
 */
#ifndef QC_BILLING_SUBDOMAIN_CHOICE_H
#define QC_BILLING_SUBDOMAIN_CHOICE_H

#include "postgres.h"

#include "extension/core/idn.h"

typedef enum QcSubdomainVerdict
{
	QC_SUBDOMAIN_FREE,
	QC_SUBDOMAIN_YOURS,
	QC_SUBDOMAIN_INVALID,
	QC_SUBDOMAIN_RESERVED,
	QC_SUBDOMAIN_TAKEN
} QcSubdomainVerdict;

/*
 * May the shop have this name?  Fills name unless it is invalid; *said is a sentence
 * unless it is free.  An answer of the moment: who chooses may still be too late.
 */
extern QcSubdomainVerdict qc_subdomain_judge(int64 shop_id, const char *text,
											 QcIdnName *name, const char **said);

/*
 * Take the name in place of the one that the shop has; that one is free at once.
 * Raises validation_failed for a name that cannot be had, conflict for one that
 * somebody else has, forbidden when the plan in force includes none.
 */
extern void qc_subdomain_choose(int64 shop_id, const char *text);

/* Give the name up; raises not_found when there is none. */
extern void qc_subdomain_give_up(int64 shop_id);

#endif /* QC_BILLING_SUBDOMAIN_CHOICE_H */
