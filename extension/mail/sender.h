/*
 * extension/mail/sender.h
 *		Sending the outbox's mails: kinds that begin with "mail.".
 */
#ifndef QC_MAIL_SENDER_H
#define QC_MAIL_SENDER_H

#include "extension/outbox/message.h"

extern const QcSender qc_mail_sender;

#endif /* QC_MAIL_SENDER_H */
