/*
 * extension/mail/message.c
 *		A mail as it goes over the wire: RFC 5322 with MIME, text and HTML.
 *
 * Lines stay within 76 characters, but for an address or a link that is longer by
 * itself.  The boundary begins with "=_", which no encoded part can contain, and no
 * line of a body begins with a full stop, whatever the transport makes of those.
 */
#include "postgres.h"

#include <time.h>

#include "extension/mail/message.h"

#define LINE_MAX_LEN  76
#define WORD_OVERHEAD 12 /* "=?UTF-8?B?" and "?=" */
#define WORD_MAX_LEN  75 /* an encoded word, RFC 2047 */
#define NAME_MAX_LEN  100
#define ATEXT                                                                          \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"
#define HOST "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."

/* Bytes of the character that begins here; 1 for what begins none. */
static size_t
char_len(const char *at)
{
	unsigned char lead = (unsigned char) *at;
	size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;

	for (size_t i = 1; i < len; i++)
		if (((unsigned char) at[i] & 0xc0) != 0x80)
			return 1;
	return len;
}

/* Control characters, line separators, and those that turn the direction around. */
static bool
is_unwanted(const char *at, size_t len)
{
	unsigned char a = (unsigned char) at[0];
	unsigned char b = len > 1 ? (unsigned char) at[1] : 0;
	unsigned char c = len > 2 ? (unsigned char) at[2] : 0;

	if (len == 1)
		return a <= ' ' || a >= 0x7f;
	if (len == 2)
		return a == 0xc2 && b < 0xa0;
	if (len != 3 || a != 0xe2)
		return false;
	return (b == 0x80 && c >= 0xa8 && c <= 0xae) ||
		   (b == 0x81 && c >= 0xa6 && c <= 0xa9);
}

char *
qc_message_line(const char *text, size_t max)
{
	StringInfoData out;

	initStringInfo(&out);
	while (*text)
	{
		size_t len = char_len(text);
		bool is_gap = is_unwanted(text, len);

		if (out.len + len > max)
		{
			appendStringInfoString(&out, "…");
			break;
		}
		if (!is_gap)
			appendBinaryStringInfo(&out, text, (int) len);
		else if (out.len > 0 && out.data[out.len - 1] != ' ')
			appendStringInfoChar(&out, ' ');
		text += len;
	}
	while (out.len > 0 && out.data[out.len - 1] == ' ')
		out.data[--out.len] = '\0';
	return out.data;
}

bool
qc_message_is_address(const char *text)
{
	size_t local = strspn(text, ATEXT ".");
	const char *host = text + local + 1;

	if (local == 0 || local > 64 || text[local] != '@' || text[0] == '.' ||
		text[local - 1] == '.' || strlen(text) > 254)
		return false;
	return *host != '\0' && *host != '.' && *host != '-' &&
		   strspn(host, HOST) == strlen(host) && host[strlen(host) - 1] != '.' &&
		   strstr(text, "..") == NULL;
}

bool
qc_message_read_mailbox(const char *text, QcMailbox *mailbox)
{
	char *line = qc_message_line(text, 512);
	char *open = strrchr(line, '<');
	size_t len;

	mailbox->name = NULL;
	mailbox->address = line;
	if (open == NULL)
		return qc_message_is_address(line);
	len = strlen(open);
	if (open[len - 1] != '>')
		return false;
	open[len - 1] = '\0';
	mailbox->address = open + 1;
	*open = '\0';
	for (len = strlen(line); len > 0 && line[len - 1] == ' '; len--)
		line[len - 1] = '\0';
	if (len >= 2 && line[0] == '"' && line[len - 1] == '"')
	{
		line[len - 1] = '\0';
		line++;
	}
	mailbox->name = *line ? line : NULL;
	return qc_message_is_address(mailbox->address);
}

static bool
is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text < ' ' || (unsigned char) *text > '~')
			return false;
	return true;
}

