/*
 * extension/http/parse.h
 *		The arguments of qutecart.http() become a request.
 */
#ifndef QC_HTTP_PARSE_H
#define QC_HTTP_PARSE_H

#include "postgres.h"

#include "extension/http/state.h"

/*
 * Read a request.  What could be read in two ways raises bad_request: a bad escape, a
 * header that must be single given twice, a header line that is none.
 */
extern void qc_request_parse(QcRequest *request, const QcRawRequest *raw);

#endif /* QC_HTTP_PARSE_H */
