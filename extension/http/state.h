/*
 * extension/http/state.h
 *		The request at work and the reply being made; one at a time per backend.
 */
#ifndef QC_HTTP_STATE_H
#define QC_HTTP_STATE_H

#include "postgres.h"

#include "extension/http/decode.h"
#include "extension/http/method.h"
#include "extension/http/path.h"

#define QC_MAX_HEADERS       128
#define QC_MAX_REPLY_HEADERS 24

typedef struct QcHeader
{
	const char *name; /* in lower case */
	const char *value;
} QcHeader;

/* As the caller of qutecart.http() gave it; copied before anything is changed. */
typedef struct QcRawRequest
{
	text *method;
	text *target;
	text *headers; /* NULL = none */
	bytea *body;   /* NULL = none */
	const char *peer;
} QcRawRequest;

typedef struct QcRequest
{
	const QcRawRequest *raw;
	QcMethod method;
	const char *method_name;
	const char *shown_path; /* as it came, without query and first slash */
	bool is_asterisk;       /* the target is "*" */
	QcPath path;
	char *query; /* undecoded; NULL = none */
	int nheaders;
	QcHeader headers[QC_MAX_HEADERS];
	char *body; /* followed by a NUL that is not counted */
	size_t body_len;
	const char *host;  /* as sent, or as a trusted proxy says; NULL = none */
	const char *peer;  /* the client behind our proxies; NULL = unknown */
	const char *token; /* of the Bearer scheme; NULL = none */
	bool is_forwarded; /* a trusted proxy said the host */
} QcRequest;

typedef struct QcReply
{
	int status;
	bool is_secret;
	const char *replayed; /* header lines of a kept reply; NULL = none */
	int nheaders;
	QcHeader headers[QC_MAX_REPLY_HEADERS];
	struct varlena *text; /* the body as a datum; NULL = made of body and body_len */
	const char *body;
	size_t body_len;
	MemoryContext memory; /* what the handler adds lives here */
} QcReply;

/* Make them the ones that request.h talks about, until qc_state_end(). */
extern void qc_state_begin(QcRequest *request, QcReply *reply);
extern void qc_state_end(void);
extern bool qc_state_is_busy(void);

/* Forget what was added to the reply so far. */
extern void qc_reply_reset(QcReply *reply);

/* As qc_reply_header(), for a given reply. */
extern void qc_reply_set(QcReply *reply, const char *name, const char *value);
extern const char *qc_reply_get(const QcReply *reply, const char *name);

/* The reply's header lines, "Name: value" and a line feed each. */
extern char *qc_reply_render(const QcReply *reply);

/* The value of a request header; NULL when absent. */
extern const char *qc_request_get(const QcRequest *request, const char *name);

#endif /* QC_HTTP_STATE_H */
