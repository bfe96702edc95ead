/*
 * extension/http/await.c
 *		The pending answer, the ticket for the gateway, the reply that comes later.
 *
 * The ticket travels in a header that the gateway never lets out.  It stands in the reply
 * that is kept for an Idempotency-Key too, so a client who repeats his request waits for
 * the same command.
 */
#include "postgres.h"

#include "extension/core/json.h"
#include "extension/http/await.h"
#include "extension/http/request.h"

#define TICKET_HEADER "Qutecart-Await"

Datum
qc_await_answer(const char *message, const QcCommand *command)
{
	char *url = psprintf("/api/commands/%s", command->id);
	QcJson json;

	qc_reply_status(202);
	qc_reply_header("Location", url);
	qc_reply_header("Retry-After", "1");
	qc_reply_header(TICKET_HEADER, qc_command_ticket(command));
	qc_json_init(&json);
	qc_json_reply_open(&json, message);
	qc_json_text(&json, "id", command->id);
	qc_json_text(&json, "status", "pending");
	qc_json_text(&json, "status_url", url);
	return qc_json_reply_close(&json);
}

/* The ticket in a kept reply's header lines; false when it has none. */
static bool
find_ticket(const char *lines, QcCommand *command)
{
	const char *found = lines ? strstr(lines, TICKET_HEADER ": ") : NULL;
	const char *value = found ? found + strlen(TICKET_HEADER ": ") : NULL;

	if (found == NULL || (found != lines && found[-1] != '\n'))
		return false;
	return qc_command_parse(pnstrdup(value, strcspn(value, "\n")), command);
}

void
qc_await_settle(QcReply *reply)
{
	QcCommand command;
	QcCommandReply final;

	if (!find_ticket(reply->replayed, &command) || !qc_command_read(&command, &final) ||
		final.status == 0)
		return;
	reply->status = final.status;
	reply->replayed = qc_await_headers(final.status);
	reply->body = final.body;
	reply->body_len = strlen(final.body);
}

const char *
qc_await_headers(int32 status)
{
	return status < 400 ? "Content-Type: application/json\n"
						  "Cache-Control: private, no-store\n"
						: "Content-Type: application/problem+json\n"
						  "Cache-Control: private, no-store\n";
}
