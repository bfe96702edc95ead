/*
 * extension/core/redact.c
 *		Keeping secret settings out of the server's log.
 *
 * PostgreSQL writes each setting that it reads anew with its value, and knows no secret
 * among them.
 */
#include "postgres.h"

#include "utils/elog.h"

#include "extension/core/guc.h"
#include "extension/core/redact.h"

#define CHANGED "parameter \"%s\" changed to \"%s\""

static emit_log_hook_type previous = NULL;

static void
redact(ErrorData *error)
{
	const char *name = NULL;

	if (error->message_id != NULL && error->message != NULL &&
		strcmp(error->message_id, CHANGED) == 0)
		name = qc_guc_secret_named(error->message);
	if (name != NULL)
	{
		explicit_bzero(error->message, strlen(error->message));
		error->message = psprintf("parameter \"%s\" changed", name);
	}
	if (previous != NULL)
		previous(error);
}

void
qc_redact_init(void)
{
	previous = emit_log_hook;
	emit_log_hook = redact;
}
