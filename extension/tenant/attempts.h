/*
 * extension/tenant/attempts.h
 *		How often somebody has guessed, counted outside of transactions.
 */
#ifndef QC_TENANT_ATTEMPTS_H
#define QC_TENANT_ATTEMPTS_H

#include "postgres.h"

extern void qc_attempts_init(void);

/*
 * Take one of "most" attempts at something ("otp") of somebody, before it is known
 * whether it succeeds.  False when there is none left; they come back "seconds" after
 * the first one.
 */
extern bool qc_attempts_take(const char *what, const char *whose, int most,
							 int seconds);

/* Is there an attempt left?  Takes none. */
extern bool qc_attempts_are_left(const char *what, const char *whose, int most);

/* An attempt was right: give all of them back. */
extern void qc_attempts_forget(const char *what, const char *whose);

#endif /* QC_TENANT_ATTEMPTS_H */
