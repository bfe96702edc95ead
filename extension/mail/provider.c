/*
 * extension/mail/provider.c
 *		What mails are sent by: order, failing over, and the requests.
 *
 * A URL is taken apart by libcurl, and user and password never stay in it.  A password
 * goes over the network only inside TLS, but to a mail server on this machine.
 */
#include "postgres.h"

#include <curl/curl.h>

#include "utils/timestamp.h"

#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/mail/provider.h"

/* A URL's parts; those that are absent are NULL. */
typedef struct Address
{
	char *scheme;
	char *user;
	char *password;
	char *host;
	char *port;
} Address;

static TimestampTz down_until[QC_PROVIDER_RESEND + 1];

static const char *const names[] = {"smtp", "resend"};

static bool
is_set(const char *setting)
{
	return setting != NULL && *setting != '\0';
}

static bool
is_configured(QcProvider provider)
{
	return provider == QC_PROVIDER_SMTP ? is_set(qc_guc_smtp_url)
										: is_set(qc_guc_resend_api_key);
}

/* The next provider that the list names; NONE at its end. */
static QcProvider
next_named(const char **list)
{
	while (**list)
	{
		size_t skip = strspn(*list, ", ");
		const char *name = *list + skip;
		size_t len = strcspn(name, ", ");

		*list = name + len;
		for (int i = 0; i < lengthof(names); i++)
			if (strlen(names[i]) == len && pg_strncasecmp(name, names[i], len) == 0)
				return i;
	}
	return QC_PROVIDER_NONE;
}

QcProvider
qc_provider_choose(TimestampTz now)
{
	const char *list = qc_guc_mail_providers ? qc_guc_mail_providers : "";
	QcProvider best = QC_PROVIDER_NONE;
	QcProvider provider;

	while ((provider = next_named(&list)) != QC_PROVIDER_NONE)
	{
		if (!is_configured(provider))
			continue;
		if (down_until[provider] <= now)
			return provider;
		if (best == QC_PROVIDER_NONE || down_until[provider] < down_until[best])
			best = provider;
	}
	return best;
}

bool
qc_provider_is_any_up(TimestampTz now)
{
	QcProvider provider = qc_provider_choose(now);

	return provider != QC_PROVIDER_NONE && down_until[provider] <= now;
}

QcProvider
qc_provider_of(const QcRequest *request)
{
	return request->protocol == QC_PROTOCOL_SMTP ? QC_PROVIDER_SMTP
												 : QC_PROVIDER_RESEND;
}

void
qc_provider_mark_down(QcProvider provider, TimestampTz now, int seconds)
{
	down_until[provider] = now + seconds * USECS_PER_SEC;
}

/* One part of a URL, decoded: NULL when it has none; false when it has control characters. */
static bool
url_part(CURLU *url, CURLUPart part, char **out)
{
	char *text = NULL;
	CURLUcode code = curl_url_get(url, part, &text, CURLU_URLDECODE);

	*out = NULL;
	if (code == CURLUE_OK)
	{
		*out = pstrdup(text);
		curl_free(text);
	}
	return code != CURLUE_URLDECODE;
}

static bool
read_url(const char *text, Address *address)
{
	CURLU *url = curl_url();
	bool is_url;

	memset(address, 0, sizeof(*address));
	if (url == NULL)
		return false;
	is_url = curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
			 url_part(url, CURLUPART_SCHEME, &address->scheme) &&
			 url_part(url, CURLUPART_USER, &address->user) &&
			 url_part(url, CURLUPART_PASSWORD, &address->password) &&
			 url_part(url, CURLUPART_HOST, &address->host) &&
			 url_part(url, CURLUPART_PORT, &address->port);
	curl_url_cleanup(url);
	return is_url && address->scheme != NULL && address->host != NULL;
}

/* Only an address can be one: "127.evil.example" is a name. */
static bool
is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
		   (strncmp(host, "127.", 4) == 0 &&
			strspn(host, "0123456789.") == strlen(host));
}

/* The domain behind an address's @. */
static const char *
domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : "localhost";
}

/* The path of the request's URL is the name that we greet the server with. */
static bool
smtp_request(const QcMimeMail *mail, QcRequest *request)
{
	Address server;
	bool is_plain;

	if (!read_url(qc_guc_smtp_url, &server))
		return false;
	is_plain = strcmp(server.scheme, "smtp") == 0;
	if (!is_plain && strcmp(server.scheme, "smtps") != 0)
		return false;
	request->protocol = QC_PROTOCOL_SMTP;
	request->url =
		psprintf("%s://%s%s%s/%s", server.scheme, server.host, server.port ? ":" : "",
				 server.port ? server.port : "", domain_of(mail->from.address));
	request->user = server.user;
	request->password = server.password;
	request->needs_tls = is_plain && !is_loopback(server.host);
	request->mail_from = mail->from.address;
	request->recipients = list_make1(pstrdup(mail->to.address));
	request->body = qc_message_build(mail, &request->body_len);
	return true;
}

