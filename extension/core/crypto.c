/*
 * extension/core/crypto.c
 *		SHA-256 and HMAC from PostgreSQL's common library, passwords from libxcrypt.
 *
 * Passwords take tens of milliseconds on purpose; nothing here runs while a lock is
 * held.
 */
#include "postgres.h"

#include <crypt.h>

#include "common/cryptohash.h"
#include "common/hmac.h"
#include "common/sha2.h"
#include "port.h"

#include "extension/core/crypto.h"

#define PASSWORD_PREFIX "$y$"

/* A hash that no password fits, so that an unknown account costs as much time. */
#define UNKNOWN_ACCOUNT_HASH                                                           \
	"$y$j9T$6VYgkA2bF9dKp5Yv1XcQx/$Qm0Vn4h1m2T7cZC9wYb6sTn8u0rJ5pW3kX1dEaHgFq2"

void
qc_crypto_sha256(const void *data, size_t len, uint8 digest[QC_SHA256_LEN])
{
	pg_cryptohash_ctx *ctx = pg_cryptohash_create(PG_SHA256);

	if (ctx == NULL || pg_cryptohash_init(ctx) < 0 ||
		pg_cryptohash_update(ctx, data, len) < 0 ||
		pg_cryptohash_final(ctx, digest, QC_SHA256_LEN) < 0)
		elog(ERROR, "could not compute a SHA-256 digest: %s",
			 ctx ? pg_cryptohash_error(ctx) : "out of memory");
	pg_cryptohash_free(ctx);
}

void
qc_crypto_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
					  uint8 digest[QC_SHA256_LEN])
{
	pg_hmac_ctx *ctx = pg_hmac_create(PG_SHA256);

	if (ctx == NULL || pg_hmac_init(ctx, key, key_len) < 0 ||
		pg_hmac_update(ctx, data, len) < 0 ||
		pg_hmac_final(ctx, digest, QC_SHA256_LEN) < 0)
		elog(ERROR, "could not compute an HMAC: %s",
			 ctx ? pg_hmac_error(ctx) : "out of memory");
	pg_hmac_free(ctx);
}

void
qc_crypto_random(void *out, size_t len)
{
	if (!pg_strong_random(out, len))
		ereport(ERROR, errcode(ERRCODE_INTERNAL_ERROR),
				errmsg("could not generate random bytes"));
}

bool
qc_crypto_equal(const void *a, const void *b, size_t len)
{
	const volatile uint8 *x = a;
	const volatile uint8 *y = b;
	uint8 difference = 0;

	for (size_t i = 0; i < len; i++)
		difference |= x[i] ^ y[i];
	return difference == 0;
}

void
qc_crypto_hex(const uint8 *data, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++)
	{
		*out++ = digits[data[i] >> 4];
		*out++ = digits[data[i] & 15];
	}
	*out = '\0';
}

char *
qc_crypto_random_word(int n)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	char *word = palloc(n + 1);
	int made = 0;

	while (made < n)
	{
		uint8 byte;

		qc_crypto_random(&byte, 1);
		if (byte < 4 * 62) /* no letter more likely than another */
			word[made++] = letters[byte % 62];
	}
	word[n] = '\0';
	return word;
}

char *
qc_crypto_password_hash(const char *password)
{
	char entropy[16];
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *data = palloc0(sizeof(struct crypt_data));
	char *hash;

	qc_crypto_random(entropy, sizeof(entropy));
	if (!crypt_gensalt_rn(PASSWORD_PREFIX, 0, entropy, sizeof(entropy), setting,
						  sizeof(setting)))
		elog(ERROR, "could not make a password salt: %m");
	hash = crypt_r(password, setting, data);
	if (hash == NULL || hash[0] == '*')
		elog(ERROR, "could not hash a password: %m");
	hash = pstrdup(hash);
	explicit_bzero(data, sizeof(*data));
	pfree(data);
	return hash;
}

bool
qc_crypto_password_fits(const char *password, const char *hash)
{
	struct crypt_data *data = palloc0(sizeof(struct crypt_data));
	const char *stored = hash ? hash : UNKNOWN_ACCOUNT_HASH;
	const char *computed = crypt_r(password, stored, data);
	bool fits = computed != NULL && computed[0] != '*' && hash != NULL &&
				strlen(computed) == strlen(stored) &&
				qc_crypto_equal(computed, stored, strlen(stored));

	explicit_bzero(data, sizeof(*data));
	pfree(data);
	return fits;
}

bool
qc_crypto_password_is_outdated(const char *hash)
{
	return strncmp(hash, PASSWORD_PREFIX, strlen(PASSWORD_PREFIX)) != 0;
}
