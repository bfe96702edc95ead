/*
 * extension/billing/custom_domain.h
 *		A shop's own domains, once it has shown that they are.
 *
 * The shop publishes a token as TXT record of QC_DOMAIN_CHALLENGE.<domain>.  Looking it
 * up is nobody's in here: a message "dns.verify" asks for it, and what was found comes
 * back to qc_domain_decide().
 */
#ifndef QC_BILLING_CUSTOM_DOMAIN_H
#define QC_BILLING_CUSTOM_DOMAIN_H

#include "postgres.h"

#include "nodes/pg_list.h"

#define QC_DOMAIN_CHALLENGE "_qutecart-challenge"
#define QC_DOMAIN_MAX       10 /* of one shop */

/*
 * Claim a domain and ask for its verification; returns it as DNS has it.  Raises
 * validation_failed, forbidden when the plan in force includes none, conflict when the
 * shop claims it already.
 */
extern char *qc_domain_add(int64 shop_id, const char *text);

/*
 * Ask for a verification again; no-op when it is verified.  Raises not_found, forbidden
 * and, within a minute of the last time, too_many_requests.
 */
extern void qc_domain_request(int64 shop_id, const char *domain);

/*
 * Decide by the texts that were found (a list of char *, NIL = none).  Returns whether
 * the domain is verified now; a verified one stays so.  Raises not_found.
 */
extern bool qc_domain_decide(int64 shop_id, const char *domain, List *texts);

/* Give a domain up; raises not_found. */
extern void qc_domain_remove(int64 shop_id, const char *domain);

#endif /* QC_BILLING_CUSTOM_DOMAIN_H */
