/*
 * extension/tenant/one_time_code.h
 *		Six digits sent to a phone or e-mail, and the token they are exchanged for.
 */
#ifndef QC_TENANT_ONE_TIME_CODE_H
#define QC_TENANT_ONE_TIME_CODE_H

#include "postgres.h"

typedef struct QcCodeSent
{
	const char *channel;    /* "email" or "phone" */
	const char *phone_code; /* of the user, or NULL */
} QcCodeSent;

/*
 * Send a code to the owner of a contact; a former one is void.  is_reset chooses the
 * words of the message.  Raises validation_failed (unknown or inactive account),
 * too_many_requests (guessed too often).
 */
extern QcCodeSent qc_code_send(const char *contact, bool is_reset);

/*
 * Exchange a code for a token (palloc'd), and note the contact as verified.  Raises
 * bad_request for a wrong or old code, too_many_requests after five guesses.
 */
extern char *qc_code_verify(const char *contact, const char *code);

/* The user whom a token of qc_code_verify() stands for, once; 0 = it is not valid. */
extern int64 qc_code_user_of(const char *token);
extern void qc_code_use_up(const char *token);

#endif /* QC_TENANT_ONE_TIME_CODE_H */
