/*
 * extension/worker/transfer.c
 *		One request on its way: an easy handle, its options, what came back.
 *
 * What protects us stands in two tables, set for every request: no redirects, no
 * proxies, no protocols but the wanted, TLS verified, everything limited.  Callbacks
 * run inside libcurl: they neither allocate with palloc nor raise; a callback that
 * breaks a transfer off says why in "problem".
 *
 * Nothing of a request is ever logged: errors are libcurl's own sentences.
 */
#include "postgres.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "postmaster/postmaster.h"

#include "extension/core/guc.h"
#include "extension/core/version.h"
#include "extension/outbox/address.h"
#include "extension/worker/mail_sockets.h"
#include "extension/worker/transfer.h"

#define BODY_KEPT      (16 * 1024)
#define BODY_READ      (64 * 1024)
#define HEADER_LINES   128
#define HEADER_BYTES   (32 * 1024)
#define KEPT_WHEN_IDLE 1024

typedef struct NumberOption
{
	CURLoption option;
	long value;
} NumberOption;

typedef struct TextOption
{
	CURLoption option;
	const char *value;
} TextOption;

static const NumberOption numbers[] = {
	{CURLOPT_NOSIGNAL, 1},
	{CURLOPT_QUICK_EXIT, 1}, /* a resolver that hangs is left alone, not waited for */
	{CURLOPT_FOLLOWLOCATION, 0},
	{CURLOPT_MAXREDIRS, 0},
	{CURLOPT_NETRC, CURL_NETRC_IGNORED},
	{CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
	{CURLOPT_SSL_VERIFYPEER, 1},
	{CURLOPT_SSL_VERIFYHOST, 2},
	{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_SSL_SESSIONID_CACHE, 0},
	{CURLOPT_HTTPAUTH, CURLAUTH_BASIC},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
	{CURLOPT_HTTP09_ALLOWED, 0},
	{CURLOPT_HTTP_CONTENT_DECODING, 0},
	{CURLOPT_DNS_CACHE_TIMEOUT, 60},
	{CURLOPT_MAXAGE_CONN, 60},             /* seconds without use */
	{CURLOPT_MAXLIFETIME_CONN, 600},       /* seconds in all: addresses change */
	{CURLOPT_SERVER_RESPONSE_TIMEOUT, 10}, /* of a mail server, to one command */
};

static const TextOption texts[] = {
	{CURLOPT_PROXY, ""},
	{CURLOPT_PRE_PROXY, ""},
	{CURLOPT_NOPROXY, "*"},
	{CURLOPT_DEFAULT_PROTOCOL, "https"},
	{CURLOPT_USERAGENT, "QuteCart/" QC_VERSION},
};

static const char *
refuse(QcTransfer *transfer, const char *problem)
{
	if (transfer->problem == NULL)
		transfer->problem = problem;
	return problem;
}

/*
 * May a user's URL lead there?  Once one address of a name was refused, the others of
 * the same answer are too: a name that mixes both means no good.
 */
static bool
may_connect(QcTransfer *transfer, const struct sockaddr *address)
{
	bool is_listed = qc_address_is_listed(address, qc_guc_webhook_networks);

	if (!transfer->request->is_user_address)
		return true;
	if (transfer->is_refused || qc_address_port(address) == PostPortNumber ||
		(!is_listed && (transfer->is_plain || !qc_address_is_public(address) ||
						qc_address_is_own(address))))
	{
		transfer->is_refused = true;
		refuse(transfer, "the address is not allowed");
		return false;
	}
	return true;
}

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	QcTransfer *transfer = arg;
	int fd;

	if (!may_connect(transfer, &address->addr))
	{
		errno = EACCES;
		return CURL_SOCKET_BAD;
	}
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd >= 0 && transfer->request->protocol == QC_PROTOCOL_SMTP &&
		!qc_mail_socket_note(fd))
	{
		close(fd);
		return CURL_SOCKET_BAD;
	}
	return fd;
}

/* A connection outlives the transfer that opened it, so this knows no transfer. */
static int
close_socket(void *arg, curl_socket_t fd)
{
	qc_mail_socket_forget(fd);
	return close(fd);
}

/* Keep the beginning of what comes; without memory for more, keep what there is. */
static void
keep(QcTransfer *transfer, const char *data, size_t len)
{
	len = Min(len, BODY_KEPT - transfer->kept_len);
	if (transfer->kept_len + len > transfer->kept_size)
	{
		size_t size = Max(512, transfer->kept_size);
		char *larger;

		while (size < transfer->kept_len + len)
			size *= 2;
		larger = realloc(transfer->kept, size);
		if (larger == NULL)
			return;
		transfer->kept = larger;
		transfer->kept_size = size;
	}
	memcpy(transfer->kept + transfer->kept_len, data, len);
	transfer->kept_len += len;
}

static size_t
take_body(char *data, size_t size, size_t count, void *arg)
{
	QcTransfer *transfer = arg;

	transfer->seen += count;
	keep(transfer, data, count);
	if (transfer->seen <= BODY_READ)
		return count;
	transfer->is_cut = true;
	return 0;
}

