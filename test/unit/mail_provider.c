/*
 * test/unit/mail_provider.c
 *		Which provider is chosen, what is asked of it, and what its answers mean.
 *
 * link: extension/mail/message.c
 * libs: -lpgcommon -lpgport -lcurl
 */
#include "extension/mail/provider.c"

#undef fprintf
#undef printf
#undef snprintf

#include "tap.h"

/* --- what the server would bring --- */

char *qc_guc_mail_providers = "smtp,resend";
char *qc_guc_smtp_url = "";
char *qc_guc_resend_api_key = "";
char *qc_guc_resend_url = "https://api.resend.com";

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static List *
listed(int n, ListCell a, ListCell b, ListCell c)
{
	List *list = palloc0(sizeof(List));

	list->type = T_List;
	list->length = list->max_length = n;
	list->elements = palloc(3 * sizeof(ListCell));
	list->elements[0] = a;
	list->elements[1] = b;
	list->elements[2] = c;
	return list;
}

List *
list_make1_impl(NodeTag type, ListCell a)
{
	return listed(1, a, a, a);
}

List *
list_make3_impl(NodeTag type, ListCell a, ListCell b, ListCell c)
{
	return listed(3, a, b, c);
}

void
qc_json_init(QcJson *json)
{
	initStringInfo(&json->out);
}

void
qc_json_open(QcJson *json, const char *key, char bracket)
{
	appendStringInfo(&json->out, "%s%c", key ? key : "", bracket);
}

void
qc_json_close(QcJson *json, char bracket)
{
	appendStringInfoChar(&json->out, bracket);
}

void
qc_json_text(QcJson *json, const char *key, const char *value)
{
	appendStringInfo(&json->out, "%s=%s;", key ? key : "", value);
}

/* --- the tests --- */

#define NOW INT64CONST(1000000000000)

static const QcMimeMail mail = {.from = {"QuteCart", "hello@qutekart.com"},
								.to = {"Ada", "ada@shop.example"},
								.subject = "Hello",
								.text = "Text",
								.html = "HTML",
								.locale = "en",
								.id = "0123"};

static void
choosing(void)
{
	is_int(qc_provider_choose(NOW), QC_PROVIDER_NONE, "none is set: none is chosen");
	ok(!qc_provider_is_any_up(NOW), "nor up");
	qc_guc_resend_api_key = "re_1";
	is_int(qc_provider_choose(NOW), QC_PROVIDER_RESEND,
		   "the one that is set is chosen");
	qc_guc_smtp_url = "smtp://localhost";
	is_int(qc_provider_choose(NOW), QC_PROVIDER_SMTP, "of two the first of the list");
	qc_guc_mail_providers = " Resend , smtp";
	is_int(qc_provider_choose(NOW), QC_PROVIDER_RESEND, "the list is the operator's");
	qc_guc_mail_providers = "pigeon,smtp";
	is_int(qc_provider_choose(NOW), QC_PROVIDER_SMTP, "an unknown name is skipped");
	qc_guc_mail_providers = "";
	is_int(qc_provider_choose(NOW), QC_PROVIDER_NONE, "an empty list has none");
	qc_guc_mail_providers = "smtp,resend";
	qc_provider_mark_down(QC_PROVIDER_SMTP, NOW, 60);
	is_int(qc_provider_choose(NOW), QC_PROVIDER_RESEND,
		   "one that failed is left alone");
	ok(qc_provider_is_any_up(NOW), "the other is up");
	qc_provider_mark_down(QC_PROVIDER_RESEND, NOW, 30);
	ok(!qc_provider_is_any_up(NOW), "until it fails as well");
	is_int(qc_provider_choose(NOW), QC_PROVIDER_RESEND,
		   "then the one whose time is over first is tried");
	is_int(qc_provider_choose(NOW + 61 * USECS_PER_SEC), QC_PROVIDER_SMTP,
		   "after its time the first is the first again");
}

static QcRequest
asked_by_smtp(const char *url)
{
	QcRequest request = {0};

	qc_guc_smtp_url = (char *) url;
	if (!qc_provider_request(QC_PROVIDER_SMTP, &mail, "key", &request))
		request.url = "refused";
	return request;
}

