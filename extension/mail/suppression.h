/*
 * extension/mail/suppression.h
 *		Who is not written to: bounced, complained, unsubscribed, or the operator's wish.
 */
#ifndef QC_MAIL_SUPPRESSION_H
#define QC_MAIL_SUPPRESSION_H

#include "postgres.h"

/*
 * Why an address gets no mail of this sort, as a word; NULL = it gets it; palloc'd.
 * Whoever unsubscribed still gets what is transactional.
 */
extern char *qc_suppression_reason(const char *address, bool is_transactional);

/*
 * Suppress an address for a reason: "bounce", "complaint", "unsubscribe" or "manual".
 * source says where that comes from.  False when it was so already.
 */
extern bool qc_suppression_add(const char *address, const char *reason,
							   const char *source);

/* Write to the address again; returns how many reasons were forgotten. */
extern int64 qc_suppression_remove(const char *address);

/* The token of an address's unsubscribe link, made on first use; palloc'd. */
extern char *qc_suppression_token(const char *address);

/* The address a token (a uuid) stands for, or NULL; palloc'd. */
extern char *qc_suppression_address(const char *token);

#endif /* QC_MAIL_SUPPRESSION_H */
