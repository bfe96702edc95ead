/*
 * gateway/request.c
 *		Reads a head with llhttp and refuses every ambiguity it tolerates.
 *
 * Pure: bytes in, request out; memory comes from the arena.  The head has
 * passed gw_head_scan, so lines and names are clean and their number is bounded.
 */
#include "gateway/request.h"

#include <string.h>
#include <strings.h>

#include <llhttp.h>

#include "gateway/text.h"

typedef enum HeaderKind
{
	HEADER_OTHER,
	HEADER_CONNECTION,
	HEADER_CONTENT_LENGTH,
	HEADER_CONTENT_TYPE,
	HEADER_EXPECT,
	HEADER_HOP, /* dropped, says nothing here */
	HEADER_HOST,
	HEADER_ORIGIN,
	HEADER_PREFLIGHT,
	HEADER_REQUEST_ID,
	HEADER_TRANSFER_ENCODING,
	HEADER_REFUSED /* asks for another protocol or for trailers */
} HeaderKind;

typedef struct Parse
{
	llhttp_t parser; /* must be first: callbacks get its address */
	GwRequest *request;
	GwArena *arena;
	GwSlice url;
	GwSlice name;
	GwSlice value;
	char *out; /* end of the header text */
	int hosts;
	int lengths;
	int encodings;
	bool close;
	bool complete;
	GwRefusal refusal;
} Parse;

#define KIND(name, kind)                                                               \
	{                                                                                  \
		sizeof(name) - 1, name, kind                                                   \
	}

static const struct
{
	size_t len;
	const char *name;
	HeaderKind kind;
} header_kinds[] = {
	KIND("access-control-request-method", HEADER_PREFLIGHT),
	KIND("connection", HEADER_CONNECTION),
	KIND("content-length", HEADER_CONTENT_LENGTH),
	KIND("content-type", HEADER_CONTENT_TYPE),
	KIND("expect", HEADER_EXPECT),
	KIND("host", HEADER_HOST),
	KIND("http2-settings", HEADER_REFUSED),
	KIND("keep-alive", HEADER_HOP),
	KIND("origin", HEADER_ORIGIN),
	KIND("proxy-authenticate", HEADER_HOP),
	KIND("proxy-authorization", HEADER_HOP),
	KIND("proxy-connection", HEADER_HOP),
	KIND("te", HEADER_HOP),
	KIND("trailer", HEADER_REFUSED),
	KIND("transfer-encoding", HEADER_TRANSFER_ENCODING),
	KIND("upgrade", HEADER_REFUSED),
	KIND("x-request-id", HEADER_REQUEST_ID),
};

static const struct
{
	int method;
	const char *name;
	bool safe;
} methods[] = {
	{HTTP_GET, "GET", true},         {HTTP_HEAD, "HEAD", true},
	{HTTP_POST, "POST", false},      {HTTP_PUT, "PUT", false},
	{HTTP_PATCH, "PATCH", false},    {HTTP_DELETE, "DELETE", false},
	{HTTP_OPTIONS, "OPTIONS", true},
};

static int on_url(llhttp_t *parser, const char *at, size_t len);
static int on_name(llhttp_t *parser, const char *at, size_t len);
static int on_value(llhttp_t *parser, const char *at, size_t len);
static int on_header_complete(llhttp_t *parser);
static int on_head_complete(llhttp_t *parser);
static GwRefusal read_header(Parse *parse, HeaderKind kind, GwSlice value);
static GwRefusal read_connection(Parse *parse, GwSlice value);
static GwRefusal read_length(Parse *parse, GwSlice value);
static HeaderKind header_kind(GwSlice name);
static void write_header(Parse *parse, GwSlice value);
static GwSlice trim(const char *at, size_t len);
static bool is_json(GwSlice value);
static GwRefusal refusal_of(const Parse *parse, llhttp_errno_t error);
static GwRefusal judge(Parse *parse);
static GwRefusal judge_method(Parse *parse);
static GwRefusal judge_target(Parse *parse);

static const llhttp_settings_t settings = {
	.on_url = on_url,
	.on_header_field = on_name,
	.on_header_value = on_value,
	.on_header_value_complete = on_header_complete,
	.on_headers_complete = on_head_complete,
};

/*
 * Read the head; any answer but GW_OK refuses the request.
 */
