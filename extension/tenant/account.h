/*
 * extension/tenant/account.h
 *		Accounts: who a contact belongs to, whether a password fits, what a user looks
 *		like to a client.
 */
#ifndef QC_TENANT_ACCOUNT_H
#define QC_TENANT_ACCOUNT_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "extension/core/json.h"
#include "extension/tenant/token.h"

/* Which accounts a sign-in takes; another one is answered like a wrong password. */
typedef enum QcSignIn
{
	QC_SIGN_IN_ANYBODY,
	QC_SIGN_IN_CUSTOMER, /* has the role "customer" */
	QC_SIGN_IN_MEMBER    /* may act for a shop */
} QcSignIn;

/* A session as a client gets it. */
typedef struct QcAccess
{
	int64 user_id;
	char *token;
	TimestampTz expires_at;
} QcAccess;

/*
 * Check a contact (phone or e-mail) and a password, make a session.
 *
 * Raises invalid_credentials for an unknown contact, a wrong password and an account
 * of another kind, after the same work; account_inactive only to who knows the
 * password.  device: where he signs in.
 */
extern QcAccess qc_account_sign_in(const char *contact, const char *password,
								   QcSignIn kind, QcDevice device);

/* Make a session without a password: for who has just registered. */
extern QcAccess qc_account_open_session(int64 user_id, QcDevice device);

/*
 * Change a user's password and end his other sessions (but_session_id stays; 0 = none).
 * Raises bad_request when the current password is wrong or the new one is the same.
 */
extern void qc_account_change_password(int64 user_id, const char *current,
									   const char *password, int64 but_session_id);

/* Set a password without the old one, which a one-time code stood for; ends all sessions. */
extern void qc_account_reset_password(int64 user_id, const char *password);

/* The id that a contact belongs to; 0 when nobody has it. */
extern int64 qc_account_find(const char *contact);

/* A phone number as it is stored: digits, a leading plus kept; palloc'd. */
extern char *qc_account_normal_phone(const char *phone);

/* The member "access" and the object User of a user. */
extern void qc_account_write_access(QcJson *json, const QcAccess *access);
extern void qc_account_write_user(QcJson *json, const char *key, int64 user_id);

#endif /* QC_TENANT_ACCOUNT_H */
