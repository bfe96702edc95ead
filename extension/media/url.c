/*
 * extension/media/url.c
 *		Where clients find a picture.
 */
#include "postgres.h"

#include "extension/core/guc.h"
#include "extension/media/url.h"

#define DEFAULT_PICTURE "default/default.jpg"

void
qc_json_picture(QcJson *json, const char *key, const char *picture)
{
	const char *base = qc_guc_storage_public_url;
	int len = strlen(base);
	StringInfoData url;

	if (picture != NULL && qc_media_url_is_web(picture))
	{
		qc_json_text(json, key, picture);
		return;
	}
	while (len > 0 && base[len - 1] == '/')
		len--;
	initStringInfo(&url);
	appendBinaryStringInfo(&url, base, len);
	appendStringInfo(&url, "/%s", picture ? picture : DEFAULT_PICTURE);
	qc_json_text(json, key, url.data);
	pfree(url.data);
}

bool
qc_media_url_is_web(const char *url)
{
	const char *c = url;

	if (pg_strncasecmp(c, "http", 4) != 0)
		return false;
	c += 4;
	if (*c == 's' || *c == 'S')
		c++;
	if (strncmp(c, "://", 3) != 0)
		return false;
	for (c += 3; *c != '\0'; c++)
		if ((unsigned char) *c <= ' ' || *c == 0x7f ||
			strchr("\"<>\\^`{|}", *c) != NULL)
			return false;
	return url[strcspn(url, ":") + 3] != '\0';
}
