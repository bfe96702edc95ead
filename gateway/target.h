/*
 * gateway/target.h
 *		What a request's target and Host may look like.  All functions are pure.
 *
 * Nothing is repaired: a path that a second reader could understand in another
 * way (encoded slash, dot segment, double encoding, ...) is refused.
 */
#ifndef GW_TARGET_H
#define GW_TARGET_H

#include <stdbool.h>
#include <stddef.h>

typedef struct GwTarget
{
	const char *origin; /* path and query, points into the given bytes */
	size_t len;
	size_t path_len;
	const char *authority; /* of an absolute-form target, else NULL */
	size_t authority_len;
	bool asterisk; /* the target is "*" */
} GwTarget;

extern bool gw_target_split(GwTarget *target, const char *bytes, size_t len);
extern bool gw_target_is_host(const char *bytes, size_t len);
/* Decode one valid path segment; out has room for len bytes. */
extern size_t gw_target_decode(char *out, const char *bytes, size_t len);

#endif
