/*
 * test/unit/mail_message.c
 *		A mail's lines: what header and body become, and what cannot get into them.
 *
 * libs: -lpgcommon -lpgport
 */
#include "extension/mail/message.c"

#undef fprintf
#undef printf
#undef snprintf

#include "tap.h"

/* Memory contexts free in the server what nothing frees here. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static QcMimeMail
some_mail(void)
{
	return (QcMimeMail){.from = {"QuteCart", "hello@qutekart.com"},
						.to = {"Ada", "ada@shop.example"},
						.subject = "Hello",
						.text = "Text",
						.html = "<p>HTML</p>",
						.locale = "en",
						.id = "0123456789abcdef0123456789abcdef",
						.time = 1795336200};
}

static char *
built(const QcMimeMail *mail)
{
	size_t len;
	char *message = qc_message_build(mail, &len);

	if (strlen(message) != len)
		ok(false, "the message has no zero inside");
	return message;
}

/* A header as it stands, with its folds; "" when there is none. */
static char *
header(const char *message, const char *name)
{
	const char *head_end = strstr(message, "\r\n\r\n");
	const char *start = message;
	const char *end;

	while (start < head_end && strncmp(start, name, strlen(name)) != 0)
		start = strstr(start, "\r\n") + 2;
	if (start >= head_end)
		return pstrdup("");
	for (end = strstr(start, "\r\n"); end[2] == ' '; end = strstr(end + 2, "\r\n"))
		;
	return psprintf("%.*s", (int) (end - start), start);
}

static int
digit_of(char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A'
		   : c >= 'a' && c <= 'z' ? c - 'a' + 26
		   : c >= '0' && c <= '9' ? c - '0' + 52
		   : c == '+'             ? 62
								  : 63;
}

/* What a mail program makes of a header's encoded words; NULL when one is too long. */
static char *
decoded(const char *text)
{
	StringInfoData out;

	initStringInfo(&out);
	while (*text)
	{
		const char *end;

		if (strncmp(text, "=?UTF-8?B?", 10) != 0)
		{
			appendStringInfoChar(&out, *text++);
			continue;
		}
		end = strstr(text, "?=");
		if (end + 2 - text > 75)
			return NULL;
		for (text += 10; text < end; text += 4)
		{
			uint32 bits = digit_of(text[0]) << 18 | digit_of(text[1]) << 12 |
						  (text[2] == '=' ? 0 : digit_of(text[2])) << 6 |
						  (text[3] == '=' ? 0 : digit_of(text[3]));

			appendStringInfoChar(&out, (char) (bits >> 16));
			if (text[2] != '=')
				appendStringInfoChar(&out, (char) (bits >> 8));
			if (text[3] != '=')
				appendStringInfoChar(&out, (char) bits);
		}
		text = end + 2;
		if (strncmp(text, "\r\n =?", 5) == 0)
			text += 3;
	}
	return out.data;
}

/* Each encoded word by itself must be whole characters. */
static bool
has_whole_characters(const char *text)
{
	for (const char *word = text; (word = strstr(word, "=?UTF-8?B?")); word += 10)
	{
		const char *end = strstr(word, "?=");
		char *part = decoded(psprintf("%.*s", (int) (end + 2 - word), word));

		for (size_t i = 0; part && part[i]; i += char_len(part + i))
			if ((unsigned char) part[i] >= 0x80 && char_len(part + i) == 1)
				return false;
	}
	return true;
}

static bool
lines_fit(const char *message, size_t longest)
{
	for (const char *line = message; *line;)
	{
		const char *end = strstr(line, "\r\n");

		if (end == NULL || (size_t) (end - line) > longest)
			return false;
		line = end + 2;
	}
	return true;
}

/* No carriage return or line feed alone, no other control character, no byte over 126. */
static bool
is_clean(const char *message)
{
	for (const char *c = message; *c; c++)
	{
		bool is_break = c[0] == '\r' && c[1] == '\n';

		if ((unsigned char) *c > '~' || ((unsigned char) *c < ' ' && !is_break))
			return false;
		c += is_break;
	}
	return true;
}

static void
subject(const char *text, const char *sentence)
{
	QcMimeMail mail = some_mail();
	char *line;

	mail.subject = text;
	line = header(built(&mail), "Subject:");
	is_str(decoded(line), psprintf("Subject: %s", text), sentence);
	ok(lines_fit(psprintf("%s\r\n", line), 76) && has_whole_characters(line),
	   "… in whole characters, on lines of at most 76");
}

