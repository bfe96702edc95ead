/*
 * gateway/reply.h
 *		The bytes of a reply's head, and the body of the gateway's own problems.
 */
#ifndef GW_REPLY_H
#define GW_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "gateway/arena.h"
#include "gateway/refusal.h"

typedef struct GwReply
{
	int status;
	const char *headers; /* "Name: value\n" lines */
	size_t headers_len;
	const char *body;
	size_t body_len;
	bool close;
	const char *request_id;
	bool cors;          /* replies differ by Origin */
	const char *origin; /* the one that may read, or NULL */
} GwReply;

/* NULL when the headers must not be sent; *len is the length of the head. */
extern char *gw_reply_head(const GwReply *reply, GwArena *arena, size_t *len);
/* Make the reply a problem document. */
extern void gw_reply_problem(GwReply *reply, GwArena *arena, GwRefusal refusal);
extern bool gw_reply_has_body(int status);
/* The value of a header that is meant for the gateway; NULL when there is none. */
extern const char *gw_reply_internal(const GwReply *reply, const char *name,
									 GwArena *arena);

#endif
