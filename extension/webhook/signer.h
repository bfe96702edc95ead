/*
 * extension/webhook/signer.h
 *		Endpoints with their opened keys, for as long as a transaction of the worker lasts.
 */
#ifndef QC_WEBHOOK_SIGNER_H
#define QC_WEBHOOK_SIGNER_H

#include "postgres.h"

#include "extension/core/seal.h"
#include "extension/webhook/sign.h"

typedef struct QcSigner
{
	int64 endpoint_id;
	int64 shop_id;
	bool is_read; /* all of it: an error may come between */
	bool exists;
	bool is_enabled;
	const char *url;
	QcSealVerdict verdict; /* of the key in force */
	int count;             /* of keys: the one in force, and maybe the one before */
	QcSignKey keys[QC_SIGN_KEYS_MAX];
} QcSigner;

/*
 * The endpoint as it is now; never NULL.  Its keys are wiped when the transaction ends,
 * and live in memory that no core dump shows.
 */
extern const QcSigner *qc_signer_get(int64 shop_id, int64 endpoint_id);

#endif /* QC_WEBHOOK_SIGNER_H */
