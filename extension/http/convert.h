/*
 * extension/http/convert.h
 *		One field becomes one value of an argument's type, or a complaint.
 */
#ifndef QC_HTTP_CONVERT_H
#define QC_HTTP_CONVERT_H

#include "postgres.h"

#include "extension/http/fields.h"
#include "extension/http/handler.h"

/*
 * Convert a field that is not empty.  Returns NULL, or the end of the sentence "The x
 * field …".  The value lives in the current memory context.
 */
extern const char *qc_convert(QcType *type, const QcField *field, bool is_trimmed,
							  Datum *value);

#endif /* QC_HTTP_CONVERT_H */
