/*
 * extension/media/url.h
 *		Where clients find a picture.
 */
#ifndef QC_MEDIA_URL_H
#define QC_MEDIA_URL_H

#include "postgres.h"

#include "extension/core/json.h"

/*
 * Write the address of a picture: picture is a URL elsewhere on the web, or the key of
 * an uploaded file; NULL gives the default picture, for clients need one.
 */
extern void qc_json_picture(QcJson *json, const char *key, const char *picture);

/* Is this a URL that a client may be sent to (http or https, no blanks or controls)? */
extern bool qc_media_url_is_web(const char *url);

#endif /* QC_MEDIA_URL_H */