/* The last reply of a mail server, but not its goodbye. */
static void
take_reply(QcTransfer *transfer, const char *line, size_t len)
{
	if (len < 4 || strncmp(line, "221", 3) == 0)
		return;
	if (transfer->is_reply_whole)
		transfer->kept_len = 0;
	keep(transfer, line, len);
	transfer->is_reply_whole = line[3] != '-';
}

/*
 * An interim answer has a head too, so each status line begins anew; what follows the
 * body changes nothing.
 */
static void
note_head(QcTransfer *transfer, const char *line, size_t len)
{
	if (len >= 5 && strncmp(line, "HTTP/", 5) == 0)
		transfer->is_head_whole = false;
	else if (len <= 2 && (line[0] == '\r' || line[0] == '\n'))
		transfer->is_head_whole = true;
}

static size_t
take_header(char *data, size_t size, size_t count, void *arg)
{
	QcTransfer *transfer = arg;

	transfer->header_lines++;
	transfer->header_bytes += count;
	if (transfer->header_lines > HEADER_LINES || transfer->header_bytes > HEADER_BYTES)
	{
		refuse(transfer, "the answer has too many headers");
		return 0;
	}
	if (transfer->request->protocol == QC_PROTOCOL_SMTP)
		take_reply(transfer, data, count);
	else
		note_head(transfer, data, count);
	return count;
}

static size_t
give_mail(char *buffer, size_t size, size_t count, void *arg)
{
	QcTransfer *transfer = arg;
	const QcRequest *request = transfer->request;
	size_t len = Min(size * count, request->body_len - transfer->handed);

	memcpy(buffer, request->body + transfer->handed, len);
	transfer->handed += len;
	return len;
}

QcTransfer *
qc_transfer_new(void)
{
	QcTransfer *transfer = calloc(1, sizeof(*transfer));

	if (transfer == NULL)
		return NULL;
	transfer->easy = curl_easy_init();
	if (transfer->easy == NULL)
	{
		free(transfer);
		return NULL;
	}
	return transfer;
}

void
qc_transfer_free(QcTransfer *transfer)
{
	qc_transfer_clear(transfer);
	curl_easy_cleanup(transfer->easy);
	free(transfer->kept);
	free(transfer);
}

void
qc_transfer_clear(QcTransfer *transfer)
{
	QcTransfer clean = {.easy = transfer->easy,
						.kept = transfer->kept,
						.kept_size = transfer->kept_size};

	/* Before the lists that the handle points to. */
	curl_easy_reset(transfer->easy);
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->recipients);
	if (clean.kept_size > KEPT_WHEN_IDLE)
	{
		free(clean.kept);
		clean.kept = NULL;
		clean.kept_size = 0;
	}
	*transfer = clean;
}

static bool
append(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (longer == NULL)
		return false;
	*list = longer;
	return true;
}

#define SET(option, value)                                                             \
	(curl_easy_setopt(transfer->easy, (option), (value)) == CURLE_OK)

static bool
set_tables(QcTransfer *transfer)
{
	for (int i = 0; i < lengthof(numbers); i++)
		if (!SET(numbers[i].option, numbers[i].value))
			return false;
	for (int i = 0; i < lengthof(texts); i++)
		if (!SET(texts[i].option, texts[i].value))
			return false;
	return true;
}

/*
 * Only a file of authorities is read once and shared by all connections; a folder
 * would be looked into for each.
 */
static bool
set_authorities(QcTransfer *transfer)
{
	const char *file = *qc_guc_tls_ca_file ? qc_guc_tls_ca_file : NULL;

	if (file == NULL)
		(void) curl_easy_getinfo(transfer->easy, CURLINFO_CAINFO, &file);
	return file == NULL || (SET(CURLOPT_CAINFO, file) && SET(CURLOPT_CAPATH, NULL));
}

static bool
set_common(QcTransfer *transfer)
{
	return set_tables(transfer) && set_authorities(transfer) &&
		   SET(CURLOPT_URL, transfer->request->url) &&
		   SET(CURLOPT_TIMEOUT_MS, (long) qc_guc_worker_timeout) &&
		   SET(CURLOPT_CONNECTTIMEOUT_MS, (long) qc_guc_worker_connect_timeout) &&
		   SET(CURLOPT_PRIVATE, transfer) &&
		   SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
		   SET(CURLOPT_OPENSOCKETDATA, transfer) &&
		   SET(CURLOPT_CLOSESOCKETFUNCTION, close_socket) &&
		   SET(CURLOPT_WRITEFUNCTION, take_body) && SET(CURLOPT_WRITEDATA, transfer) &&
		   SET(CURLOPT_HEADERFUNCTION, take_header) &&
		   SET(CURLOPT_HEADERDATA, transfer) &&
		   SET(CURLOPT_USERNAME, transfer->request->user) &&
		   SET(CURLOPT_PASSWORD, transfer->request->password);
}

