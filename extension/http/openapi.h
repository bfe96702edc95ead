/*
 * extension/http/openapi.h
 *		The OpenAPI document of all routes.
 */
#ifndef QC_HTTP_OPENAPI_H
#define QC_HTTP_OPENAPI_H

#include "postgres.h"

/*
 * The document as JSON text, made from the catalogue when routes or functions have
 * changed.  It lives until the next call.
 */
extern const char *qc_openapi_document(void);

#endif /* QC_HTTP_OPENAPI_H */
