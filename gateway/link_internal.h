/*
 * gateway/link_internal.h
 *		What link.c (calls) and dial.c (connecting) share; nobody else includes it.
 */
#ifndef GW_LINK_INTERNAL_H
#define GW_LINK_INTERNAL_H

#include "gateway/link.h"

#define GW_LINK_STATEMENT "qutecart_http"
#define RING_SIZE         (GW_LINK_DEPTH_MAX + 4) /* the link's own syncs come on top */

typedef enum LinkState
{
	LINK_DOWN,       /* waiting for the next attempt */
	LINK_CONNECTING, /* in PQconnectPoll */
	LINK_PREPARING,
	LINK_UP,
	LINK_CLOSED
} LinkState;

typedef enum SlotKind
{
	SLOT_CALL,
	SLOT_PREPARE,
	SLOT_SYNC,  /* a round trip that asks nothing */
	SLOT_SETTLE /* the one that ends a cancel */
} SlotKind;

typedef struct Slot
{
	SlotKind kind;
	bool safe;
	bool group;
	bool cancelled;
	void *tag;
} Slot;

struct GwLink
{
	GwLinkSetup setup;
	LinkState state;
	PGconn *conn;
	uv_poll_t *poll; /* on the heap: libpq may change the socket */
	int events;
	uv_timer_t timer;
	int backoff;         /* ms before the next attempt */
	unsigned generation; /* counts connections */
	bool cancelling;     /* a cancel is on its way */
	bool broken;         /* a send failed; given up from the loop */
	unsigned prepared;   /* bits of the gateway's own statements */
	bool dirty;          /* something waits for gw_link_flush */
	uint64_t last_ok;

	Slot ring[RING_SIZE];
	int head;
	int count;
	int groups; /* of them */

	/* what has been received for the head of the ring */
	PGresult *result;
	bool failed;
	char sqlstate[6];
};

/* dial.c */
extern void gw_dial_start(GwLink *link);
/* The connection is gone: report its calls, try again later. */
extern void gw_dial_lose(GwLink *link);
/* The statement is there, or is not. */
extern void gw_dial_prepared(GwLink *link, bool ok);
extern void gw_dial_watch(GwLink *link, int events);
extern void gw_dial_on_timer(uv_timer_t *timer);
extern void gw_dial_end(GwLink *link);

/* link.c */
extern Slot *gw_link_push(GwLink *link, SlotKind kind);
extern bool gw_link_sync(GwLink *link);
/* Take all results that have arrived. */
extern void gw_link_drain(GwLink *link);

#endif
