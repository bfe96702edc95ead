/*
 * extension/http/await.h
 *		Replies that are not known yet when their transaction ends.
 */
#ifndef QC_HTTP_AWAIT_H
#define QC_HTTP_AWAIT_H

#include "postgres.h"

#include "extension/http/state.h"
#include "extension/outbox/command.h"

/*
 * The answer of a handler that began a command: pending, and where to ask.  Over HTTP it
 * becomes a 202 that names the command to the gateway, which then waits for its reply and
 * sends that instead.
 */
extern Datum qc_await_answer(const char *message, const QcCommand *command);

/* A kept reply that was pending becomes the command's reply when that is there. */
extern void qc_await_settle(QcReply *reply);

/* The header lines of a command's reply. */
extern const char *qc_await_headers(int32 status);

#endif /* QC_HTTP_AWAIT_H */