static void
append_base64(StringInfo out, const char *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3)
	{
		size_t left = len - i;
		uint32 bits = (uint32) (unsigned char) data[i] << 16;

		bits |= left > 1 ? (uint32) (unsigned char) data[i + 1] << 8 : 0;
		bits |= left > 2 ? (uint32) (unsigned char) data[i + 2] : 0;
		appendStringInfoChar(out, digits[bits >> 18]);
		appendStringInfoChar(out, digits[bits >> 12 & 63]);
		appendStringInfoChar(out, left > 1 ? digits[bits >> 6 & 63] : '=');
		appendStringInfoChar(out, left > 2 ? digits[bits & 63] : '=');
	}
}

/* As many whole characters as become at most so many characters of Base64. */
static size_t
take_chars(const char *text, size_t room)
{
	size_t max = room / 4 * 3;
	size_t len = 0;

	while (text[len] && len + char_len(text + len) <= max)
		len += char_len(text + len);
	return len > 0 ? len : char_len(text);
}

/* Text as encoded words, folded; used: characters on the line already. */
static void
append_words(StringInfo out, const char *text, size_t used)
{
	while (*text)
	{
		size_t room = Min(LINE_MAX_LEN - used, WORD_MAX_LEN) - WORD_OVERHEAD;
		size_t len = take_chars(text, room);

		appendStringInfoString(out, "=?UTF-8?B?");
		append_base64(out, text, len);
		appendStringInfoString(out, "?=");
		text += len;
		used = 1;
		if (*text)
			appendStringInfoString(out, "\r\n ");
	}
}

static void
append_quoted(StringInfo out, const char *text)
{
	appendStringInfoChar(out, '"');
	for (; *text; text++)
	{
		if (*text == '"' || *text == '\\')
			appendStringInfoChar(out, '\\');
		appendStringInfoChar(out, *text);
	}
	appendStringInfoChar(out, '"');
}

static void
append_subject(StringInfo out, const char *subject)
{
	char *line = qc_message_line(subject, 998);
	const char *name = "Subject: ";

	appendStringInfoString(out, name);
	if (is_ascii(line) && strlen(line) <= LINE_MAX_LEN - strlen(name) &&
		strstr(line, "=?") == NULL)
		appendStringInfoString(out, line);
	else
		append_words(out, line, strlen(name));
	appendStringInfoString(out, "\r\n");
}

static void
append_mailbox(StringInfo out, const char *header, const QcMailbox *mailbox)
{
	char *name = mailbox->name ? qc_message_line(mailbox->name, NAME_MAX_LEN) : NULL;
	char *address = qc_message_line(mailbox->address, 320);

	appendStringInfo(out, "%s: ", header);
	if (name == NULL || *name == '\0')
	{
		appendStringInfo(out, "%s\r\n", address);
		return;
	}
	if (is_ascii(name) && strstr(name, "=?") == NULL)
		append_quoted(out, name);
	else
		append_words(out, name, strlen(header) + 2);
	appendStringInfo(out, "\r\n <%s>\r\n", address);
}

char *
qc_message_write_mailbox(const QcMailbox *mailbox)
{
	char *name = mailbox->name ? qc_message_line(mailbox->name, NAME_MAX_LEN) : NULL;
	StringInfoData out;

	if (name == NULL || *name == '\0')
		return qc_message_line(mailbox->address, 320);
	initStringInfo(&out);
	append_quoted(&out, name);
	appendStringInfo(&out, " <%s>", qc_message_line(mailbox->address, 320));
	return out.data;
}

