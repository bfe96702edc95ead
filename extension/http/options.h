/*
 * extension/http/options.h
 *		What can be asked: of one path, and of the whole server.
 */
#ifndef QC_HTTP_OPTIONS_H
#define QC_HTTP_OPTIONS_H

#include "postgres.h"

#include "extension/http/state.h"

#define QC_DEFAULT_MAX_BODY (1024 * 1024) /* bytes, where a route says nothing */

/* The methods of some bits, as the Allow header lists them. */
extern const char *qc_options_allow(unsigned methods);

/*
 * Answer OPTIONS: 204 with Allow for a path, the table of routes, with what the gateway
 * must know of each, for "*".
 */
extern void qc_options_answer(const QcRequest *request, QcReply *reply);

#endif /* QC_HTTP_OPTIONS_H */
