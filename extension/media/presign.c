/*
 * extension/media/presign.c
 *		Signing a request to S3-compatible storage into its URL (SigV4, query form).
 *
 * The signature covers method, path, expiry and the named headers: with content-length
 * and content-type among them, the storage takes no other file than the declared one.
 */
#include "extension/media/presign.h"

#include <stdio.h>
#include <string.h>

#define MAX_TEXT  8192
#define ALGORITHM "AWS4-HMAC-SHA256"

/* Text that is appended to until it is full. */
typedef struct Text
{
	char *at;
	size_t len;
	size_t size;
	bool is_full;
} Text;

static void
add_len(Text *text, const char *piece, size_t len)
{
	if (text->len + len >= text->size)
	{
		text->is_full = true;
		return;
	}
	memcpy(text->at + text->len, piece, len);
	text->len += len;
	text->at[text->len] = '\0';
}

static void
add(Text *text, const char *piece)
{
	add_len(text, piece, strlen(piece));
}

/* Percent-encoded, but for unreserved characters and, in a path, slashes. */
static void
add_encoded(Text *text, const char *piece, bool is_path)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	static const char digits[] = "0123456789ABCDEF";

	for (const unsigned char *c = (const unsigned char *) piece; *c != '\0'; c++)
	{
		char encoded[3] = {'%', digits[*c >> 4], digits[*c & 15]};

		if (strchr(plain, *c) != NULL || (is_path && *c == '/'))
			add_len(text, (const char *) c, 1);
		else
			add_len(text, encoded, sizeof(encoded));
	}
}

static void
add_hex(Text *text, const uint8_t *hash)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < QC_PRESIGN_HASH_LEN; i++)
	{
		char pair[2] = {digits[hash[i] >> 4], digits[hash[i] & 15]};

		add_len(text, pair, sizeof(pair));
	}
}

static const char *
host_of(const QcPresign *request)
{
	const char *scheme_end = strstr(request->endpoint, "://");

	return scheme_end ? scheme_end + 3 : request->endpoint;
}

/* "20130524/us-east-1/s3/aws4_request" */
static void
add_scope(Text *text, const QcPresign *request)
{
	add_len(text, request->time, 8);
	add(text, "/");
	add(text, request->region);
	add(text, "/s3/aws4_request");
}

static void
add_header_names(Text *text, const QcPresign *request, const char *separator)
{
	for (int i = 0; i < request->nheaders; i++)
	{
		add(text, request->headers[i].name);
		add(text, separator);
	}
	add(text, "host");
}

/* All parameters but the signature, sorted by name. */
static void
add_query(Text *text, const QcPresign *request)
{
	char credential[512] = "";
	char expires[16];
	Text plain = {.at = credential, .size = sizeof(credential)};

	add(&plain, request->access_key);
	add(&plain, "/");
	add_scope(&plain, request);
	text->is_full |= plain.is_full;
	snprintf(expires, sizeof(expires), "%d", request->expires);
	add(text, "X-Amz-Algorithm=" ALGORITHM "&X-Amz-Credential=");
	add_encoded(text, credential, false);
	add(text, "&X-Amz-Date=");
	add(text, request->time);
	add(text, "&X-Amz-Expires=");
	add(text, expires);
	add(text, "&X-Amz-SignedHeaders=");
	add_header_names(text, request, "%3B");
}

static void
add_canonical_request(Text *text, const QcPresign *request)
{
	add(text, request->method);
	add(text, "\n");
	add_encoded(text, request->path, true);
	add(text, "\n");
	add_query(text, request);
	add(text, "\n");
	for (int i = 0; i < request->nheaders; i++)
	{
		add(text, request->headers[i].name);
		add(text, ":");
		add(text, request->headers[i].value);
		add(text, "\n");
	}
	add(text, "host:");
	add(text, host_of(request));
	add(text, "\n\n");
	add_header_names(text, request, ";");
	add(text, "\nUNSIGNED-PAYLOAD");
}

/* The key of one day, region and service. */
static bool
derive_key(const QcPresign *request, const QcPresignHashes *hashes, uint8_t *key)
{
	const char *const steps[] = {request->region, "s3", "aws4_request"};
	char first[256] = "";
	Text text = {.at = first, .size = sizeof(first)};

	add(&text, "AWS4");
	add(&text, request->secret_key);
	hashes->hmac_sha256(first, text.len, request->time, 8, key);
	for (int i = 0; i < 3; i++)
	{
		uint8_t next[QC_PRESIGN_HASH_LEN];

		hashes->hmac_sha256(key, QC_PRESIGN_HASH_LEN, steps[i], strlen(steps[i]), next);
		memcpy(key, next, sizeof(next));
	}
	return !text.is_full;
}

static bool
sign(const QcPresign *request, const QcPresignHashes *hashes, uint8_t *signature)
{
	char buffer[MAX_TEXT] = "";
	Text text = {.at = buffer, .size = sizeof(buffer)};
	uint8_t hash[QC_PRESIGN_HASH_LEN];
	uint8_t key[QC_PRESIGN_HASH_LEN];

	add_canonical_request(&text, request);
	if (text.is_full)
		return false;
	hashes->sha256(buffer, text.len, hash);
	text.len = 0;
	add(&text, ALGORITHM "\n");
	add(&text, request->time);
	add(&text, "\n");
	add_scope(&text, request);
	add(&text, "\n");
	add_hex(&text, hash);
	if (text.is_full || !derive_key(request, hashes, key))
		return false;
	hashes->hmac_sha256(key, sizeof(key), buffer, text.len, signature);
	return true;
}

bool
qc_presign_url(const QcPresign *request, const QcPresignHashes *hashes, char *out,
			   size_t size)
{
	Text text = {.at = out, .size = size};
	uint8_t signature[QC_PRESIGN_HASH_LEN];

	if (strlen(request->time) != 16 || !sign(request, hashes, signature))
		return false;
	add(&text, request->endpoint);
	add_encoded(&text, request->path, true);
	add(&text, "?");
	add_query(&text, request);
	add(&text, "&X-Amz-Signature=");
	add_hex(&text, signature);
	return !text.is_full;
}