GwRefusal
gw_request_parse(GwRequest *request, GwArena *arena, const char *head, size_t len)
{
	Parse parse = {.request = request, .arena = arena};
	llhttp_errno_t error;

	*request = (GwRequest){0};
	/* a line may lose bytes on its way out, but never gains more than one */
	request->headers = gw_arena_alloc(arena, len + 2);
	parse.out = request->headers;
	llhttp_init(&parse.parser, HTTP_REQUEST, &settings);
	error = llhttp_execute(&parse.parser, head, len);
	if (parse.refusal != GW_OK)
		return parse.refusal;
	if (!parse.complete)
		return refusal_of(&parse, error);
	*parse.out = '\0';
	return judge(&parse);
}

static int
on_url(llhttp_t *parser, const char *at, size_t len)
{
	((Parse *) parser)->url = (GwSlice){at, len};
	return 0;
}

static int
on_name(llhttp_t *parser, const char *at, size_t len)
{
	((Parse *) parser)->name = (GwSlice){at, len};
	((Parse *) parser)->value = (GwSlice){"", 0};
	return 0;
}

static int
on_value(llhttp_t *parser, const char *at, size_t len)
{
	((Parse *) parser)->value = trim(at, len);
	return 0;
}

static int
on_header_complete(llhttp_t *parser)
{
	Parse *parse = (Parse *) parser;

	parse->refusal = read_header(parse, header_kind(parse->name), parse->value);
	return parse->refusal == GW_OK ? 0 : HPE_USER;
}

static int
on_head_complete(llhttp_t *parser)
{
	((Parse *) parser)->complete = true;
	return HPE_PAUSED;
}

static GwRefusal
read_header(Parse *parse, HeaderKind kind, GwSlice value)
{
	GwRequest *request = parse->request;
	GwSlice kept;

	if (!gw_text_is_utf8(value.bytes, value.len))
		return GW_BAD_UTF8;
	switch (kind)
	{
		case HEADER_REFUSED:
			return GW_UPGRADE_REFUSED;
		case HEADER_HOP:
			return GW_OK;
		case HEADER_CONNECTION:
			return read_connection(parse, value);
		case HEADER_TRANSFER_ENCODING:
			parse->encodings++;
			request->chunked = gw_text_is(value.bytes, value.len, "chunked");
			return request->chunked && parse->encodings == 1 ? GW_OK : GW_BAD_ENCODING;
		case HEADER_EXPECT:
			request->expects_continue =
				gw_text_is(value.bytes, value.len, "100-continue");
			return request->expects_continue ? GW_OK : GW_BAD_EXPECTATION;
		default:
			break;
	}
	kept = (GwSlice){parse->out + parse->name.len + 2, value.len};
	write_header(parse, value);
	if (kind == HEADER_CONTENT_LENGTH)
		return read_length(parse, value);
	if (kind == HEADER_CONTENT_TYPE)
		request->has_json |= is_json(value);
	else if (kind == HEADER_HOST)
		request->host = kept, parse->hosts++;
	else if (kind == HEADER_ORIGIN)
		request->origin_header = kept;
	else if (kind == HEADER_PREFLIGHT)
		request->preflight_method = kept;
	else if (kind == HEADER_REQUEST_ID)
		request->request_id = kept;
	return GW_OK;
}

/*
 * "close" and "keep-alive" only: any other option would make this hop drop a
 * header that the sender meant for the application.
 */
static GwRefusal
read_connection(Parse *parse, GwSlice value)
{
	const char *at = value.bytes;
	const char *end = value.bytes + value.len;

	while (at < end)
	{
		const char *comma = memchr(at, ',', (size_t) (end - at));
		const char *stop = comma == NULL ? end : comma;
		GwSlice option = trim(at, (size_t) (stop - at));

		if (gw_text_is(option.bytes, option.len, "close"))
			parse->close = true;
		else if (!gw_text_is(option.bytes, option.len, "keep-alive"))
			return GW_UPGRADE_REFUSED;
		at = stop + 1;
	}
	return GW_OK;
}

static GwRefusal
read_length(Parse *parse, GwSlice value)
{
	uint64_t length = 0;

	if (++parse->lengths > 1 || value.len == 0 || value.len > 18)
		return GW_BAD_LENGTH;
	for (size_t i = 0; i < value.len; i++)
	{
		if (value.bytes[i] < '0' || value.bytes[i] > '9')
			return GW_BAD_LENGTH;
		length = length * 10 + (uint64_t) (value.bytes[i] - '0');
	}
	parse->request->content_length = length;
	return GW_OK;
}

static HeaderKind
header_kind(GwSlice name)
{
	if (gw_text_is_internal(name.bytes, name.len))
		return HEADER_HOP;
	for (size_t i = 0; i < sizeof(header_kinds) / sizeof(header_kinds[0]); i++)
	{
		if (name.len == header_kinds[i].len &&
			strncasecmp(name.bytes, header_kinds[i].name, name.len) == 0)
			return header_kinds[i].kind;
	}
	return HEADER_OTHER;
}

