/*
 * extension/stripe/signature.c
 *		Reading and checking Stripe-Signature: t=<seconds>,v1=<hex>[,v1=…].
 *
 * Foreign bytes come in here first, so everything but the HMAC is plain C on plain
 * memory, and the unit test compiles this file alone.  The HMAC-SHA-256 is taken over
 * "<t>.<body>", the bytes as they came.
 */
#include "postgres.h"

#include "extension/stripe/signature.h"

/* A stretch of the text: one secret of the list, or one item of the header. */
typedef struct Span
{
	const char *start;
	size_t len;
} Span;

/* Cut the next item off a list separated by commas; false at its end. */
static bool
next_item(const char **rest, Span *item)
{
	const char *start = *rest;

	if (start == NULL)
		return false;
	item->start = start;
	item->len = strcspn(start, ",");
	*rest = start[item->len] == ',' ? start + item->len + 1 : NULL;
	return true;
}

static bool
has_prefix(const Span *item, const char *prefix)
{
	return item->len >= strlen(prefix) &&
		   strncmp(item->start, prefix, strlen(prefix)) == 0;
}

/* Digits alone, at most 12 of them: no sign, no space, no overflow. */
static bool
parse_seconds(const char *start, size_t len, int64 *seconds)
{
	int64 value = 0;

	if (len == 0 || len > 12)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		if (start[i] < '0' || start[i] > '9')
			return false;
		value = value * 10 + (start[i] - '0');
	}
	*seconds = value;
	return true;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool
parse_digest(const char *start, size_t len, uint8 digest[QC_SHA256_LEN])
{
	if (len != 2 * QC_SHA256_LEN)
		return false;
	for (int i = 0; i < QC_SHA256_LEN; i++)
	{
		int high = hex_value(start[2 * i]);
		int low = hex_value(start[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		digest[i] = (uint8) (high << 4 | low);
	}
	return true;
}

bool
qc_signature_parse(const char *header, QcSignature *out)
{
	const char *rest = header;
	bool has_time = false;
	int n = 0;
	Span item;

	memset(out, 0, sizeof(*out));
	if (header == NULL || strlen(header) > QC_SIGNATURE_MAX_HEADER)
		return false;
	while (next_item(&rest, &item))
	{
		if (has_prefix(&item, "t="))
		{
			if (has_time || !parse_seconds(item.start + 2, item.len - 2, &out->time))
				return false;
			has_time = true;
		}
		else if (has_prefix(&item, "v1="))
		{
			if (++n > QC_SIGNATURE_MAX)
				return false;
			if (parse_digest(item.start + 3, item.len - 3, out->v1[out->n]))
				out->n++;
		}
	}
	return has_time && out->n > 0;
}

bool
qc_signature_is_timely(const QcSignature *signature, int64 now)
{
	return signature->time >= now - QC_SIGNATURE_TOLERANCE &&
		   signature->time <= now + QC_SIGNATURE_TOLERANCE;
}

static Span
trim(Span span)
{
	while (span.len > 0 && (*span.start == ' ' || *span.start == '\t'))
		span.start++, span.len--;
	while (span.len > 0 &&
		   (span.start[span.len - 1] == ' ' || span.start[span.len - 1] == '\t'))
		span.len--;
	return span;
}

/* Take "@<seconds>" off a secret; false when that time is over or not a number. */
static bool
is_in_force(Span *secret, int64 now)
{
	const char *at = memchr(secret->start, '@', secret->len);
	int64 until;

	if (at == NULL)
		return true;
	if (!parse_seconds(at + 1, secret->start + secret->len - at - 1, &until))
		return false;
	secret->len = at - secret->start;
	return now <= until;
}

/* The next secret that is not empty; false at the list's end. */
static bool
next_secret(const char **rest, Span *secret)
{
	while (next_item(rest, secret))
	{
		*secret = trim(*secret);
		if (secret->len > 0)
			return true;
	}
	return false;
}

bool
qc_signature_has_secret(const char *secrets)
{
	Span secret;

	return next_secret(&secrets, &secret);
}

/* "<t>.<body>" in fresh memory. */
static char *
signed_text(int64 time, const char *body, size_t len, size_t *text_len)
{
	char prefix[32];
	int prefix_len = snprintf(prefix, sizeof(prefix), "%lld.", (long long) time);
	char *text = palloc(prefix_len + len + 1);

	memcpy(text, prefix, prefix_len);
	memcpy(text + prefix_len, body, len);
	*text_len = prefix_len + len;
	return text;
}

bool
qc_signature_fits(const QcSignature *signature, const char *body, size_t len,
				  const char *secrets, int64 now)
{
	size_t text_len;
	char *text = signed_text(signature->time, body, len, &text_len);
	bool fits = false;
	Span secret;

	while (next_secret(&secrets, &secret))
	{
		uint8 digest[QC_SHA256_LEN];

		if (!is_in_force(&secret, now) || secret.len == 0)
			continue;
		qc_crypto_hmac_sha256(secret.start, secret.len, text, text_len, digest);
		for (int i = 0; i < signature->n; i++)
			fits |= qc_crypto_equal(digest, signature->v1[i], QC_SHA256_LEN);
	}
	pfree(text);
	return fits;
}

bool
qc_signature_verify(const char *header, const char *body, size_t len,
					const char *secrets, int64 now)
{
	QcSignature signature;

	return qc_signature_parse(header, &signature) &&
		   qc_signature_is_timely(&signature, now) &&
		   qc_signature_fits(&signature, body, len, secrets, now);
}
