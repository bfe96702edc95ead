/*
 * gateway/cors.h
 *		Which origins may read replies.
 *
 * Credentials are never allowed: the API knows bearer tokens only.
 */
#ifndef GW_CORS_H
#define GW_CORS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct GwCors GwCors;

/* NULL when the list holds something that is no origin. */
extern GwCors *gw_cors_parse(const char *list);
extern bool gw_cors_enabled(const GwCors *cors);
/* Value of Access-Control-Allow-Origin, or NULL. */
extern const char *gw_cors_grant(const GwCors *cors, const char *origin, size_t len);
extern void gw_cors_free(GwCors *cors);

#endif
