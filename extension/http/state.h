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

#define QC_MAX_HEADERS 128
#define QC_MAX_REPLY_HEADERS 24

typedef struct QcHeader
{
	const char *name; /* in lower case */
	const char *value;
} QcHeader;

typedef struct QcRequest
{
	QcMethod method;
	const char *method_name;
	const char *target; /* as it came */
	char *path_text;	/* without query, undecoded */
	QcPath path;
	char *query; /* undecoded; NULL = none */
	int nheaders;
	QcHeader headers[QC_MAX_HEADERS];
	const char *body; /* NULL = none */
	size_t body_len;
	const char *peer;  /* NULL = unknown */
	const char *token; /* NULL = none */
} QcRequest;

typedef struct QcReply
{
	int status;
	bool is_secret;
	int nheaders;
	QcHeader headers[QC_MAX_REPLY_HEADERS];
	const char *body; /* with body_len */
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

/* The value of a request header; NULL when absent. */
extern const char *qc_request_get(const QcRequest *request, const char *name);

#endif /* QC_HTTP_STATE_H */
