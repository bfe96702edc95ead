/*
 * extension/core/standard_webhooks.c
 *		Standard Webhooks 1.0, the symmetric scheme: HMAC-SHA-256 over id.timestamp.body.
 *
 * Foreign bytes come in here first: plain C on plain memory, but for the HMAC and the
 * Base64 of PostgreSQL's common library.  An id with a full stop is refused: it could
 * move the border between id, time and body.
 */
#include "postgres.h"

#include "common/base64.h"

#include "extension/core/crypto.h"
#include "extension/core/standard_webhooks.h"

#define PREFIX     "whsec_"
#define SCHEME     "v1,"
#define DIGEST_B64 44  /* characters of a digest in Base64 */
#define MAX_SIGNED 16  /* signatures looked at */
#define MAX_ID     256 /* bytes */

int
qc_standard_webhooks_key(const char *secret, size_t len,
						 uint8 key[QC_STANDARD_WEBHOOKS_KEY_MAX])
{
	int n;

	if (len >= strlen(PREFIX) && strncmp(secret, PREFIX, strlen(PREFIX)) == 0)
	{
		secret += strlen(PREFIX);
		len -= strlen(PREFIX);
	}
	if (len > 4 * (QC_STANDARD_WEBHOOKS_KEY_MAX + 2) / 3)
		return -1;
	n = pg_b64_decode(secret, (int) len, (char *) key, QC_STANDARD_WEBHOOKS_KEY_MAX);
	return n >= QC_STANDARD_WEBHOOKS_KEY_MIN ? n : -1;
}

char *
qc_standard_webhooks_content(const char *id, int64 timestamp, const char *body,
							 size_t len, size_t *content_len)
{
	size_t size = strlen(id) + 24 + len;
	char *content = palloc(size);
	int head = snprintf(content, size, "%s.%lld.", id, (long long) timestamp);

	memcpy(content + head, body, len);
	*content_len = head + len;
	return content;
}

void
qc_standard_webhooks_hmac(const uint8 *key, int key_len, const char *content,
						  size_t content_len, char out[QC_STANDARD_WEBHOOKS_HMAC_LEN])
{
	uint8 digest[QC_SHA256_LEN];

	qc_crypto_hmac_sha256(key, key_len, content, content_len, digest);
	memcpy(out, SCHEME, strlen(SCHEME));
	(void) pg_b64_encode((char *) digest, QC_SHA256_LEN, out + strlen(SCHEME),
						 DIGEST_B64 + 1);
	out[strlen(SCHEME) + DIGEST_B64] = '\0';
}

/* Digits alone, at most 12 of them: no sign, no blank, no overflow. */
static bool
parse_seconds(const char *text, int64 *seconds)
{
	size_t len = strspn(text, "0123456789");
	int64 value = 0;

	if (len == 0 || len > 12 || text[len] != '\0')
		return false;
	for (size_t i = 0; i < len; i++)
		value = value * 10 + (text[i] - '0');
	*seconds = value;
	return true;
}

/* Is the wanted signature in the list?  Looks at all of them. */
static bool
is_listed(const char *signatures, const char *wanted)
{
	size_t wanted_len = strlen(wanted);
	bool found = false;

	for (int i = 0; i < MAX_SIGNED && *signatures != '\0'; i++)
	{
		size_t len = strcspn(signatures, " ");

		if (len == wanted_len)
			found |= qc_crypto_equal(signatures, wanted, len);
		signatures += len;
		signatures += strspn(signatures, " ");
	}
	return found;
}

/* Cut the next secret off a list, without the blanks around it. */
static bool
next_secret(const char **rest, const char **secret, size_t *len)
{
	const char *start = *rest + strspn(*rest, " ,");

	*len = strcspn(start, ",");
	*rest = start + *len;
	while (*len > 0 && start[*len - 1] == ' ')
		--*len;
	*secret = start;
	return *len > 0;
}

bool
qc_standard_webhooks_verify(const QcWebhookHead *head, const char *body, size_t len,
							const char *secrets, int64 now)
{
	bool fits = false;
	int64 timestamp;
	const char *secret;
	size_t secret_len;
	size_t content_len;
	char *content;

	if (head->id == NULL || head->timestamp == NULL || head->signatures == NULL ||
		*head->id == '\0' || strlen(head->id) > MAX_ID || strchr(head->id, '.') ||
		!parse_seconds(head->timestamp, &timestamp) ||
		timestamp < now - QC_STANDARD_WEBHOOKS_TOLERANCE ||
		timestamp > now + QC_STANDARD_WEBHOOKS_TOLERANCE)
		return false;
	content =
		qc_standard_webhooks_content(head->id, timestamp, body, len, &content_len);
	while (next_secret(&secrets, &secret, &secret_len))
	{
		char wanted[QC_STANDARD_WEBHOOKS_HMAC_LEN];
		uint8 key[QC_STANDARD_WEBHOOKS_KEY_MAX];
		int key_len = qc_standard_webhooks_key(secret, secret_len, key);

		if (key_len < 0)
			continue;
		qc_standard_webhooks_hmac(key, key_len, content, content_len, wanted);
		fits |= is_listed(head->signatures, wanted);
		explicit_bzero(key, sizeof(key));
	}
	pfree(content);
	return fits;
}
