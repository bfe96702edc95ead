/*
 * gateway/request.h
 *		A complete head, read and judged.
 */
#ifndef GW_REQUEST_H
#define GW_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/arena.h"
#include "gateway/refusal.h"
#include "gateway/target.h"

typedef struct GwSlice
{
	const char *bytes; /* NULL when the header is absent */
	size_t len;
} GwSlice;

typedef struct GwRequest
{
	const char *method; /* upper case, static */
	bool is_head;
	bool safe;       /* GET, HEAD, OPTIONS: may be sent twice */
	GwTarget target; /* points into "origin" */
	char *origin;    /* NUL-terminated, in the arena */
	char *headers;   /* "name: value\n" lines for the database, in the arena */
	int minor;       /* HTTP/1.minor */
	bool keep_alive;
	bool expects_continue;
	bool chunked;
	bool has_json;           /* Content-Type is JSON */
	uint64_t content_length; /* 0 when absent */

	/* headers the gateway itself asks about; they live in the arena */
	GwSlice host;
	GwSlice origin_header;
	GwSlice preflight_method; /* Access-Control-Request-Method */
	GwSlice request_id;
} GwRequest;

extern GwRefusal gw_request_parse(GwRequest *request, GwArena *arena, const char *head,
								  size_t len);

#endif
