/*
 * extension/http/dispatch.h
 *		From a request to its reply.
 */
#ifndef QC_HTTP_DISPATCH_H
#define QC_HTTP_DISPATCH_H

#include "postgres.h"

#include "extension/http/state.h"

/*
 * Answer a request; the reply lives in the current memory context.  Errors become
 * replies, and nothing of what the request did stays; those of class 40, 53 and 57 are
 * raised.  Raises an error when a handler calls it.
 */
extern void qc_http_answer(const QcRawRequest *raw, QcReply *reply);

#endif /* QC_HTTP_DISPATCH_H */
