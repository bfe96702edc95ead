/*
 * extension/mail/bounce.h
 *		What a provider reports of mails that went out: bounces and complaints.
 */
#ifndef QC_MAIL_BOUNCE_H
#define QC_MAIL_BOUNCE_H

#include "postgres.h"

#include "extension/core/standard_webhooks.h"

#define QC_BOUNCE_MAX_BODY (64 * 1024) /* bytes */

/*
 * Verify a report of Resend's and suppress the addresses that bounced for good or
 * complained; returns how many are new.  Raises not_configured, invalid_signature,
 * payload_too_large, invalid_payload.
 */
extern int qc_bounce_receive(const QcWebhookHead *head, const char *body, int len);

#endif /* QC_MAIL_BOUNCE_H */
