/*
 * gateway/waiters.h
 *		Clients whose reply must not leave yet, in the order they came.
 *
 * An entry belongs to its exchange and lies in at most one list at a time.
 */
#ifndef GW_WAITERS_H
#define GW_WAITERS_H

#include <stdint.h>

#include "gateway/answer.h"

typedef struct GwWaiters GwWaiters;

typedef struct GwWaiter
{
	struct GwWaiter *next;
	struct GwWaiter *prev;
	GwWaiters *list;  /* NULL = waits for nothing */
	const char *word; /* what it waits for; in the exchange's arena */
	uint64_t since;   /* loop time */
	/* the end of it; the answer, when there is one, lives until this returns */
	void (*on_done)(void *arg, const GwAnswer *answer);
	void *arg;
} GwWaiter;

struct GwWaiters
{
	GwWaiter *first;
	GwWaiter *last;
	int count;
};

extern void gw_waiters_append(GwWaiters *list, GwWaiter *waiter);
/* Take an entry out of the list it is in, if any. */
extern void gw_waiters_leave(GwWaiter *waiter);
/* Take it out and report. */
extern void gw_waiters_end(GwWaiter *waiter, const GwAnswer *answer);
/* Hang all entries of a list behind those of another. */
extern void gw_waiters_move(GwWaiters *to, GwWaiters *from);

#endif
