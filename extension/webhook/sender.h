/*
 * extension/webhook/sender.h
 *		Sending the outbox's messages to vendors: kinds that begin with "webhook.".
 */
#ifndef QC_WEBHOOK_SENDER_H
#define QC_WEBHOOK_SENDER_H

#include "extension/outbox/message.h"

extern const QcSender qc_webhook_sender;

#endif /* QC_WEBHOOK_SENDER_H */
