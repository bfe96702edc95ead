/*
 * extension/mail/owner.h
 *		Writing to who owns a shop.
 */
#ifndef QC_MAIL_OWNER_H
#define QC_MAIL_OWNER_H

#include "extension/mail/mail.h"

/*
 * Address a mail to the shop's owner, in his language: fills shop_id, to, to_name and
 * locale.  to is NULL when there is no owner, or he has no e-mail.
 */
extern void qc_mail_to_owner(QcMail *mail, int64 shop_id);

/* A person's name as mails address him: palloc'd, NULL when there is none. */
extern char *qc_mail_full_name(const char *name, const char *last_name);

#endif /* QC_MAIL_OWNER_H */
