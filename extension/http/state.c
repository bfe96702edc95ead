/*
 * extension/http/state.c
 *		What handlers see of their request and may add to its reply.
 *
 * Requests do not nest: a handler that calls qutecart.http() again is refused there, so
 * two pointers are enough.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "extension/http/request.h"
#include "extension/http/state.h"

static QcRequest *request = NULL;
static QcReply *reply = NULL;

void
qc_state_begin(QcRequest *new_request, QcReply *new_reply)
{
	request = new_request;
	reply = new_reply;
}

void
qc_state_end(void)
{
	request = NULL;
	reply = NULL;
}

bool
qc_state_is_busy(void)
{
	return request != NULL;
}

bool
qc_request_is_http(void)
{
	return request != NULL;
}

const char *
qc_request_get(const QcRequest *from, const char *name)
{
	for (int i = 0; i < from->nheaders; i++)
		if (strcmp(from->headers[i].name, name) == 0)
			return from->headers[i].value;
	return NULL;
}

const char *
qc_request_header(const char *name)
{
	return request ? qc_request_get(request, name) : NULL;
}

const char *
qc_request_peer(void)
{
	return request ? request->peer : NULL;
}

void
qc_reply_reset(QcReply *which)
{
	which->status = 0;
	which->is_secret = false;
	which->nheaders = 0;
	which->replayed = NULL;
	which->text = NULL;
	which->body = "";
	which->body_len = 0;
}

const char *
qc_reply_get(const QcReply *from, const char *name)
{
	for (int i = 0; i < from->nheaders; i++)
		if (pg_strcasecmp(from->headers[i].name, name) == 0)
			return from->headers[i].value;
	return NULL;
}

/* A line break in a value would let data write headers, or a second reply. */
static void
check_header(const char *name, const char *value)
{
	if (name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
						  "0123456789-")] != '\0' ||
		*name == '\0')
		elog(ERROR, "reply header has an impossible name");
	for (const char *c = value; *c != '\0'; c++)
		if ((unsigned char) *c < 0x20 || *c == 0x7f)
			elog(ERROR, "reply header \"%s\" has a control character in its value",
				 name);
}

void
qc_reply_set(QcReply *which, const char *name, const char *value)
{
	QcHeader *header = NULL;

	check_header(name, value);
	for (int i = 0; i < which->nheaders; i++)
		if (pg_strcasecmp(which->headers[i].name, name) == 0)
			header = &which->headers[i];
	if (header == NULL)
	{
		if (which->nheaders == QC_MAX_REPLY_HEADERS)
			elog(ERROR, "reply has more than %d headers", QC_MAX_REPLY_HEADERS);
		header = &which->headers[which->nheaders++];
		header->name = MemoryContextStrdup(which->memory, name);
	}
	header->value = MemoryContextStrdup(which->memory, value);
}

char *
qc_reply_render(const QcReply *from)
{
	StringInfoData lines;

	initStringInfo(&lines);
	if (from->replayed != NULL)
		appendStringInfoString(&lines, from->replayed);
	for (int i = 0; i < from->nheaders; i++)
	{
		appendStringInfoString(&lines, from->headers[i].name);
		appendBinaryStringInfo(&lines, ": ", 2);
		appendStringInfoString(&lines, from->headers[i].value);
		appendStringInfoCharMacro(&lines, '\n');
	}
	return lines.data;
}

void
qc_reply_header(const char *name, const char *value)
{
	if (reply != NULL)
		qc_reply_set(reply, name, value);
}

void
qc_reply_status(int status)
{
	if (status < 200 || status > 599)
		elog(ERROR, "%d is no status of a reply", status);
	if (reply != NULL)
		reply->status = status;
}

void
qc_reply_is_secret(void)
{
	if (reply != NULL)
		reply->is_secret = true;
}
