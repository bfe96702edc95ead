/*
 * extension/worker/transfer.h
 *		One request on its way: an easy handle, its options, what came back.
 *
 * Known to http.c alone.
 */
#ifndef QC_WORKER_TRANSFER_H
#define QC_WORKER_TRANSFER_H

#include "postgres.h"

#include <curl/curl.h>

#include "extension/outbox/message.h"

typedef struct QcTransfer
{
	CURL *easy;
	const QcRequest *request; /* the caller's, until it is finished */
	void *opaque;
	struct curl_slist *headers;
	struct curl_slist *recipients;
	bool is_plain;       /* http://, not https:// */
	bool is_refused;     /* an address of the answer was not allowed */
	bool is_cut;         /* we stopped reading */
	const char *problem; /* why we broke it off; NULL = we did not */
	size_t handed;       /* bytes of a mail that libcurl has taken */
	int header_lines;
	size_t header_bytes;
	bool is_head_whole;  /* HTTP: the empty line after the headers has come */
	bool is_reply_whole; /* SMTP: the next line begins another reply */
	size_t seen;         /* bytes of the answer's body */
	char *kept;          /* the first of them; malloc'd */
	size_t kept_len;
	size_t kept_size;
	CURLcode code;           /* how it ended */
	struct QcTransfer *next; /* in a list of http.c's */
} QcTransfer;

extern QcTransfer *qc_transfer_new(void); /* NULL = no memory */
extern void qc_transfer_free(QcTransfer *transfer);

/* Make it ready to send; returns what is wrong with the request, NULL = nothing. */
extern const char *qc_transfer_prepare(QcTransfer *transfer, const QcRequest *request,
									   void *opaque);

/* What came back; its texts live until the transfer is reused. */
extern QcResponse qc_transfer_response(QcTransfer *transfer, CURLcode code);

/* Forget the request and the answer; the handle stays warm. */
extern void qc_transfer_clear(QcTransfer *transfer);

#endif /* QC_WORKER_TRANSFER_H */
