/*
 * extension/http/caching.h
 *		Who may keep a reply, for whom, and whether it has changed.
 */
#ifndef QC_HTTP_CACHING_H
#define QC_HTTP_CACHING_H

#include "postgres.h"

#include "extension/http/route.h"
#include "extension/http/state.h"
#include "extension/tenant/resolve.h"

/*
 * Add Cache-Control, Vary and ETag to a reply, and X-Shop-Context where the shown shop
 * is public; turn it into a 304 when the client has it.  route: NULL = none was found.
 */
extern void qc_caching_finish(QcReply *reply, const QcRequest *request,
							  const QcRoute *route, const QcShown *shown);

#endif /* QC_HTTP_CACHING_H */