static void
headers(void)
{
	QcMimeMail mail = some_mail();
	char *message = built(&mail);

	is_str(header(message, "Subject:"), "Subject: Hello", "plain words stay plain");
	is_str(header(message, "Date:"), "Date: Sun, 22 Nov 2026 08:30:00 +0000",
		   "the date is the mail's own");
	is_str(header(message, "From:"), "From: \"QuteCart\"\r\n <hello@qutekart.com>",
		   "who sends it");
	is_str(header(message, "To:"), "To: \"Ada\"\r\n <ada@shop.example>", "who gets it");
	is_str(header(message, "Message-ID:"),
		   "Message-ID: <0123456789abcdef0123456789abcdef@qutekart.com>",
		   "its id is the row's, at the sender's domain");
	is_str(header(message, "Auto-Submitted:"), "Auto-Submitted: auto-generated",
		   "no machine shall answer it");
	is_str(header(message, "Reply-To:"), "", "answers go to the sender");
	is_str(header(message, "List-Unsubscribe:"), "",
		   "a mail that one needs offers no way to unsubscribe");
	mail.reply_to = (QcMailbox){NULL, "desk@qutekart.com"};
	mail.unsubscribe_url = "https://qutekart.com/api/unsubscribe/1";
	message = built(&mail);
	is_str(header(message, "Reply-To:"), "Reply-To: desk@qutekart.com",
		   "or to another address");
	is_str(header(message, "List-Unsubscribe:"),
		   "List-Unsubscribe: <https://qutekart.com/api/unsubscribe/1>",
		   "any other mail does");
	is_str(header(message, "List-Unsubscribe-Post:"),
		   "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "with one click");
	subject("Welcome to Growth 🎉", "an emoji in a subject");
	subject("تنتهي فترتك التجريبية خلال 3 أيام وهذا عنوان طويل جدا لا يتسع له سطر واحد",
			"a long Arabic subject");
	subject("অর্ডারের সীমা পূর্ণ হয়েছে – আপনার দোকান এই মাসে আর অর্ডার নিতে পারবে না",
			"a long Bengali one");
	subject(
		"👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
		"a family of emojis");
	subject("=?UTF-8?B?SGVsbG8=?= is no code", "what looks encoded is not");
	subject("A subject of plain letters that is so long that it does not fit into one"
			" line of a header, and goes on",
			"plain words that are long");
	mail.from.name = "Qute \"Cart\" \\ Co, Ltd";
	is_str(header(built(&mail), "From:"),
		   "From: \"Qute \\\"Cart\\\" \\\\ Co, Ltd\"\r\n <hello@qutekart.com>",
		   "a name is quoted");
	mail.to.name = "آدا لوفليس";
	is_str(decoded(header(built(&mail), "To:")),
		   "To: آدا لوفليس\r\n <ada@shop.example>", "or encoded");
}

/* O25, O34: whatever the data hold, the headers are ours. */
static void
injections(void)
{
	static const char *const breaks[] = {
		"\r\nBcc: all@evil.example",
		"\nBcc: all@evil.example",
		"\rBcc: all@evil.example",
		"\r\n\r\n<script>",
		"\xe2\x80\xa8"
		"Bcc: a@evil.example",
		"\xc2\x85"
		"Bcc: a@evil.example",
		"\x0b\x0c"
		"Bcc: a@evil.example",
	};
	for (size_t i = 0; i < lengthof(breaks); i++)
	{
		QcMimeMail mail = some_mail();
		char *message;

		mail.subject = psprintf("Hello%s", breaks[i]);
		mail.from.name = psprintf("Qute%s", breaks[i]);
		mail.to.name = psprintf("Ada%s", breaks[i]);
		mail.to.address = psprintf("ada@shop.example%s", breaks[i]);
		mail.reply_to = (QcMailbox){breaks[i], psprintf("d@q.example%s", breaks[i])};
		mail.unsubscribe_url = psprintf("https://q.example/%s", breaks[i]);
		mail.locale = psprintf("en%s", breaks[i]);
		message = built(&mail);
		ok(strstr(message, "\nBcc:") == NULL && strstr(message, "\rBcc:") == NULL &&
			   strstr(message, "\r\n\r\n") > strstr(message, "boundary="),
		   psprintf("O25 O34: a break in data adds no header (%zu)", i));
		ok(is_clean(message), "O25: nor any other character that is none of ours");
	}
	is_str(qc_message_line("a\tb\r\n\r\n  c \x01", 100), "a b c", "gaps become blanks");
	is_str(qc_message_line("safe \xe2\x80\xae txt.exe", 100), "safe txt.exe",
		   "nothing turns the direction of writing around");
	is_str(qc_message_line("مرحبا\xe2\x80\x8f!", 100), "مرحبا\xe2\x80\x8f!",
		   "but marks of direction stay");
	is_str(qc_message_line("aäöü", 4), "aä…", "a line is cut between characters");
	is_str(qc_message_line("", 4), "", "nothing stays nothing");
}

static void
bodies(void)
{
	QcMimeMail mail = some_mail();
	char *message;

	mail.text = ".\r\n..\nFrom me\n.hidden \na=b\n\ttab\rend ";
	message = built(&mail);
	ok(strstr(message, "\r\n\r\n=2E\r\n=2E.\r\n=46rom me\r\n=2Ehidden=20\r\na=3Db\r\n"
					   "\ttab\r\nend=20\r\n") != NULL,
	   "no line of a body begins with a full stop, or ends with a blank");
	ok(strstr(message, "\n.") == NULL, "so the protocol has nothing to stuff");
	mail.text = "Grüße aus der Ferne, und das mit genug Buchstaben für mehr als eine"
				" Zeile, die ja kurz sein soll";
	message = built(&mail);
	ok(strstr(message, "Gr=C3=BC=C3=9Fe") != NULL && lines_fit(message, 76),
	   "few foreign letters are quoted, on short lines");
	mail.text = "تنتهي فترتك التجريبية خلال 3 أيام";
	message = built(&mail);
	ok(strstr(message, "Content-Transfer-Encoding: base64") != NULL &&
		   is_clean(message),
	   "many are written in Base64");
	mail.html = psprintf("<p>--=_%s--</p>", mail.id);
	message = built(&mail);
	ok(strstr(message, psprintf("<p>--=_%s", mail.id)) == NULL,
	   "no text looks like the boundary");
	ok(strcmp(message + strlen(message) - strlen("abcdef--\r\n"), "abcdef--\r\n") == 0,
	   "and the last boundary ends the message");
	mail.text = "";
	mail.html = "";
	ok(built(&mail) != NULL, "an empty mail is one");
	ok(strstr(built(&mail), "text/plain") < strstr(built(&mail), "text/html"),
	   "the better part comes last");
}

static void
addresses(void)
{
	static const char *const good[] = {"a@b.example", "first.last+tag@sub.b.example",
									   "o'neil@b.example", "a@localhost"};
	static const char *const bad[] = {
		"",          "a",           "@b.example", "a@",     "a b@c.example", "a@b c.ex",
		"a@b\r\n.c", "a@b.c>",      "<a@b.c",     "a@@b.c", "\"a\"@b.c",     ".a@b.c",
		"a.@b.c",    "a..b@c.d",    "a@b..c",     "a@-b.c", "a@b.c.",        "a,b@c.d",
		"a@b.c, d",  "ä@b.example", "a@b.c\nDATA"};
	QcMailbox mailbox;

	for (size_t i = 0; i < lengthof(good); i++)
		ok(qc_message_is_address(good[i]), psprintf("\"%s\" is an address", good[i]));
	for (size_t i = 0; i < lengthof(bad); i++)
		ok(!qc_message_is_address(bad[i]), psprintf("O34: bad address %zu is none", i));
	ok(!qc_message_is_address(psprintf("%065d@b.example", 1)), "nor is one too long");
	ok(qc_message_read_mailbox("QuteCart <a@b.example>", &mailbox),
	   "a name, an address");
	is_str(mailbox.name, "QuteCart", "are read");
	is_str(mailbox.address, "a@b.example", "both");
	ok(qc_message_read_mailbox("\"Qute, Cart\" <a@b.example>", &mailbox) &&
		   strcmp(mailbox.name, "Qute, Cart") == 0,
	   "quotes around a name go");
	ok(qc_message_read_mailbox("a@b.example", &mailbox) && mailbox.name == NULL,
	   "an address alone");
	ok(!qc_message_read_mailbox("QuteCart <a@b.example", &mailbox), "an open bracket");
	ok(!qc_message_read_mailbox("QuteCart", &mailbox), "no address");
	ok(!qc_message_read_mailbox("", &mailbox), "nothing");
	is_str(qc_message_write_mailbox(&(QcMailbox){"A \"B\"", "a@b.c"}),
		   "\"A \\\"B\\\"\" <a@b.c>", "and written again");
}

int
main(void)
{
	headers();
	injections();
	bodies();
	addresses();
	return done();
}