static void
smtp_requests(void)
{
	static const struct
	{
		const char *url;
		const char *wanted;
		bool needs_tls;
	} urls[] = {
		{"smtp://mail.example.com:587", "smtp://mail.example.com:587/qutekart.com",
		 true},
		{"smtps://mail.example.com", "smtps://mail.example.com/qutekart.com", false},
		{"smtp://localhost", "smtp://localhost/qutekart.com", false},
		{"smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525/qutekart.com", false},
		{"smtp://[::1]:25", "smtp://[::1]:25/qutekart.com", false},
		{"smtp://127.evil.example", "smtp://127.evil.example/qutekart.com", true},
		{"smtp://localhost.evil.example", "smtp://localhost.evil.example/qutekart.com",
		 true},
		{"http://mail.example.com", "refused", false},
		{"mail.example.com", "refused", false},
		{"smtp://", "refused", false},
		{"smtp://a b", "refused", false},
	};
	QcRequest request;

	for (size_t i = 0; i < lengthof(urls); i++)
	{
		request = asked_by_smtp(urls[i].url);
		is_str(request.url, urls[i].wanted, psprintf("%s is asked", urls[i].url));
		ok(request.needs_tls == urls[i].needs_tls,
		   psprintf("… %s", urls[i].needs_tls ? "after STARTTLS or not at all"
											  : "without asking for STARTTLS"));
	}
	request = asked_by_smtp("smtps://us%40er:p%3Ass%2Fword@mail.example.com:465/x");
	is_str(request.url, "smtps://mail.example.com:465/qutekart.com",
		   "O26: user and password do not stay in the URL");
	is_str(request.user, "us@er", "a user is decoded");
	is_str(request.password, "p:ss/word", "and a password");
	is_str(request.mail_from, "hello@qutekart.com", "the envelope's sender");
	is_str(linitial(request.recipients), "ada@shop.example", "and recipient");
	ok(strncmp(request.body, "Date: ", 6) == 0 &&
		   request.body_len == strlen(request.body),
	   "the message is whole");
	request = asked_by_smtp("smtp://a%0d%0ab:c@mail.example.com");
	is_str(request.url, "refused", "O25: a line break is no part of a name");
}

static void
resend_requests(void)
{
	QcRequest request = {0};
	QcMimeMail other = mail;

	qc_guc_resend_api_key = "re_1\r\nX-Evil: 1";
	qc_guc_resend_url = "https://api.resend.com/";
	ok(qc_provider_request(QC_PROVIDER_RESEND, &mail, "key", &request), "a request");
	is_str(request.url, "https://api.resend.com/emails", "to its API");
	is_str(linitial(request.headers), "Authorization: Bearer re_1 X-Evil: 1",
		   "O25: whatever the key holds, it is one line");
	is_str(lthird(request.headers), "Idempotency-Key: key", "with the row's key");
	is_str(request.body,
		   "{from=\"QuteCart\" <hello@qutekart.com>;to[=\"Ada\" <ada@shop.example>;]"
		   "subject=Hello;html=HTML;text=Text;headers{Auto-Submitted=auto-generated;"
		   "X-Entity-Ref-ID=0123;}}",
		   "the mail is its body");
	other.unsubscribe_url = "https://q.example/u";
	other.reply_to.address = "desk@q.example";
	(void) qc_provider_request(QC_PROVIDER_RESEND, &other, "key", &request);
	ok(strstr(request.body, "List-Unsubscribe=<https://q.example/u>;"
							"List-Unsubscribe-Post=List-Unsubscribe=One-Click;") &&
		   strstr(request.body, "reply_to=desk@q.example;"),
	   "with what it needs beside");
	qc_guc_resend_url = "http://api.resend.com";
	ok(!qc_provider_request(QC_PROVIDER_RESEND, &mail, "key", &request),
	   "O23: a key does not go out in the clear");
	qc_guc_resend_url = "http://127.0.0.1:8025";
	ok(qc_provider_request(QC_PROVIDER_RESEND, &mail, "key", &request),
	   "but to this machine");
	qc_guc_resend_url = "https://user:password@api.resend.com";
	ok(!qc_provider_request(QC_PROVIDER_RESEND, &mail, "key", &request),
	   "O25: no user in a URL");
}

