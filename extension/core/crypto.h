/*
 * extension/core/crypto.h
 *		Hashes, keyed hashes, random bytes, passwords, comparison in constant time.
 */
#ifndef QC_CORE_CRYPTO_H
#define QC_CORE_CRYPTO_H

#include "postgres.h"

#define QC_SHA256_LEN 32

extern void qc_crypto_sha256(const void *data, size_t len, uint8 digest[QC_SHA256_LEN]);
extern void qc_crypto_hmac_sha256(const void *key, size_t key_len, const void *data,
								  size_t len, uint8 digest[QC_SHA256_LEN]);
extern void qc_crypto_random(void *out, size_t len);
extern bool qc_crypto_equal(const void *a, const void *b, size_t len);

/* Lower-case hexadecimal; out holds 2 * len + 1. */
extern void qc_crypto_hex(const uint8 *data, size_t len, char *out);

/* n characters from [A-Za-z0-9], each from a fresh random byte; palloc'd. */
extern char *qc_crypto_random_word(int n);

/* A new password's hash (yescrypt); palloc'd. */
extern char *qc_crypto_password_hash(const char *password);

/*
 * Does the password fit the hash?  Takes yescrypt, bcrypt ($2y$, $2b$, $2a$) and what
 * else libxcrypt knows.  A NULL hash takes as long as a real one and never fits.
 */
extern bool qc_crypto_password_fits(const char *password, const char *hash);

/* Is the hash of an older kind than new passwords get? */
extern bool qc_crypto_password_is_outdated(const char *hash);

#endif /* QC_CORE_CRYPTO_H */
