/*
 * extension/core/seal.h
 *		Secrets at rest: sealed with a key that is not in the database.
 *
 * A sealed secret is text, "s1.<key>.<Base64>", and belongs to one place: opened as if
 * it stood in another row it is broken.  The first key of qutecart.secret_keys seals,
 * all of them open.
 */
#ifndef QC_CORE_SEAL_H
#define QC_CORE_SEAL_H

#include "postgres.h"

#include "utils/guc.h"

#define QC_SEAL_SECRET_MAX 128 /* bytes of a secret */

typedef enum QcSealVerdict
{
	QC_SEAL_OPENED,
	QC_SEAL_NO_KEY, /* sealed with a key that is not configured */
	QC_SEAL_BROKEN  /* changed, moved from another place, or never sealed */
} QcSealVerdict;

/*
 * Seal a secret; palloc'd.  place says where it stands, "webhook:<shop>:<id>:secret".
 * Raises not_configured when there is no key.
 */
extern char *qc_seal(const void *secret, int len, const char *place);

/* Open it into out; the caller wipes out. */
extern QcSealVerdict qc_seal_open(const char *sealed, const char *place,
								  uint8 out[QC_SEAL_SECRET_MAX], int *len);

/* Raise not_configured, saying how to make a key, when there is none. */
extern void qc_seal_need_key(void);

/* Was it sealed with the key that seals now? */
extern bool qc_seal_is_current(const char *sealed);

/* The setting's check hook: every key must be 32 bytes in Base64. */
extern bool qc_seal_check_keys(char **value, void **extra, GucSource source);

#endif /* QC_CORE_SEAL_H */
