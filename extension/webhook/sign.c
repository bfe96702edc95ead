/*
 * extension/webhook/sign.c
 *		Standard Webhooks 1.0: "v1" by HMAC-SHA-256, "v1a" by Ed25519.
 */
#include "postgres.h"

#include <openssl/evp.h>

#include "common/base64.h"

#include "extension/webhook/sign.h"

#define ED25519_LEN    64
#define ED25519_B64    88 /* characters of its Base64 */
#define SIGNATURE_SIZE (4 + ED25519_B64 + 1)
#define SCHEME_ED25519 "v1a,"
#define PREFIX_SECRET  "whsec_"
#define PREFIX_PUBLIC  "whpk_"

static const char *const scheme_names[] = {
	[QC_SIGN_HMAC] = "hmac",
	[QC_SIGN_ED25519] = "ed25519",
};

bool
qc_sign_scheme(const char *word, QcSignScheme *scheme)
{
	for (int i = 0; i < lengthof(scheme_names); i++)
	{
		if (strcmp(word, scheme_names[i]) == 0)
		{
			*scheme = (QcSignScheme) i;
			return true;
		}
	}
	return false;
}

const char *
qc_sign_scheme_name(QcSignScheme scheme)
{
	return scheme_names[scheme];
}

static void
write_text(const char *prefix, const uint8 *bytes, int len, char out[QC_SIGN_TEXT_SIZE])
{
	size_t start = strlen(prefix);
	int n;

	memcpy(out, prefix, start);
	n = pg_b64_encode((const char *) bytes, len, out + start,
					  (int) (QC_SIGN_TEXT_SIZE - 1 - start));
	out[start + Max(n, 0)] = '\0';
}

void
qc_sign_secret_text(const QcSignKey *key, char out[QC_SIGN_TEXT_SIZE])
{
	write_text(PREFIX_SECRET, key->bytes, key->len, out);
}

static EVP_PKEY *
ed25519_key(const QcSignKey *key)
{
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->bytes, key->len);
}

bool
qc_sign_public_text(const QcSignKey *key, char out[QC_SIGN_TEXT_SIZE])
{
	EVP_PKEY *pair = ed25519_key(key);
	uint8 public_key[QC_SIGN_KEY_LEN];
	size_t len = sizeof(public_key);
	bool done =
		pair != NULL && EVP_PKEY_get_raw_public_key(pair, public_key, &len) == 1;

	EVP_PKEY_free(pair);
	if (done)
		write_text(PREFIX_PUBLIC, public_key, (int) len, out);
	return done;
}

static bool
sign_ed25519(const QcSignKey *key, const char *content, size_t len,
			 char out[SIGNATURE_SIZE])
{
	EVP_PKEY *pair = ed25519_key(key);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8 signature[ED25519_LEN];
	size_t n = sizeof(signature);
	bool done = pair != NULL && ctx != NULL &&
				EVP_DigestSignInit(ctx, NULL, NULL, NULL, pair) == 1 &&
				EVP_DigestSign(ctx, signature, &n, (const uint8 *) content, len) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pair);
	if (!done)
		return false;
	memcpy(out, SCHEME_ED25519, strlen(SCHEME_ED25519));
	(void) pg_b64_encode((char *) signature, (int) n, out + strlen(SCHEME_ED25519),
						 ED25519_B64);
	out[strlen(SCHEME_ED25519) + ED25519_B64] = '\0';
	return true;
}

static bool
sign(const QcSignKey *key, const char *content, size_t len, char out[SIGNATURE_SIZE])
{
	if (key->scheme == QC_SIGN_ED25519)
		return sign_ed25519(key, content, len, out);
	qc_standard_webhooks_hmac(key->bytes, key->len, content, len, out);
	return true;
}

char *
qc_sign_message(const QcSignKey *keys, int n, const char *id, int64 timestamp,
				const char *body, size_t len)
{
	char *signatures = palloc(QC_SIGN_KEYS_MAX * SIGNATURE_SIZE);
	char *end = signatures;
	bool done = n > 0 && n <= QC_SIGN_KEYS_MAX;
	size_t content_len;
	char *content =
		qc_standard_webhooks_content(id, timestamp, body, len, &content_len);

	for (int i = 0; i < n && done; i++)
	{
		if (i > 0)
			*end++ = ' ';
		done = sign(&keys[i], content, content_len, end);
		if (done)
			end += strlen(end);
	}
	pfree(content);
	if (done)
		return signatures;
	pfree(signatures);
	return NULL;
}