/* The body of Resend's POST /emails. */
static char *
resend_body(const QcMimeMail *mail)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "from", qc_message_write_mailbox(&mail->from));
	qc_json_open(&json, "to", '[');
	qc_json_text(&json, NULL, qc_message_write_mailbox(&mail->to));
	qc_json_close(&json, ']');
	if (mail->reply_to.address != NULL)
		qc_json_text(&json, "reply_to", qc_message_write_mailbox(&mail->reply_to));
	qc_json_text(&json, "subject", qc_message_line(mail->subject, 998));
	qc_json_text(&json, "html", mail->html);
	qc_json_text(&json, "text", mail->text);
	qc_json_open(&json, "headers", '{');
	qc_json_text(&json, "Auto-Submitted", "auto-generated");
	qc_json_text(&json, "X-Entity-Ref-ID", mail->id);
	if (mail->unsubscribe_url != NULL)
	{
		qc_json_text(&json, "List-Unsubscribe",
					 psprintf("<%s>", qc_message_line(mail->unsubscribe_url, 900)));
		qc_json_text(&json, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
	}
	qc_json_close(&json, '}');
	qc_json_close(&json, '}');
	return json.out.data;
}

static bool
resend_request(const QcMimeMail *mail, const char *key, QcRequest *request)
{
	Address server;
	size_t len = strlen(qc_guc_resend_url);

	if (!read_url(qc_guc_resend_url, &server) || server.user != NULL ||
		(strcmp(server.scheme, "https") != 0 && !is_loopback(server.host)))
		return false;
	while (len > 0 && qc_guc_resend_url[len - 1] == '/')
		len--;
	request->protocol = QC_PROTOCOL_HTTP;
	request->method = "POST";
	request->url = psprintf("%s/emails", pnstrdup(qc_guc_resend_url, len));
	request->headers = list_make3(psprintf("Authorization: Bearer %s",
										   qc_message_line(qc_guc_resend_api_key, 512)),
								  pstrdup("Content-Type: application/json"),
								  psprintf("Idempotency-Key: %s", key));
	request->body = resend_body(mail);
	request->body_len = strlen(request->body);
	return true;
}

bool
qc_provider_request(QcProvider provider, const QcMimeMail *mail, const char *key,
					QcRequest *request)
{
	return provider == QC_PROVIDER_SMTP ? smtp_request(mail, request)
										: resend_request(mail, key, request);
}

/* Does the answer's text have this word in it? */
static bool
says(const QcResponse *response, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= response->body_len; i++)
		if (memcmp(response->body + i, word, len) == 0)
			return true;
	return false;
}

/* Does an enhanced status (RFC 3463) blame something else than the reader's address? */
static bool
blames_other(const QcResponse *response)
{
	const char *code = response->body + 4;

	if (response->body_len < 9 || code[0] != '5' || code[1] != '.')
		return false;
	return code[2] != '1' || code[3] != '.' || code[4] == '7' || code[4] == '8';
}

/*
 * A mailbox that is refused is known by its code, before the mail itself was taken a look
 * at; the other 5xx are about us, the server or the mail.
 */
static QcMailFate
smtp_fate(const QcResponse *response)
{
	int32 status = response->status;

	if (status == 550 || status == 551 || status == 553)
		return blames_other(response) ? QC_MAIL_BAD_PROVIDER
			   : response->is_sent    ? QC_MAIL_REFUSED
									  : QC_MAIL_BAD_ADDRESS;
	if (status == 552)
		return QC_MAIL_REFUSED;
	if (status == 421 || status == 454 || status >= 500)
		return QC_MAIL_BAD_PROVIDER;
	if (status >= 400)
		return QC_MAIL_LATER;
	return response->is_sent ? QC_MAIL_LATER : QC_MAIL_BAD_PROVIDER;
}

/* A key that is known with another body belongs to a mail that was taken before. */
static QcMailFate
resend_fate(const QcResponse *response)
{
	switch (response->status)
	{
		case 0:
			return response->is_sent ? QC_MAIL_LATER : QC_MAIL_BAD_PROVIDER;
		case 409:
			return says(response, "invalid_idempotent_request") ? QC_MAIL_TAKEN
																: QC_MAIL_LATER;
		case 400:
		case 413:
		case 422:
			return QC_MAIL_REFUSED;
		case 429:
			return says(response, "quota") ? QC_MAIL_NO_QUOTA : QC_MAIL_LATER;
		default:
			return QC_MAIL_BAD_PROVIDER;
	}
}

QcMailFate
qc_provider_fate(const QcResponse *response)
{
	if (response->error == NULL && response->status >= 200 && response->status < 300)
		return QC_MAIL_TAKEN;
	return qc_provider_of(response->request) == QC_PROVIDER_SMTP
			   ? smtp_fate(response)
			   : resend_fate(response);
}
