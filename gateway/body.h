/*
 * gateway/body.h
 *		Collects the body of one request, framed by length or by chunks.
 *
 * Of the chunked coding only the plain form is read: size, data, last chunk.
 */
#ifndef GW_BODY_H
#define GW_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/buf.h"
#include "gateway/refusal.h"

typedef enum GwBodyPlace
{
	GW_BODY_NONE,
	GW_BODY_LENGTH,   /* plain bytes, "left" of them to come */
	GW_BODY_SIZE,     /* digits of a chunk's size */
	GW_BODY_SIZE_END, /* LF behind the size */
	GW_BODY_DATA,     /* bytes of a chunk */
	GW_BODY_DATA_CR,  /* CR LF behind the data */
	GW_BODY_DATA_END,
	GW_BODY_LAST_CR, /* CR LF behind the last chunk */
	GW_BODY_LAST_END,
	GW_BODY_DONE
} GwBodyPlace;

typedef struct GwBody
{
	GwBodyPlace place;
	uint64_t left; /* bytes still to come of the body or the chunk */
	int digits;    /* of the chunk's size so far */
	size_t max;    /* bytes the route takes */
	size_t wire;   /* bytes eaten, framing included */
	GwBuf data;
} GwBody;

extern void gw_body_expect_length(GwBody *body, uint64_t length, size_t max);
extern void gw_body_expect_chunks(GwBody *body, size_t max);
/* Eat what belongs to the body; *eaten tells how much that was. */
extern GwRefusal gw_body_feed(GwBody *body, const char *bytes, size_t len,
							  size_t *eaten);
extern void gw_body_free(GwBody *body);
/* bytes held by all bodies of this process */
extern size_t gw_body_held(void);

static inline bool
gw_body_complete(const GwBody *body)
{
	return body->place == GW_BODY_NONE || body->place == GW_BODY_DONE;
}

#endif
