/*
 * extension/http/idempotency.h
 *		A POST that may be sent twice and happens once.
 */
#ifndef QC_HTTP_IDEMPOTENCY_H
#define QC_HTTP_IDEMPOTENCY_H

#include "postgres.h"

#include "extension/http/state.h"

typedef struct QcIdempotency
{
	const char *key;   /* NULL: the request has none */
	const char *owner; /* whose key it is */
	Datum hash;        /* bytea: what was asked */
} QcIdempotency;

/*
 * Look the request's Idempotency-Key up; true when the reply was filled with the one
 * that is kept.  Raises idempotency_in_flight while the first request runs,
 * idempotency_mismatch when the key was used for another request.  The key stays locked
 * until the transaction ends.
 */
extern bool qc_idempotency_begin(QcIdempotency *call, const QcRequest *request,
								 int64 shown_shop, QcReply *reply);

/* Keep the finished reply beside its effect. */
extern void qc_idempotency_keep(const QcIdempotency *call, const QcReply *reply);

#endif /* QC_HTTP_IDEMPOTENCY_H */
