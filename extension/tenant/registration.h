/*
 * extension/tenant/registration.h
 *		Making an account: what a registration must say, and the rows it becomes.
 */
#ifndef QC_TENANT_REGISTRATION_H
#define QC_TENANT_REGISTRATION_H

#include "postgres.h"

#include "extension/core/args.h"

typedef struct QcRegistration
{
	char *name;       /* what clients call the first name, or the whole */
	char *last_name;  /* the rest may be NULL */
	char *phone;      /* replaced by its stored form */
	char *phone_code; /* "+880", not part of phone */
	char *email;
	char *password;
	char *gender;
	char *country;
	char *photo_url;
	char *locale;        /* language of mails, a BCP 47 tag */
	Datum date_of_birth; /* a date */
	bool has_date_of_birth;
	bool is_active;
	bool may_lack_password; /* who has none sets it by a one-time code */
	const char *name_field; /* what the client calls name: "name" or "first_name" */
} QcRegistration;

/*
 * Complain about every field of a registration that will not do, taken phones and
 * e-mails included.
 */
extern void qc_registration_check(QcRegistration *person, QcFieldErrors *errors,
								  bool needs_phone, bool needs_email);

/* Complaints shared by whatever takes such a field. */
extern void qc_registration_check_text(QcFieldErrors *errors, const char *field,
									   char **value, int max_len, bool is_required);
extern void qc_registration_check_url(QcFieldErrors *errors, const char *field,
									  char **url);
extern void qc_registration_check_locale(QcFieldErrors *errors, char **locale);
extern void qc_registration_check_password(QcFieldErrors *errors, const char *password);
extern void qc_registration_check_confirmation(QcFieldErrors *errors,
											   const char *password,
											   const char *confirmation);

/* Complain about the contacts that somebody else than this user has. */
extern void qc_registration_check_contacts(QcRegistration *person,
										   QcFieldErrors *errors, bool needs_phone,
										   bool needs_email, int64 user_id);

/*
 * Create the user and return his id.  Hashes the password before it writes anything.
 * Raises validation_failed when a contact was taken a moment ago.
 */
extern int64 qc_registration_create(QcRegistration *person);

/*
 * Mail a welcome to who has registered; a no-op without an e-mail.  shop_name: of the
 * shop he opened, or NULL.
 */
extern void qc_registration_welcome(const QcRegistration *person, int64 shop_id,
									const char *shop_name);

/* Give a user a role of the platform: "customer", "shop", … */
extern void qc_registration_give_role(int64 user_id, const char *role);

#endif /* QC_TENANT_REGISTRATION_H */
