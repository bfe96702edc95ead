/*
 * extension/worker/senders.h
 *		Who sends which kind of message.
 */
#ifndef QC_WORKER_SENDERS_H
#define QC_WORKER_SENDERS_H

#include "extension/outbox/message.h"

/* NULL = nobody. */
extern const QcSender *qc_sender_of(const char *kind);

/* Are payload and answer of such messages to be forgotten once they are settled? */
extern bool qc_sender_forgets(const char *kind);

#endif /* QC_WORKER_SENDERS_H */
