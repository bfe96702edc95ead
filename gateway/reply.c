/*
 * gateway/reply.c
 *		Headers from the database are data: each line is checked, framing and
 *		internal names are the gateway's own and are left out.
 */
#include "gateway/reply.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "gateway/text.h"

#define OWN_ROOM 1024 /* for what the gateway adds */

/* the gateway's business, whatever the database says */
static const char *const reserved[] = {
	"connection", "content-length",    "date",    "keep-alive",
	"trailer",    "transfer-encoding", "upgrade", "x-request-id",
};

static char *copy_headers(const GwReply *reply, char *out, bool *has_type);
static bool is_clean(const char *line, size_t len, size_t *name_len);
static bool is_reserved(const char *name, size_t len);
static char *put_number(char *out, size_t number);
static const char *http_date(void);

char *
gw_reply_head(const GwReply *reply, GwArena *arena, size_t *len)
{
	size_t room = reply->headers_len * 2 + OWN_ROOM;
	char *head = gw_arena_alloc(arena, room);
	char *out = head;
	bool has_type = false;

	out = put_number(stpcpy(out, "HTTP/1.1 "), (size_t) reply->status);
	*out++ = ' ';
	out = stpcpy(stpcpy(out, gw_refusal_title(reply->status)), "\r\n");
	out = copy_headers(reply, out, &has_type);
	if (out == NULL)
		return NULL;
	if (gw_reply_has_body(reply->status))
	{
		if (!has_type && reply->body_len > 0)
			out = stpcpy(out, "Content-Type: application/json\r\n");
		out = put_number(stpcpy(out, "Content-Length: "), reply->body_len);
		out = stpcpy(out, "\r\n");
	}
	if (reply->cors)
		out = stpcpy(out, "Vary: Origin\r\n");
	if (reply->origin != NULL)
		out += snprintf(out, 512,
						"Access-Control-Allow-Origin: %s\r\n"
						"Access-Control-Expose-Headers: "
						"ETag, Location, Retry-After, X-Request-Id, X-Shop-Context\r\n",
						reply->origin);
	if (reply->close)
		out = stpcpy(out, "Connection: close\r\n");
	out = stpcpy(stpcpy(out, "Date: "), http_date());
	out = stpcpy(stpcpy(out, "\r\nX-Request-Id: "), reply->request_id);
	out = stpcpy(out, "\r\n\r\n");
	*len = (size_t) (out - head);
	return head;
}

void
gw_reply_problem(GwReply *reply, GwArena *arena, GwRefusal refusal)
{
	const GwRefusalInfo *info = gw_refusal_info(refusal);
	char *body = gw_arena_alloc(arena, 1024);
	char *headers = gw_arena_alloc(arena, 256);
	int len;

	len = snprintf(body, 1024,
				   "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
				   "\"detail\":\"%s\",\"code\":\"%s\",\"message\":\"%s\"}",
				   gw_refusal_title(info->status), info->status, info->message,
				   info->code, info->message);
	reply->status = info->status;
	reply->body = body;
	reply->body_len = (size_t) len;
	len = snprintf(headers, 256,
				   "Content-Type: application/problem+json\nCache-Control: no-store\n");
	if (info->retry_after > 0)
		len += snprintf(headers + len, 64, "Retry-After: %d\n", info->retry_after);
	if (info->status == 405)
		len += snprintf(headers + len, 128,
						"Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\n");
	reply->headers = headers;
	reply->headers_len = (size_t) len;
	reply->close |= info->close;
}

bool
gw_reply_has_body(int status)
{
	return status != 204 && status != 304;
}

const char *
gw_reply_internal(const GwReply *reply, const char *name, GwArena *arena)
{
	size_t name_len = strlen(name);
	const char *at = reply->headers;
	const char *end = at + reply->headers_len;

	while (at < end)
	{
		const char *newline = memchr(at, '\n', (size_t) (end - at));
		size_t len = (size_t) ((newline == NULL ? end : newline) - at);

		if (len > name_len + 2 && memcmp(at, name, name_len) == 0 &&
			memcmp(at + name_len, ": ", 2) == 0)
			return gw_arena_copy(arena, at + name_len + 2, len - name_len - 2);
		at += len + 1;
	}
	return NULL;
}

/*
 * NULL when a line could end the header early or is no header at all.
 */
static char *
copy_headers(const GwReply *reply, char *out, bool *has_type)
{
	const char *at = reply->headers;
	const char *end = at + reply->headers_len;

	while (at < end)
	{
		const char *newline = memchr(at, '\n', (size_t) (end - at));
		size_t len = (size_t) ((newline == NULL ? end : newline) - at);
		size_t name_len;

		if (!is_clean(at, len, &name_len))
			return NULL;
		if (!is_reserved(at, name_len))
		{
			*has_type |= gw_text_is(at, name_len, "content-type");
			memcpy(out, at, len);
			out += len;
			*out++ = '\r';
			*out++ = '\n';
		}
		at += len + (newline == NULL ? 0 : 1);
	}
	return out;
}

static bool
is_clean(const char *line, size_t len, size_t *name_len)
{
	const char *colon = memchr(line, ':', len);

	if (colon == NULL || !gw_text_is_token(line, (size_t) (colon - line)))
		return false;
	*name_len = (size_t) (colon - line);
	for (size_t i = *name_len + 1; i < len; i++)
	{
		unsigned char c = (unsigned char) line[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool
is_reserved(const char *name, size_t len)
{
	if (gw_text_is_internal(name, len))
		return true;
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
	{
		if (gw_text_is(name, len, reserved[i]))
			return true;
	}
	return false;
}

static char *
put_number(char *out, size_t number)
{
	char digits[24];
	int n = 0;

	do
		digits[n++] = (char) ('0' + number % 10);
	while ((number /= 10) > 0);
	while (n > 0)
		*out++ = digits[--n];
	return out;
}

static const char *
http_date(void)
{
	static time_t shown;
	static char text[40];
	time_t now = time(NULL);
	struct tm parts;

	if (now != shown)
	{
		gmtime_r(&now, &parts);
		strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
		shown = now;
	}
	return text;
}
