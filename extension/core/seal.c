/*
 * extension/core/seal.c
 *		AES-256-GCM with a fresh nonce; the place is the associated data.
 *
 * The key's name in a sealed text is the beginning of its SHA-256, so that an operator
 * names no keys and a rotation is: put the new one first, reseal, take the old one out.
 * Keys are decoded when they are needed and wiped at once.
 */
#include "postgres.h"

#include <openssl/evp.h>

#include "common/base64.h"

#include "extension/core/crypto.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/seal.h"

#define FORM         "s1."
#define KEY_LEN      32
#define KEY_NAME_LEN 8 /* hexadecimal digits */
#define NONCE_LEN    12
#define TAG_LEN      16
#define HEAD_LEN     (sizeof(FORM) - 1 + KEY_NAME_LEN + 1)
#define BOX_MAX      (NONCE_LEN + QC_SEAL_SECRET_MAX + TAG_LEN)

typedef struct Key
{
	uint8 bytes[KEY_LEN];
	char name[KEY_NAME_LEN + 1];
} Key;

/* Cut the next item off a list separated by commas, without blanks; false at its end. */
static bool
next_item(const char **rest, const char **item, int *len)
{
	const char *start = *rest + strspn(*rest, " ,");
	size_t n = strcspn(start, ",");

	*rest = start + n;
	while (n > 0 && start[n - 1] == ' ')
		n--;
	*item = start;
	*len = (int) n;
	return n > 0;
}

static bool
decode_key(const char *text, int len, Key *key)
{
	uint8 bytes[KEY_LEN + 3];
	int n = pg_b64_decode(text, len, (char *) bytes, sizeof(bytes));

	memcpy(key->bytes, bytes, KEY_LEN);
	explicit_bzero(bytes, sizeof(bytes));
	return n == KEY_LEN;
}

static void
name_key(Key *key)
{
	uint8 digest[QC_SHA256_LEN];

	qc_crypto_sha256(key->bytes, KEY_LEN, digest);
	qc_crypto_hex(digest, KEY_NAME_LEN / 2, key->name);
}

/* Find the key of that name, or the first when name is NULL; the caller wipes it. */
static bool
find_key(const char *name, Key *key)
{
	const char *rest = qc_guc_secret_keys;
	const char *item;
	int len;

	while (next_item(&rest, &item, &len))
	{
		if (!decode_key(item, len, key))
			continue;
		name_key(key);
		if (name == NULL || strncmp(name, key->name, KEY_NAME_LEN) == 0)
			return true;
	}
	explicit_bzero(key, sizeof(*key));
	return false;
}

bool
qc_seal_check_keys(char **value, void **extra, GucSource source)
{
	const char *rest = *value;
	const char *item;
	bool is_right = true;
	Key key;
	int len;

	while (is_right && next_item(&rest, &item, &len))
		is_right = decode_key(item, len, &key);
	explicit_bzero(&key, sizeof(key));
	if (!is_right)
	{
		/* A message of our own: PostgreSQL's would show the value. */
		GUC_check_errmsg("setting \"%s\" has a key that is not 32 bytes in Base64",
						 "qutecart.secret_keys");
		GUC_check_errhint("Make one with: openssl rand -base64 32");
	}
	return is_right;
}

void
qc_seal_need_key(void)
{
	Key key;

	if (!find_key(NULL, &key))
		ereport(ERROR, qc_err(QC_ERR_NOT_CONFIGURED),
				errmsg("no key is configured that secrets could be sealed with"),
				errhint("Set qutecart.secret_keys to the output of: openssl rand"
						" -base64 32"));
	explicit_bzero(&key, sizeof(key));
}

/* Run the cipher over one piece; false when libcrypto refuses. */
static bool
encrypt(const Key *key, const char *place, const uint8 *in, int len, uint8 *box)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8 *sealed = box + NONCE_LEN;
	int n;
	bool done =
		ctx != NULL &&
		EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->bytes, box) == 1 &&
		EVP_EncryptUpdate(ctx, NULL, &n, (const uint8 *) place, strlen(place)) == 1 &&
		EVP_EncryptUpdate(ctx, sealed, &n, in, len) == 1 &&
		EVP_EncryptFinal_ex(ctx, sealed + len, &n) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_LEN, sealed + len) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return done;
}

static bool
decrypt(const Key *key, const char *place, const uint8 *box, int len, uint8 *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const uint8 *sealed = box + NONCE_LEN;
	int n;
	bool done =
		ctx != NULL &&
		EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->bytes, box) == 1 &&
		EVP_DecryptUpdate(ctx, NULL, &n, (const uint8 *) place, strlen(place)) == 1 &&
		EVP_DecryptUpdate(ctx, out, &n, sealed, len) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_LEN,
							(void *) (sealed + len)) == 1 &&
		EVP_DecryptFinal_ex(ctx, out + len, &n) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return done;
}

char *
qc_seal(const void *secret, int len, const char *place)
{
	uint8 box[BOX_MAX];
	int box_len = NONCE_LEN + len + TAG_LEN;
	int size = HEAD_LEN + pg_b64_enc_len(box_len) + 1;
	char *sealed = palloc(size);
	bool done;
	Key key;
	int n;

	if (len < 1 || len > QC_SEAL_SECRET_MAX)
		elog(ERROR, "a secret of %d bytes cannot be sealed", len);
	qc_seal_need_key();
	qc_crypto_random(box, NONCE_LEN);
	(void) find_key(NULL, &key);
	done = encrypt(&key, place, secret, len, box);
	explicit_bzero(key.bytes, KEY_LEN);
	if (!done)
		elog(ERROR, "could not seal a secret");
	n = snprintf(sealed, size, FORM "%s.", key.name);
	n += pg_b64_encode((char *) box, box_len, sealed + n, size - n);
	sealed[n] = '\0';
	return sealed;
}

static bool
has_form(const char *sealed)
{
	return strlen(sealed) > HEAD_LEN && strncmp(sealed, FORM, strlen(FORM)) == 0 &&
		   sealed[HEAD_LEN - 1] == '.';
}

QcSealVerdict
qc_seal_open(const char *sealed, const char *place, uint8 out[QC_SEAL_SECRET_MAX],
			 int *len)
{
	uint8 box[BOX_MAX];
	bool done;
	Key key;
	int n;

	if (!has_form(sealed))
		return QC_SEAL_BROKEN;
	n = pg_b64_decode(sealed + HEAD_LEN, strlen(sealed) - HEAD_LEN, (char *) box,
					  sizeof(box));
	if (n <= NONCE_LEN + TAG_LEN)
		return QC_SEAL_BROKEN;
	if (!find_key(sealed + strlen(FORM), &key))
		return QC_SEAL_NO_KEY;
	*len = n - NONCE_LEN - TAG_LEN;
	done = decrypt(&key, place, box, *len, out);
	explicit_bzero(&key, sizeof(key));
	if (!done)
		explicit_bzero(out, QC_SEAL_SECRET_MAX);
	return done ? QC_SEAL_OPENED : QC_SEAL_BROKEN;
}

bool
qc_seal_is_current(const char *sealed)
{
	bool is_current;
	Key key;

	if (!has_form(sealed) || !find_key(NULL, &key))
		return false;
	is_current = strncmp(sealed + strlen(FORM), key.name, KEY_NAME_LEN) == 0;
	explicit_bzero(&key, sizeof(key));
	return is_current;
}
