/*
 * gateway/refusal.c
 *		The table of refusals and the reason phrases.
 */
#include "gateway/refusal.h"

#include <stddef.h>

static const GwRefusalInfo refusals[GW_REFUSAL_COUNT] = {
	[GW_OK] = {200, "ok", "", false, 0},
	[GW_BAD_LINE] =
		{400, "bad_line",
		 "A line of the request is folded, holds a control character or does "
		 "not end with CR LF.",
		 true, 0},
	[GW_BAD_REQUEST_LINE] = {400, "bad_request_line", "The request line is malformed.",
							 true, 0},
	[GW_BAD_VERSION] = {505, "bad_version",
						"Only HTTP/1.1 and HTTP/1.0 are spoken here.", true, 0},
	[GW_METHOD_UNKNOWN] = {501, "method_unknown", "This method is not implemented.",
						   true, 0},
	[GW_METHOD_REFUSED] = {405, "method_refused", "This method is not allowed.", true,
						   0},
	[GW_TARGET_TOO_LONG] = {414, "target_too_long", "The request target is too long.",
							true, 0},
	[GW_BAD_TARGET] = {400, "bad_target", "The request target is malformed.", true, 0},
	[GW_LINE_TOO_LONG] = {431, "header_too_long", "A header line is too long.", true,
						  0},
	[GW_HEADERS_TOO_LARGE] = {431, "headers_too_large", "The headers are too large.",
							  true, 0},
	[GW_TOO_MANY_HEADERS] = {431, "too_many_headers", "There are too many headers.",
							 true, 0},
	[GW_BAD_HEADER] = {400, "bad_header", "A header is malformed.", true, 0},
	[GW_BAD_HOST] = {400, "bad_host", "Exactly one valid Host is required.", true, 0},
	[GW_BAD_LENGTH] = {400, "bad_length", "Content-Length must be one plain number.",
					   true, 0},
	[GW_LENGTH_AND_ENCODING] =
		{400, "length_and_encoding",
		 "Content-Length and Transfer-Encoding exclude each other.", true, 0},
	[GW_BAD_ENCODING] = {400, "bad_encoding",
						 "Transfer-Encoding must be exactly \"chunked\".", true, 0},
	[GW_BAD_CHUNK] = {400, "bad_chunk", "The chunked body is malformed.", true, 0},
	[GW_BODY_TOO_LARGE] = {413, "body_too_large", "The body is too large.", true, 0},
	[GW_BAD_UTF8] = {400, "bad_utf8", "The request is not valid UTF-8.", true, 0},
	[GW_BAD_EXPECTATION] = {417, "bad_expectation",
							"Only the expectation 100-continue can be met.", true, 0},
	[GW_UPGRADE_REFUSED] = {400, "upgrade_refused", "The protocol cannot be changed.",
							true, 0},
	[GW_HEADER_TIMEOUT] = {408, "header_timeout",
						   "The request took too long to arrive.", true, 0},
	[GW_BODY_TIMEOUT] = {408, "body_timeout", "The body arrives too slowly.", true, 0},
	[GW_TOO_MANY_CONNECTIONS] = {503, "too_many_connections",
								 "This address holds too many connections.", true, 1},
	[GW_NOT_FOUND] = {404, "not_found", "There is nothing here.", false, 0},
	[GW_BODY_MEMORY] = {503, "body_memory", "Too many large requests at once.", true,
						1},
	[GW_QUEUE_FULL] = {503, "queue_full", "Too many requests at once.", false, 1},
	[GW_QUEUE_WAIT] = {503, "queue_wait", "Too many requests at once.", false, 1},
	[GW_DATABASE_DOWN] = {503, "database_down", "The database cannot be reached.",
						  false, 1},
	[GW_DATABASE_BUSY] = {503, "database_busy",
						  "The database could not serve the request "
						  "now; nothing was changed.",
						  false, 1},
	[GW_DATABASE_TIMEOUT] = {503, "database_timeout",
							 "The request took too long and was cancelled; nothing was "
							 "changed.",
							 false, 1},
	[GW_OUTCOME_UNKNOWN] =
		{503, "outcome_unknown",
		 "The connection to the database was lost before it confirmed the "
		 "change; it may or may not have happened.",
		 false, 1},
	[GW_DATABASE_ERROR] = {500, "internal_error", "The request failed.", false, 0},
	[GW_BAD_REPLY] = {500, "bad_reply", "The request failed.", false, 0},
};

static const struct
{
	int status;
	const char *title;
} titles[] = {
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{204, "No Content"},
	{206, "Partial Content"},
	{301, "Moved Permanently"},
	{302, "Found"},
	{303, "See Other"},
	{304, "Not Modified"},
	{307, "Temporary Redirect"},
	{308, "Permanent Redirect"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{402, "Payment Required"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{406, "Not Acceptable"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{410, "Gone"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{417, "Expectation Failed"},
	{422, "Unprocessable Content"},
	{428, "Precondition Required"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Gateway Timeout"},
	{505, "HTTP Version Not Supported"},
};

const GwRefusalInfo *
gw_refusal_info(GwRefusal refusal)
{
	return &refusals[refusal];
}

/*
 * The reason phrase of a status; empty for one that has none here, which HTTP
 * allows.
 */
const char *
gw_refusal_title(int status)
{
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
	{
		if (titles[i].status == status)
			return titles[i].title;
	}
	return "";
}