static QcMailFate
fate(QcProtocol protocol, int status, const char *body, bool is_sent)
{
	size_t len = strlen(body);
	char *bytes = malloc(len ? len : 1); /* its end is watched by the sanitizer */
	QcRequest request = {.protocol = protocol};
	QcResponse response = {.request = &request,
						   .status = status,
						   .error = status >= 200 && status < 300 && !is_sent ? "cut"
									: status == 0                             ? "none"
																			  : NULL,
						   .is_sent = is_sent,
						   .body = memcpy(bytes, body, len),
						   .body_len = len};
	QcMailFate result = qc_provider_fate(&response);

	free(bytes);
	return result;
}

static void
fates(void)
{
	static const struct
	{
		int status;
		const char *body;
		bool is_sent;
		QcMailFate fate;
	} smtp[] =
		{
			{250, "250 2.0.0 queued", true, QC_MAIL_TAKEN},
			{250, "250 ok", false, QC_MAIL_BAD_PROVIDER},
			{0, "", false, QC_MAIL_BAD_PROVIDER},
			{0, "", true, QC_MAIL_LATER},
			{450, "450 4.2.0 greylisted", false, QC_MAIL_LATER},
			{451, "451 later", false, QC_MAIL_LATER},
			{421, "421 closing", false, QC_MAIL_BAD_PROVIDER},
			{454, "454 no TLS", false, QC_MAIL_BAD_PROVIDER},
			{550, "550 5.1.1 no such user", false, QC_MAIL_BAD_ADDRESS},
			{550, "550-5.1.1 no", false, QC_MAIL_BAD_ADDRESS},
			{550, "550 no such user", false, QC_MAIL_BAD_ADDRESS},
			{551, "551", false, QC_MAIL_BAD_ADDRESS},
			{550, "550 5.7.1 not from you", false, QC_MAIL_BAD_PROVIDER},
			{550, "550 5.1.8 bad sender", false, QC_MAIL_BAD_PROVIDER},
			{550, "550 looks like spam", true, QC_MAIL_REFUSED},
			{552, "552 5.2.2 full", false, QC_MAIL_REFUSED},
			{535, "535 5.7.8 who are you", false, QC_MAIL_BAD_PROVIDER},
			{554, "554 no", false, QC_MAIL_BAD_PROVIDER},
		},
	  resend[] = {
		  {200, "{\"id\": \"1\"}", true, QC_MAIL_TAKEN},
		  {0, "", false, QC_MAIL_BAD_PROVIDER},
		  {0, "", true, QC_MAIL_LATER},
		  {401, "", true, QC_MAIL_BAD_PROVIDER},
		  {403, "", true, QC_MAIL_BAD_PROVIDER},
		  {500, "", true, QC_MAIL_BAD_PROVIDER},
		  {503, "", true, QC_MAIL_BAD_PROVIDER},
		  {422, "validation_error", true, QC_MAIL_REFUSED},
		  {400, "", true, QC_MAIL_REFUSED},
		  {409, "concurrent_idempotent_requests", true, QC_MAIL_LATER},
		  {409, "{\"name\":\"invalid_idempotent_request\"}", true, QC_MAIL_TAKEN},
		  {429, "rate_limit_exceeded", true, QC_MAIL_LATER},
		  {429, "daily_quota_exceeded", true, QC_MAIL_NO_QUOTA},
	  };

	for (size_t i = 0; i < lengthof(smtp); i++)
		is_int(fate(QC_PROTOCOL_SMTP, smtp[i].status, smtp[i].body, smtp[i].is_sent),
			   smtp[i].fate, psprintf("SMTP %d \"%s\"", smtp[i].status, smtp[i].body));
	for (size_t i = 0; i < lengthof(resend); i++)
		is_int(
			fate(QC_PROTOCOL_HTTP, resend[i].status, resend[i].body, resend[i].is_sent),
			resend[i].fate, psprintf("Resend %d %s", resend[i].status, resend[i].body));
}

int
main(void)
{
	choosing();
	smtp_requests();
	resend_requests();
	fates();
	return done();
}
