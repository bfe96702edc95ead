/*
 * gateway/waiters.c
 *		A doubly linked list: any entry may leave at any time, for clients go.
 */
#include "gateway/waiters.h"

#include <stddef.h>

void
gw_waiters_append(GwWaiters *list, GwWaiter *waiter)
{
	waiter->list = list;
	waiter->next = NULL;
	waiter->prev = list->last;
	if (list->last != NULL)
		list->last->next = waiter;
	else
		list->first = waiter;
	list->last = waiter;
	list->count++;
}

void
gw_waiters_leave(GwWaiter *waiter)
{
	GwWaiters *list = waiter->list;

	if (list == NULL)
		return;
	if (waiter->prev != NULL)
		waiter->prev->next = waiter->next;
	else
		list->first = waiter->next;
	if (waiter->next != NULL)
		waiter->next->prev = waiter->prev;
	else
		list->last = waiter->prev;
	list->count--;
	waiter->list = NULL;
}

void
gw_waiters_end(GwWaiter *waiter, const GwAnswer *answer)
{
	gw_waiters_leave(waiter);
	waiter->on_done(waiter->arg, answer);
}

void
gw_waiters_move(GwWaiters *to, GwWaiters *from)
{
	while (from->first != NULL)
	{
		GwWaiter *waiter = from->first;

		gw_waiters_leave(waiter);
		gw_waiters_append(to, waiter);
	}
}
