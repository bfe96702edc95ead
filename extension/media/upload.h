/*
 * extension/media/upload.h
 *		Where a reserved file may be put: a signed address for exactly that file.
 */
#ifndef QC_MEDIA_UPLOAD_H
#define QC_MEDIA_UPLOAD_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "extension/core/json.h"

/* Is there a storage that uploads can go to? */
extern bool qc_upload_is_configured(void);

/*
 * Write member "upload": method, url, headers and expires_at of a PUT that the storage
 * accepts for this key, type and size alone; null when there is no storage.
 */
extern void qc_upload_write(QcJson *json, const char *object_key, const char *mime_type,
							int64 bytes, TimestampTz expires_at);

#endif /* QC_MEDIA_UPLOAD_H */