/* "Date: Sat, 21 Nov 2026 08:30:00 +0000" */
static void
append_date(StringInfo out, int64 time)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
										 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t) time;
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL)
		return;
	appendStringInfo(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n",
					 days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
					 tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
append_headers(StringInfo out, const QcMimeMail *mail)
{
	const char *at = strrchr(mail->from.address, '@');

	append_date(out, mail->time);
	append_mailbox(out, "From", &mail->from);
	if (mail->reply_to.address != NULL)
		append_mailbox(out, "Reply-To", &mail->reply_to);
	append_mailbox(out, "To", &mail->to);
	append_subject(out, mail->subject);
	appendStringInfo(out, "Message-ID: <%s@%s>\r\n", mail->id,
					 at ? qc_message_line(at + 1, 255) : "localhost");
	if (mail->unsubscribe_url != NULL)
		appendStringInfo(out,
						 "List-Unsubscribe: <%s>\r\n"
						 "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
						 qc_message_line(mail->unsubscribe_url, 900));
	appendStringInfo(out,
					 "Auto-Submitted: auto-generated\r\n"
					 "Content-Language: %s\r\n"
					 "MIME-Version: 1.0\r\n"
					 "Content-Type: multipart/alternative;\r\n"
					 " boundary=\"=_%s\"\r\n\r\n",
					 qc_message_line(mail->locale, 35), mail->id);
}

/* Is it shorter in Base64 than in quoted-printable?  Rests on bytes alone. */
static bool
wants_base64(const char *text)
{
	size_t len = strlen(text);
	size_t high = 0;

	for (size_t i = 0; i < len; i++)
		high += (unsigned char) text[i] >= 0x80;
	return high > len / 6;
}

/* Line breaks of all sorts as CRLF. */
static char *
with_crlf(const char *text)
{
	StringInfoData out;

	initStringInfo(&out);
	for (; *text; text++)
	{
		if (*text == '\r' && text[1] == '\n')
			continue;
		if (*text == '\n' || *text == '\r')
			appendStringInfoString(&out, "\r\n");
		else
			appendStringInfoChar(&out, *text);
	}
	return out.data;
}

static void
append_base64_lines(StringInfo out, const char *text)
{
	char *body = with_crlf(text);
	size_t len = strlen(body);
	size_t step = LINE_MAX_LEN / 4 * 3;

	for (size_t i = 0; i < len; i += step)
	{
		append_base64(out, body + i, Min(step, len - i));
		appendStringInfoString(out, "\r\n");
	}
}

/* Must this byte be written as =XX where it stands? */
static bool
needs_quoting(const char *at, bool begins_line)
{
	unsigned char c = (unsigned char) *at;
	bool ends_line = at[1] == '\r' || at[1] == '\0';

	if (c == ' ' || c == '\t')
		return ends_line;
	return c < ' ' || c > '~' || c == '=' || (begins_line && (c == '.' || c == 'F'));
}

static void
append_quoted_printable(StringInfo out, const char *text)
{
	int used = 0;

	for (const char *at = with_crlf(text); *at; at++)
	{
		bool quotes;

		if (at[0] == '\r' && at[1] == '\n')
		{
			appendStringInfoString(out, "\r\n");
			used = 0;
			at++;
			continue;
		}
		quotes = needs_quoting(at, used == 0);
		if (used + (quotes ? 3 : 1) > LINE_MAX_LEN - 1)
		{
			appendStringInfoString(out, "=\r\n");
			used = 0;
			quotes = needs_quoting(at, true);
		}
		if (quotes)
			appendStringInfo(out, "=%02X", (unsigned char) *at);
		else
			appendStringInfoChar(out, *at);
		used += quotes ? 3 : 1;
	}
	appendStringInfoString(out, "\r\n");
}

static void
append_part(StringInfo out, const QcMimeMail *mail, const char *type, const char *text)
{
	bool is_base64 = wants_base64(text);

	appendStringInfo(out,
					 "--=_%s\r\n"
					 "Content-Type: %s; charset=UTF-8\r\n"
					 "Content-Transfer-Encoding: %s\r\n\r\n",
					 mail->id, type, is_base64 ? "base64" : "quoted-printable");
	if (is_base64)
		append_base64_lines(out, text);
	else
		append_quoted_printable(out, text);
}

char *
qc_message_build(const QcMimeMail *mail, size_t *len)
{
	StringInfoData out;

	initStringInfo(&out);
	append_headers(&out, mail);
	append_part(&out, mail, "text/plain", mail->text);
	append_part(&out, mail, "text/html", mail->html);
	appendStringInfo(&out, "--=_%s--\r\n", mail->id);
	*len = out.len;
	return out.data;
}
