/*
 * extension/core/standard_webhooks.h
 *		Standard Webhooks 1.0: what is signed, how a signature is written and checked.
 *
 * Both directions use it: our messages to vendors, and a provider's messages to us.
 */
#ifndef QC_CORE_STANDARD_WEBHOOKS_H
#define QC_CORE_STANDARD_WEBHOOKS_H

#include "postgres.h"

#define QC_STANDARD_WEBHOOKS_KEY_MIN   24 /* bytes */
#define QC_STANDARD_WEBHOOKS_KEY_MAX   64
#define QC_STANDARD_WEBHOOKS_HMAC_LEN  48 /* "v1," and 32 bytes in Base64, and a zero */
#define QC_STANDARD_WEBHOOKS_TOLERANCE 300 /* seconds, before and after */

/* The three headers as they came; any may be NULL. */
typedef struct QcWebhookHead
{
	const char *id;
	const char *timestamp;  /* seconds since 1970 */
	const char *signatures; /* "v1,… v1,…" */
} QcWebhookHead;

/* The bytes of "whsec_<Base64>" (the prefix may be absent); their number, or -1. */
extern int qc_standard_webhooks_key(const char *secret, size_t len,
									uint8 key[QC_STANDARD_WEBHOOKS_KEY_MAX]);

/* "<id>.<timestamp>.<body>", what a signature is taken over; palloc'd. */
extern char *qc_standard_webhooks_content(const char *id, int64 timestamp,
										  const char *body, size_t len,
										  size_t *content_len);

/* "v1,<Base64>" of a content. */
extern void qc_standard_webhooks_hmac(const uint8 *key, int key_len,
									  const char *content, size_t content_len,
									  char out[QC_STANDARD_WEBHOOKS_HMAC_LEN]);

/*
 * Did who knows one of the secrets (separated by commas) send this, and just now?  now:
 * seconds since 1970.  Takes as long whichever pair fits.
 */
extern bool qc_standard_webhooks_verify(const QcWebhookHead *head, const char *body,
										size_t len, const char *secrets, int64 now);

#endif /* QC_CORE_STANDARD_WEBHOOKS_H */
