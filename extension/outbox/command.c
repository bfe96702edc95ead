/*
 * extension/outbox/command.c
 *		A command has one reply, and the first to give it decides.
 *
 * Every statement names the shop beside the id: a ticket of one shop with the id of
 * another one's command finds nothing.
 */
#include "postgres.h"

#include <ctype.h>

#include "extension/core/db.h"
#include "extension/outbox/command.h"

static QcStmt insert_command = {
	.sql = "INSERT INTO qutecart.commands (shop_id, kind) VALUES ($1, $2)"
		   " RETURNING id::text",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt finish_command = {
	.sql = "UPDATE qutecart.commands c SET reply_status = $3, reply_body = $4::json,"
		   " finished_at = pg_catalog.now() WHERE c.shop_id = $1 AND c.id = $2::uuid"
		   " AND c.finished_at IS NULL",
	.nargs = 4,
	.argtypes = {INT8OID, TEXTOID, INT4OID, TEXTOID},
};

static QcStmt read_command = {
	.sql = "SELECT c.reply_status, c.reply_body::text FROM qutecart.commands c"
		   " WHERE c.shop_id = $1 AND c.id = $2::uuid",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

QcCommand
qc_command_begin(const char *kind, int64 shop_id)
{
	QcCommand command = {.shop_id = shop_id};
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, kind);
	qc_db_begin();
	qc_db_expect(qc_db_system(&insert_command, &args), 1, "begin a command");
	strlcpy(command.id, qc_db_text(0, 1), sizeof(command.id));
	qc_db_end();
	return command;
}

bool
qc_command_finish(const QcCommand *command, const QcCommandReply *reply)
{
	QcArgs args = {0};
	bool is_first;

	qc_args_int8(&args, command->shop_id);
	qc_args_text(&args, command->id);
	qc_args_int4(&args, reply->status);
	qc_args_text(&args, reply->body);
	qc_db_begin();
	is_first = qc_db_system(&finish_command, &args) == 1;
	qc_db_end();
	return is_first;
}

bool
qc_command_read(const QcCommand *command, QcCommandReply *reply)
{
	QcArgs args = {0};
	bool is_found;

	qc_args_int8(&args, command->shop_id);
	qc_args_text(&args, command->id);
	qc_db_begin();
	is_found = qc_db_system(&read_command, &args) == 1;
	if (is_found)
	{
		reply->status = qc_db_int4(0, 1);
		reply->body = qc_db_keep_text(qc_db_text(0, 2));
	}
	qc_db_end();
	return is_found;
}

char *
qc_command_ticket(const QcCommand *command)
{
	return psprintf(INT64_FORMAT "/%s", command->shop_id, command->id);
}

/* The form that qc_command_ticket() writes, and no other that a UUID might have. */
bool
qc_command_parse(const char *ticket, QcCommand *command)
{
	char *end;

	errno = 0;
	command->shop_id = strtoi64(ticket, &end, 10);
	if (errno != 0 || command->shop_id <= 0 || *end != '/' ||
		strlen(end + 1) != QC_COMMAND_ID_LEN)
		return false;
	strlcpy(command->id, end + 1, sizeof(command->id));
	for (int i = 0; i < QC_COMMAND_ID_LEN; i++)
	{
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_dash ? command->id[i] != '-' : !isxdigit((unsigned char) command->id[i]))
			return false;
	}
	return true;
}
