/*
 * gateway/text.h
 *		Questions about foreign bytes.  All functions are pure.
 */
#ifndef GW_TEXT_H
#define GW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

extern bool gw_text_is_token_char(unsigned char c);
extern bool gw_text_is_token(const char *bytes, size_t len);
extern bool gw_text_is_utf8(const char *bytes, size_t len);
extern bool gw_text_is(const char *bytes, size_t len, const char *word);
/* A header's name that only the gateway and the database may use. */
extern bool gw_text_is_internal(const char *name, size_t len);
extern int gw_text_hex(unsigned char c);
extern size_t gw_text_json(char *out, size_t room, const char *bytes, size_t len);

#endif