static bool
set_method(QcTransfer *transfer)
{
	const QcRequest *request = transfer->request;

	if (strcmp(request->method, "GET") == 0)
		return SET(CURLOPT_HTTPGET, 1L);
	return SET(CURLOPT_POST, 1L) &&
		   SET(CURLOPT_POSTFIELDS, request->body ? request->body : "") &&
		   SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->body_len) &&
		   (strcmp(request->method, "POST") == 0 ||
			SET(CURLOPT_CUSTOMREQUEST, request->method));
}

static bool
set_http(QcTransfer *transfer)
{
	const QcRequest *request = transfer->request;
	const char *protocols = "https,http";
	ListCell *cell;

	if (request->is_user_address && *qc_guc_webhook_networks == '\0')
		protocols = "https";
	if (!append(&transfer->headers, "Expect:"))
		return false;
	foreach (cell, request->headers)
		if (!append(&transfer->headers, lfirst(cell)))
			return false;
	return SET(CURLOPT_PROTOCOLS_STR, protocols) &&
		   SET(CURLOPT_REDIR_PROTOCOLS_STR, protocols) && set_method(transfer) &&
		   SET(CURLOPT_HTTPHEADER, transfer->headers);
}

static bool
set_smtp(QcTransfer *transfer)
{
	const QcRequest *request = transfer->request;
	ListCell *cell;

	foreach (cell, request->recipients)
		if (!append(&transfer->recipients, lfirst(cell)))
			return false;
	return SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
		   SET(CURLOPT_USE_SSL,
			   (long) (request->needs_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY)) &&
		   SET(CURLOPT_MAIL_FROM, request->mail_from) &&
		   SET(CURLOPT_MAIL_RCPT, transfer->recipients) && SET(CURLOPT_UPLOAD, 1L) &&
		   SET(CURLOPT_READFUNCTION, give_mail) && SET(CURLOPT_READDATA, transfer) &&
		   SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t) request->body_len);
}

/* Could a text end a line of the protocol that it is put into? */
static bool
breaks_line(const char *text)
{
	return text != NULL && text[strcspn(text, "\r\n")] != '\0';
}

static bool
any_breaks_line(const List *texts_)
{
	ListCell *cell;

	foreach (cell, texts_)
		if (breaks_line(lfirst(cell)))
			return true;
	return false;
}

static const char *
request_problem(const QcRequest *request)
{
	if (any_breaks_line(request->headers) || any_breaks_line(request->recipients) ||
		breaks_line(request->mail_from) || breaks_line(request->method))
		return "a header or an address has a line break";
	if (request->is_user_address)
		return qc_address_url_problem(request->url, qc_guc_webhook_networks);
	return NULL;
}

const char *
qc_transfer_prepare(QcTransfer *transfer, const QcRequest *request, void *opaque)
{
	const char *problem = request_problem(request);
	bool is_set;

	if (problem != NULL)
		return problem;
	transfer->request = request;
	transfer->opaque = opaque;
	transfer->is_plain = pg_strncasecmp(request->url, "http:", 5) == 0;
	is_set = set_common(transfer) &&
			 (request->protocol == QC_PROTOCOL_SMTP ? set_smtp(transfer)
													: set_http(transfer));
	return is_set ? NULL : "the request could not be prepared";
}

/* Did the request leave in full?  When in doubt: yes, it may have worked. */
static bool
is_sent(QcTransfer *transfer)
{
	const QcRequest *request = transfer->request;
	long head = 0;
	curl_off_t body = 0;

	if (request->protocol == QC_PROTOCOL_SMTP)
		return transfer->handed >= request->body_len && transfer->handed > 0;
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &head);
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &body);
	return head > 0 && (size_t) body >= request->body_len;
}

/*
 * libcurl takes a head that ends too early for a whole one, and an interim answer that
 * nothing follows for the answer.
 */
static bool
broke_off(const QcTransfer *transfer, long status)
{
	return transfer->request->protocol == QC_PROTOCOL_HTTP && status != 0 &&
		   transfer->problem == NULL && (!transfer->is_head_whole || status < 200);
}

/*
 * An answer that we stopped reading is an answer: its status is known.  One that broke
 * off in its head is none.
 */
QcResponse
qc_transfer_response(QcTransfer *transfer, CURLcode code)
{
	QcResponse response = {.request = transfer->request,
						   .retry_after = -1,
						   .body = transfer->kept,
						   .body_len = transfer->kept_len};
	long status = 0;
	curl_off_t retry_after = 0;
	curl_off_t duration = 0;

	(void) curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &duration);
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after);
	response.status = broke_off(transfer, status) ? 0 : (int32) status;
	response.duration = (int32) (duration / 1000);
	if (retry_after > 0)
		response.retry_after = (int32) Min(retry_after, PG_INT32_MAX);
	if (transfer->problem != NULL)
		response.error = transfer->problem;
	else if (code != CURLE_OK && !transfer->is_cut)
		response.error = curl_easy_strerror(code);
	else if (broke_off(transfer, status))
		response.error = "the answer broke off";
	response.is_sent = is_sent(transfer);
	return response;
}
