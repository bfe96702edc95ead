/*
 * extension/media/presign.h
 *		Signing a request to S3-compatible storage into its URL (SigV4, query form).
 *
 * Pure: no PostgreSQL function is called and the hashes are the caller's, so a unit test
 * checks it against the published example.
 */
#ifndef QC_MEDIA_PRESIGN_H
#define QC_MEDIA_PRESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QC_PRESIGN_MAX_HEADERS 4
#define QC_PRESIGN_HASH_LEN    32

typedef struct QcPresignHashes
{
	void (*sha256)(const void *data, size_t len, uint8_t *hash);
	void (*hmac_sha256)(const void *key, size_t key_len, const void *data, size_t len,
						uint8_t *hash);
} QcPresignHashes;

/* A header that the client must send just like this. */
typedef struct QcPresignHeader
{
	const char *name; /* in lower case */
	const char *value;
} QcPresignHeader;

typedef struct QcPresign
{
	const char *method;   /* "PUT" */
	const char *endpoint; /* "https://host[:port]", no path */
	const char *path;     /* "/bucket/key", not encoded */
	const char *region;
	const char *access_key;
	const char *secret_key;
	const char *time; /* "20130524T000000Z" */
	int expires;      /* seconds, up to a week */
	int nheaders;     /* without host, sorted by name, each before "host" */
	QcPresignHeader headers[QC_PRESIGN_MAX_HEADERS];
} QcPresign;

/* Write the URL; false when it does not fit. */
extern bool qc_presign_url(const QcPresign *request, const QcPresignHashes *hashes,
						   char *out, size_t size);

#endif /* QC_MEDIA_PRESIGN_H */
