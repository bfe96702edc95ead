/*
 * extension/media/upload.c
 *		Where a reserved file may be put: a signed address for exactly that file.
 *
 * The file goes from the client to the storage; nothing of it passes through here.
 */
#include "postgres.h"

#include "pgtime.h"
#include "utils/timestamp.h"

#include "extension/core/crypto.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/media/presign.h"
#include "extension/media/upload.h"

#define MAX_URL     4096
#define MAX_EXPIRES (7 * 86400)

static void
sha256(const void *data, size_t len, uint8 *hash)
{
	qc_crypto_sha256(data, len, hash);
}

static void
hmac_sha256(const void *key, size_t key_len, const void *data, size_t len, uint8 *hash)
{
	qc_crypto_hmac_sha256(key, key_len, data, len, hash);
}

bool
qc_upload_is_configured(void)
{
	return *qc_guc_storage_endpoint != '\0' && *qc_guc_storage_bucket != '\0' &&
		   *qc_guc_storage_access_key != '\0' && *qc_guc_storage_secret_key != '\0';
}

/* "20130524T000000Z" */
static void
format_time(TimestampTz time, char out[17])
{
	struct pg_tm tm;
	fsec_t usec;

	if (timestamp2tm(time, NULL, &tm, &usec, NULL, NULL) != 0)
		ereport(ERROR, errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				errmsg("timestamp out of range"));
	snprintf(out, 17, "%04d%02d%02dT%02d%02d%02dZ", tm.tm_year, tm.tm_mon, tm.tm_mday,
			 tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* "https://host/base/" -> the address without path, and the path in front of the key. */
static void
split_endpoint(char **origin, char **path)
{
	char *copy = pstrdup(qc_guc_storage_endpoint);
	char *host = strstr(copy, "://");
	char *slash = strchr(host ? host + 3 : copy, '/');
	int len = slash ? strlen(slash) : 0;

	while (len > 0 && slash[len - 1] == '/')
		slash[--len] = '\0';
	*path = pstrdup(slash ? slash : "");
	if (slash != NULL)
		*slash = '\0';
	*origin = copy;
}

static char *
sign(const char *object_key, const char *mime_type, const char *length, int expires)
{
	static const QcPresignHashes hashes = {sha256, hmac_sha256};
	char time[17];
	char *url = palloc(MAX_URL);
	char *origin;
	char *path;
	QcPresign request = {
		.method = "PUT",
		.region = qc_guc_storage_region,
		.access_key = qc_guc_storage_access_key,
		.secret_key = qc_guc_storage_secret_key,
		.time = time,
		.expires = expires,
		.nheaders = 2,
		.headers = {{"content-length", length}, {"content-type", mime_type}}};

	format_time(GetCurrentTimestamp(), time);
	split_endpoint(&origin, &path);
	request.endpoint = origin;
	request.path = psprintf("%s/%s/%s", path, qc_guc_storage_bucket, object_key);
	if (!qc_presign_url(&request, &hashes, url, MAX_URL))
		ereport(ERROR, qc_err(QC_ERR_NOT_CONFIGURED),
				errmsg("the storage's settings are too long to be signed"));
	return url;
}

void
qc_upload_write(QcJson *json, const char *object_key, const char *mime_type,
				int64 bytes, TimestampTz expires_at)
{
	int64 seconds = (expires_at - GetCurrentTimestamp()) / USECS_PER_SEC;
	char length[32];

	if (!qc_upload_is_configured() || seconds < 1)
	{
		qc_json_null(json, "upload");
		return;
	}
	snprintf(length, sizeof(length), INT64_FORMAT, bytes);
	qc_json_open(json, "upload", '{');
	qc_json_text(json, "method", "PUT");
	qc_json_text(json, "url",
				 sign(object_key, mime_type, length, (int) Min(seconds, MAX_EXPIRES)));
	qc_json_open(json, "headers", '{');
	qc_json_text(json, "Content-Length", length);
	qc_json_text(json, "Content-Type", mime_type);
	qc_json_close(json, '}');
	qc_json_time(json, "expires_at", expires_at);
	qc_json_close(json, '}');
}