static void
write_header(Parse *parse, GwSlice value)
{
	char *out = parse->out;

	for (size_t i = 0; i < parse->name.len; i++)
	{
		char c = parse->name.bytes[i];

		*out++ = c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
	}
	*out++ = ':';
	*out++ = ' ';
	if (value.len > 0)
		memcpy(out, value.bytes, value.len);
	out += value.len;
	*out++ = '\n';
	parse->out = out;
}

static GwSlice
trim(const char *at, size_t len)
{
	while (len > 0 && (*at == ' ' || *at == '\t'))
		at++, len--;
	while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
		len--;
	return (GwSlice){at, len};
}

/*
 * application/json or any type with the suffix +json.
 */
static bool
is_json(GwSlice value)
{
	const char *semicolon = memchr(value.bytes, ';', value.len);
	GwSlice type = value;

	if (semicolon != NULL)
		type = trim(value.bytes, (size_t) (semicolon - value.bytes));
	return gw_text_is(type.bytes, type.len, "application/json") ||
		   (type.len > 5 && gw_text_is(type.bytes + type.len - 5, 5, "+json"));
}

/*
 * llhttp stopped before the end of the head.
 */
static GwRefusal
refusal_of(const Parse *parse, llhttp_errno_t error)
{
	switch (error)
	{
		case HPE_INVALID_METHOD:
		case HPE_PAUSED_H2_UPGRADE:
			return GW_METHOD_UNKNOWN;
		case HPE_INVALID_VERSION:
			return GW_BAD_VERSION;
		case HPE_UNEXPECTED_CONTENT_LENGTH:
			return parse->encodings > 0 ? GW_LENGTH_AND_ENCODING : GW_BAD_LENGTH;
		case HPE_INVALID_CONTENT_LENGTH:
			return GW_BAD_LENGTH;
		case HPE_INVALID_TRANSFER_ENCODING:
			return parse->lengths > 0 ? GW_LENGTH_AND_ENCODING : GW_BAD_ENCODING;
		case HPE_INVALID_URL:
			return GW_BAD_TARGET;
		case HPE_INVALID_HEADER_TOKEN:
			return GW_BAD_HEADER;
		default:
			return GW_BAD_REQUEST_LINE;
	}
}

static GwRefusal
judge(Parse *parse)
{
	GwRequest *request = parse->request;
	GwRefusal refusal = judge_method(parse);

	if (refusal != GW_OK)
		return refusal;
	if (llhttp_get_http_major(&parse->parser) != 1 ||
		llhttp_get_http_minor(&parse->parser) > 1)
		return GW_BAD_VERSION;
	request->minor = llhttp_get_http_minor(&parse->parser);
	if (parse->encodings > 0 && parse->lengths > 0)
		return GW_LENGTH_AND_ENCODING;
	if (parse->encodings > 0 && request->minor == 0)
		return GW_BAD_ENCODING;
	if (parse->hosts != 1 || !gw_target_is_host(request->host.bytes, request->host.len))
		return GW_BAD_HOST;
	request->keep_alive = request->minor == 1 && !parse->close;
	request->expects_continue &= request->minor == 1;
	return judge_target(parse);
}

static GwRefusal
judge_method(Parse *parse)
{
	int method = llhttp_get_method(&parse->parser);

	if (llhttp_get_http_major(&parse->parser) == 2)
		return GW_UPGRADE_REFUSED;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
	{
		if (methods[i].method != method)
			continue;
		parse->request->method = methods[i].name;
		parse->request->is_head = method == HTTP_HEAD;
		parse->request->safe = methods[i].safe;
		return GW_OK;
	}
	return method == HTTP_CONNECT || method == HTTP_TRACE ? GW_METHOD_REFUSED
														  : GW_METHOD_UNKNOWN;
}

static GwRefusal
judge_target(Parse *parse)
{
	GwRequest *request = parse->request;
	GwTarget *target = &request->target;

	if (!gw_target_split(target, parse->url.bytes, parse->url.len))
		return GW_BAD_TARGET;
	if (target->asterisk && strcmp(request->method, "OPTIONS") != 0)
		return GW_BAD_TARGET;
	if (target->authority != NULL &&
		(target->authority_len != request->host.len ||
		 strncasecmp(target->authority, request->host.bytes, request->host.len) != 0))
		return GW_BAD_HOST;
	request->origin = gw_arena_copy(parse->arena, target->origin, target->len);
	target->origin = request->origin;
	target->authority = NULL;
	return GW_OK;
}
