/*
 * extension/webhook/told.h
 *		Which messages this transaction has enqueued, by what they tell of.
 *
 * A memory, not the truth: a message may be gone with a savepoint.  Whoever uses an id
 * finds no row then.
 */
#ifndef QC_WEBHOOK_TOLD_H
#define QC_WEBHOOK_TOLD_H

#include "postgres.h"

#include "extension/webhook/endpoint.h"

typedef struct QcTold
{
	int count;
	int64 messages[QC_ENDPOINTS_MAX]; /* ids in the outbox */
} QcTold;

/* Has this transaction told anything at all? */
extern bool qc_told_is_any(void);

/* NULL = nothing was told. */
extern const QcTold *qc_told_find(int64 shop_id, const char *type, const char *key);

extern void qc_told_remember(int64 shop_id, const char *type, const char *key,
							 const QcTold *told);
extern void qc_told_forget(int64 shop_id, const char *type, const char *key);

#endif /* QC_WEBHOOK_TOLD_H */
