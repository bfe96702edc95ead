/*
 * extension/tenant/token.h
 *		Tokens: made at sign-in, verified into the context, ended at sign-out.
 */
#ifndef QC_TENANT_TOKEN_H
#define QC_TENANT_TOKEN_H

#include "postgres.h"

#include "datatype/timestamp.h"

/* As whom the bearer wants to act. */
typedef enum QcActAs
{
	QC_ACT_AS_ANY,      /* his own shop if he has one, else admin/root, else customer */
	QC_ACT_AS_MEMBER,   /* for a shop; none -> no_shop */
	QC_ACT_AS_CUSTOMER, /* as a buyer, even if he has a shop */
	QC_ACT_AS_ADMIN     /* for the platform; no such role -> forbidden */
} QcActAs;

/* Where somebody signs in. */
typedef struct QcDevice
{
	const char *name; /* what he calls it; NULL or too long = "api_token" */
	const char *peer; /* an address as text, or NULL */
	const char *key;  /* what pushes to it are addressed to, or NULL */
} QcDevice;

/*
 * Make a session for a user and return its token (palloc'd, shown once).  The table
 * keeps the SHA-256 only.  Raises account_inactive.
 */
extern char *qc_token_create(int64 user_id, QcDevice device, TimestampTz *expires_at);

/*
 * Verify a token and set the transaction's context.
 *
 * shop_id: the shop to act for; 0 = his own.  A shop he is no member of raises
 * not_found, as one that does not exist.  An unknown, expired or ended token, or one
 * of an inactive user, raises unauthenticated.  Locks the membership row against
 * revocation unless the transaction is read-only.
 */
extern void qc_token_enter(const char *token, int64 shop_id, QcActAs act_as);

/* End the session that the context came from; false when there is none. */
extern bool qc_token_end_current(void);

/* End all sessions of a user, but not the given one (0 = end all). */
extern void qc_token_end_all(int64 user_id, int64 but_session_id);

#endif /* QC_TENANT_TOKEN_H */
