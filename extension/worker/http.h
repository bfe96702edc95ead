/*
 * extension/worker/http.h
 *		Many requests at once, over HTTP and SMTP, without ever waiting.
 *
 * The loop that drives it: wait until qc_http_fd() is readable or qc_http_timeout() is
 * over, call qc_http_drive(), take what is finished with qc_http_next().  None of it
 * raises.
 */
#ifndef QC_WORKER_HTTP_H
#define QC_WORKER_HTTP_H

#include "postgres.h"

#include "extension/outbox/message.h"

typedef struct QcHttpDone
{
	void *opaque;        /* as submitted */
	QcResponse response; /* its texts live until qc_http_release() */
	void *transfer;
} QcHttpDone;

/* Once per process; false = there is no memory or no file descriptor for it. */
extern bool qc_http_init(void);

/* How many requests may be on their way: the setting, or what descriptors allow. */
extern int qc_http_capacity(void);

/*
 * Start a request, which must stay where it is until it is finished.  Returns what is
 * wrong with it, a text that is never freed; NULL = it is on its way.
 */
extern const char *qc_http_submit(const QcRequest *request, void *opaque);

extern int qc_http_fd(void);

/* Milliseconds until there is something to do, -1 = until the descriptor is ready. */
extern long qc_http_timeout(void);

/* Do what is ready to be done. */
extern void qc_http_drive(void);

/* Take one that is finished; false = there is none.  Release each. */
extern bool qc_http_next(QcHttpDone *done);
extern void qc_http_release(QcHttpDone *done);

/* Close all connections and forget everything; nothing may be on its way. */
extern void qc_http_rest(void);

#endif /* QC_WORKER_HTTP_H */
