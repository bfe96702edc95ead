/*
 * extension/http/request.h
 *		What a handler may ask of the request it answers, and add to the reply.
 *
 * All of it is about the request at work.  A handler that SQL calls directly has none:
 * then the questions answer NULL or false and the additions do nothing.
 */
#ifndef QC_HTTP_REQUEST_H
#define QC_HTTP_REQUEST_H

#include "postgres.h"

/* Does HTTP ask? */
extern bool qc_request_is_http(void);

/* The value of a request header, by its name in lower case; NULL when absent. */
extern const char *qc_request_header(const char *name);

/* The address the request came from, as text; NULL when unknown. */
extern const char *qc_request_peer(void);

/*
 * Set a reply header; a second call with the same name replaces the first.  The value
 * may not hold control characters: such a header is a mistake and raises an internal
 * error.
 */
extern void qc_reply_header(const char *name, const char *value);

/*
 * Answer with another status than the route's.  The transaction still commits, so a
 * refusal whose traces must stay (a failed attempt that is counted) is answered this
 * way instead of raised.
 */
extern void qc_reply_status(int status);

/*
 * The reply holds a secret that is shown once (a token): it is not kept for an
 * Idempotency-Key, nor by any cache.
 */
extern void qc_reply_is_secret(void);

#endif /* QC_HTTP_REQUEST_H */
