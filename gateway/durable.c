/*
 * gateway/durable.c
 *		What commits while a flush runs shares the next one.
 *
 * A flush covers what was committed before it was asked for, so a reply joins the next
 * one, never the one on its way.  A server that crashed in between and came back has
 * lost such commits and still flushes well: it names its life by a word, which must be
 * the word that the commit came with.
 */
#include "gateway/durable.h"

#include <string.h>

static GwGateway *gateway;
static GwWaiters coming;   /* for the next flush */
static GwWaiters covered;  /* by the one on its way */
static GwWaiters settling; /* its answer is here */
static GwJob *job;

static void flush(void *unused);
static void on_answer(void *arg, const GwAnswer *answer);
static void settle(const char *word);

void
gw_durable_open(GwGateway *owner)
{
	gateway = owner;
	gw_pool_at_turn_end(gateway->pool, flush, NULL);
}

void
gw_durable_enter(GwWaiter *waiter)
{
	gw_waiters_append(&coming, waiter);
}

int
gw_durable_count(void)
{
	return coming.count + covered.count;
}

static void
flush(void *unused)
{
	GwCall call = {
		.lane = GW_LANE_FLUSH,
		.link = {.statement = GW_STATEMENT_FLUSH},
		.on_done = on_answer,
	};
	GwRefusal why;

	(void) unused;
	if (coming.count == 0 || job != NULL)
		return;
	gw_waiters_move(&covered, &coming);
	job = gw_pool_submit(gateway->pool, &call, &why);
	if (job == NULL)
		settle(NULL);
}

static void
on_answer(void *arg, const GwAnswer *answer)
{
	(void) arg;
	job = NULL;
	settle(answer->refusal == GW_OK ? gw_answer_word(answer->hold) : NULL);
	gw_answer_release(answer->hold);
}

/*
 * The word is that of the server that flushed; NULL when none did.
 */
static void
settle(const char *word)
{
	gw_waiters_move(&settling, &covered);
	while (settling.first != NULL)
	{
		GwWaiter *waiter = settling.first;
		GwAnswer answer = {.refusal = GW_OUTCOME_UNKNOWN};

		if (word != NULL && strcmp(waiter->word, word) == 0)
			answer.refusal = GW_OK;
		gw_waiters_end(waiter, &answer);
	}
}
