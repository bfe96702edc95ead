/*
 * extension/webhook/sign.h
 *		Signing messages by Standard Webhooks 1.0, with one or with two keys.
 *
 * Pure: knows neither the database nor where keys come from.  While a key is replaced,
 * a message carries the signatures of both.
 */
#ifndef QC_WEBHOOK_SIGN_H
#define QC_WEBHOOK_SIGN_H

#include "postgres.h"

#include "extension/core/standard_webhooks.h"

typedef enum QcSignScheme
{
	QC_SIGN_HMAC,   /* "v1": HMAC-SHA-256, the receiver knows the key */
	QC_SIGN_ED25519 /* "v1a": Ed25519, the receiver knows the public key */
} QcSignScheme;

#define QC_SIGN_KEY_LEN   32 /* bytes of a new key of either scheme */
#define QC_SIGN_KEYS_MAX  2  /* the key in force and the one before */
#define QC_SIGN_TEXT_SIZE 56 /* "whsec_" and 32 bytes in Base64, and a zero */

typedef struct QcSignKey
{
	QcSignScheme scheme;
	int len;
	uint8 bytes[QC_STANDARD_WEBHOOKS_KEY_MAX];
} QcSignKey;

/* "hmac", "ed25519"; false when the word is neither. */
extern bool qc_sign_scheme(const char *word, QcSignScheme *scheme);
extern const char *qc_sign_scheme_name(QcSignScheme scheme);

/* What is shown once of a new HMAC key: "whsec_<Base64>". */
extern void qc_sign_secret_text(const QcSignKey *key, char out[QC_SIGN_TEXT_SIZE]);

/* What the receiver verifies Ed25519 with: "whpk_<Base64>"; false = libcrypto refused. */
extern bool qc_sign_public_text(const QcSignKey *key, char out[QC_SIGN_TEXT_SIZE]);

/*
 * The value of webhook-signature: one signature per key, separated by blanks; palloc'd.
 * timestamp: of this attempt, seconds since 1970.  NULL = libcrypto refused.
 */
extern char *qc_sign_message(const QcSignKey *keys, int n, const char *id,
							 int64 timestamp, const char *body, size_t len);

#endif /* QC_WEBHOOK_SIGN_H */
