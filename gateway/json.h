/*
 * gateway/json.h
 *		A strict reader of the little JSON the gateway itself must understand.
 *
 * Pull style: the caller knows the shape and asks for it piece by piece.  The
 * first thing that does not fit makes the reader fail for good.
 */
#ifndef GW_JSON_H
#define GW_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct GwJson
{
	const char *at;
	const char *end;
	int depth;
	bool failed;
} GwJson;

extern void gw_json_start(GwJson *json, const char *bytes, size_t len);
/* Enter with '{' or '['; then ask "next" before each member until it is false. */
extern bool gw_json_enter(GwJson *json, char bracket);
extern bool gw_json_next(GwJson *json, char bracket, bool *first);
extern bool gw_json_key(GwJson *json, char *out, size_t room);
extern bool gw_json_string(GwJson *json, char *out, size_t room);
extern bool gw_json_integer(GwJson *json, int64_t *out);
extern bool gw_json_skip(GwJson *json);
extern bool gw_json_finish(GwJson *json);

#endif
