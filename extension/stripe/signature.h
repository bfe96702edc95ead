/*
 * extension/stripe/signature.h
 *		Did Stripe send these bytes, and just now?
 */
#ifndef QC_STRIPE_SIGNATURE_H
#define QC_STRIPE_SIGNATURE_H

#include "postgres.h"

#include "extension/core/crypto.h"

#define QC_SIGNATURE_MAX_HEADER 4096 /* bytes */
#define QC_SIGNATURE_MAX        16   /* signatures in one header */
#define QC_SIGNATURE_TOLERANCE  300  /* seconds, before and after */

typedef struct QcSignature
{
	int64 time; /* seconds since 1970 */
	int n;
	uint8 v1[QC_SIGNATURE_MAX][QC_SHA256_LEN];
} QcSignature;

/*
 * Read a Stripe-Signature header; false unless it has exactly one time and one to
 * QC_SIGNATURE_MAX well-formed signatures of scheme v1.  Other schemes are skipped.
 */
extern bool qc_signature_parse(const char *header, QcSignature *out);

/* Is its time within the tolerance of now (seconds since 1970)? */
extern bool qc_signature_is_timely(const QcSignature *signature, int64 now);

/*
 * Was the body signed with one of the secrets?  secrets: separated by commas, each
 * with an optional "@<seconds since 1970>" after which it is refused.  Takes as long
 * whichever pair fits.
 */
extern bool qc_signature_fits(const QcSignature *signature, const char *body,
							  size_t len, const char *secrets, int64 now);

/* All three. */
extern bool qc_signature_verify(const char *header, const char *body, size_t len,
								const char *secrets, int64 now);

/* Is there any secret at all in this list? */
extern bool qc_signature_has_secret(const char *secrets);

#endif /* QC_STRIPE_SIGNATURE_H */
