/*
 * extension/outbox/command.h
 *		Requests that are answered by somebody outside, after their transaction.
 *
 * The transaction that causes an outgoing call begins a command beside the outbox row,
 * and carries the command's ticket in the row's payload.  Who learns the answer finishes
 * the command; the gateway, which keeps the client waiting meanwhile, passes it on.
 */
#ifndef QC_OUTBOX_COMMAND_H
#define QC_OUTBOX_COMMAND_H

#include "postgres.h"

#define QC_COMMAND_ID_LEN 36 /* characters of a UUID */

typedef struct QcCommand
{
	int64 shop_id;
	char id[QC_COMMAND_ID_LEN + 1];
} QcCommand;

/* What the client will be told. */
typedef struct QcCommandReply
{
	int32 status;     /* of HTTP; 0 = pending */
	const char *body; /* JSON text */
} QcCommandReply;

/* Begin a command of a shop.  kind says what is asked for: "stripe.subscribe". */
extern QcCommand qc_command_begin(const char *kind, int64 shop_id);

/*
 * Give a command its reply; the first one stays.  False when it had one already, or when
 * there is no such command of that shop.
 */
extern bool qc_command_finish(const QcCommand *command, const QcCommandReply *reply);

/* Read a command's reply, in the current memory context; false when there is none such. */
extern bool qc_command_read(const QcCommand *command, QcCommandReply *reply);

/* A command as one word, and back; false for a word that is none. */
extern char *qc_command_ticket(const QcCommand *command);
extern bool qc_command_parse(const char *ticket, QcCommand *command);

#endif /* QC_OUTBOX_COMMAND_H */
