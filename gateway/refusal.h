/*
 * gateway/refusal.h
 *		Everything the gateway may answer on its own account, in one list.
 *
 * A refusal is a row: status, code, message, whether the connection is closed
 * and what Retry-After says.  Nothing else in the gateway invents a status, and
 * the metrics count by the same codes.
 */
#ifndef GW_REFUSAL_H
#define GW_REFUSAL_H

#include <stdbool.h>

typedef enum GwRefusal
{
	GW_OK = 0,
	GW_BAD_LINE,             /* bare CR or LF, control byte, folded line */
	GW_BAD_REQUEST_LINE,     /* not "token SP target SP HTTP/n.n" */
	GW_BAD_VERSION,          /* neither HTTP/1.0 nor HTTP/1.1 */
	GW_METHOD_UNKNOWN,       /* a token that is no method served here */
	GW_METHOD_REFUSED,       /* CONNECT, TRACE */
	GW_TARGET_TOO_LONG,      /* request line above the limit */
	GW_BAD_TARGET,           /* path or query that could be read twice */
	GW_LINE_TOO_LONG,        /* one header line above the limit */
	GW_HEADERS_TOO_LARGE,    /* all header lines together */
	GW_TOO_MANY_HEADERS,     /* number of header lines */
	GW_BAD_HEADER,           /* name or value that is not clean */
	GW_BAD_HOST,             /* none, two, not a host, not the target's */
	GW_BAD_LENGTH,           /* Content-Length not one plain number */
	GW_LENGTH_AND_ENCODING,  /* Content-Length beside Transfer-Encoding */
	GW_BAD_ENCODING,         /* Transfer-Encoding not exactly "chunked" */
	GW_BAD_CHUNK,            /* chunk framing, extensions, trailers */
	GW_BODY_TOO_LARGE,       /* above what the route takes */
	GW_BAD_UTF8,             /* JSON body or header that is not UTF-8 */
	GW_BAD_EXPECTATION,      /* Expect other than 100-continue */
	GW_UPGRADE_REFUSED,      /* Upgrade, PRI, odd Connection options */
	GW_HEADER_TIMEOUT,       /* head not complete in time */
	GW_BODY_TIMEOUT,         /* body slower than the least rate */
	GW_TOO_MANY_CONNECTIONS, /* one address holds too many */
	GW_NOT_FOUND,            /* on the metrics port only */
	GW_BODY_MEMORY,          /* all bodies together */
	GW_QUEUE_FULL,           /* lane's queue has no place */
	GW_QUEUE_WAIT,           /* waited too long in the lane's queue */
	GW_DATABASE_DOWN,        /* no connection */
	GW_DATABASE_BUSY,        /* serialization failure, out of resources */
	GW_DATABASE_TIMEOUT,     /* the request was cancelled at its deadline */
	GW_OUTCOME_UNKNOWN,      /* a write whose commit was not confirmed */
	GW_DATABASE_ERROR,       /* any other raised error */
	GW_BAD_REPLY,            /* the database's reply cannot be sent */
	GW_REFUSAL_COUNT
} GwRefusal;

typedef struct GwRefusalInfo
{
	int status;
	const char *code;
	const char *message; /* one sentence, shown to the client */
	bool close;          /* the connection ends with this reply */
	int retry_after;     /* seconds; 0 = no header */
} GwRefusalInfo;

extern const GwRefusalInfo *gw_refusal_info(GwRefusal refusal);
extern const char *gw_refusal_title(int status);

#endif
