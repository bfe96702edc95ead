/*
 * gateway/cork.h
 *		Lets libpq gather what it would send at once.
 *
 * Up to libpq 16 every pipeline sync is a send of its own, and with it a wake-up
 * of the server.  While corked, libpq is told that the socket takes nothing now,
 * so it keeps the bytes; PQflush sends them together at the end of the turn.
 * From libpq 17 on PQsendPipelineSync does that and nothing is corked.
 */
#ifndef GW_CORK_H
#define GW_CORK_H

#include <libpq-fe.h>

/* Queue a sync without sending; PQflush must follow. */
extern int gw_cork_sync(PGconn *conn);

#endif
