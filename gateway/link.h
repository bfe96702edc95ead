/*
 * gateway/link.h
 *		One connection to the database, in pipeline mode.
 *
 * A link connects, prepares the statement of requests, carries calls and comes back
 * by itself after a loss.  Every call sent is reported exactly once.
 */
#ifndef GW_LINK_H
#define GW_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>
#include <uv.h>

#include "gateway/verdict.h"

#define GW_LINK_DEPTH_MAX 16

typedef struct GwLink GwLink;

/* All that a gateway ever asks a database. */
typedef enum GwStatement
{
	GW_STATEMENT_HTTP,    /* a request */
	GW_STATEMENT_AWAITED, /* the replies of commands that are done; takes tickets */
	GW_STATEMENT_FLUSH    /* until all that was committed so far is durable */
} GwStatement;

/* What is sent; the strings must live until gw_link_send returns. */
typedef struct GwLinkCall
{
	GwStatement statement;
	const char *tickets; /* of GW_STATEMENT_AWAITED: an array's text form */
	const char *method;
	const char *target;
	const char *headers;
	const char *peer;
	const char *body;
	size_t body_len;
	bool safe;
	bool group; /* is brief, and may stand behind others like it */
} GwLinkCall;

typedef struct GwLinkSetup
{
	uv_loop_t *loop;
	const char *conninfo;
	bool prepare;
	int depth;           /* calls in flight */
	int group_depth;     /* while all of them are brief ones */
	int connect_timeout; /* ms */
	void *owner;
	/* the link can take a call again */
	void (*on_room)(void *owner, GwLink *link);
	/* a call has ended; the result (NULL unless GW_OK) becomes the receiver's */
	void (*on_done)(void *owner, void *tag, GwVerdict verdict, const char *sqlstate,
					PGresult *result);
	/* the link went down; its calls have been reported */
	void (*on_down)(void *owner, GwLink *link);
} GwLinkSetup;

extern GwLink *gw_link_open(const GwLinkSetup *setup);
extern bool gw_link_is_up(const GwLink *link);
/* calls it can take now, of the brief ones or of others */
extern int gw_link_room(const GwLink *link, bool group);
/* has it something to send at the end of this turn? */
extern bool gw_link_is_dirty(const GwLink *link);
extern int gw_link_busy(const GwLink *link);
extern bool gw_link_send(GwLink *link, const GwLinkCall *call, void *tag);
/* the call being executed; NULL when there is none */
extern void *gw_link_head(const GwLink *link);
extern void gw_link_cancel_head(GwLink *link);
extern void gw_link_drop(GwLink *link);
/* loop time of the last confirmed round trip, 0 = never */
extern uint64_t gw_link_last_ok(const GwLink *link);
extern void gw_link_ping(GwLink *link);
/* before the loop waits */
extern void gw_link_flush(GwLink *link);
extern void gw_link_close(GwLink *link);
/* after the loop has ended */
extern void gw_link_free(GwLink *link);

#endif
