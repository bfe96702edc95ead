/*
 * gateway/await.c
 *		One question for all that wait, at intervals.
 *
 * The interval starts short and grows while nothing comes: an answer that is quick is
 * passed on quickly, one that takes seconds costs little.  Nobody waits, nobody asks.
 */
#include "gateway/await.h"

#include <string.h>

#include "gateway/buf.h"

#define TICK_MIN   20 /* ms between two questions */
#define TICK_MAX   100
#define TICKET_MAX 64 /* bytes */

static GwGateway *gateway;
static GwWaiters waiting;
static uv_timer_t timer;
static GwJob *job;
static GwBuf tickets; /* of the question; PostgreSQL's text form of an array */
static uint64_t interval;

static bool is_ticket(const char *word);
static void on_tick(uv_timer_t *unused);
static void end_late(void);
static void ask(void);
static void on_answer(void *arg, const GwAnswer *answer);
static int tell(const PGresult *result);
static GwWaiter *find(const char *ticket);
static void rest(uint64_t ms);

void
gw_await_open(GwGateway *owner)
{
	gateway = owner;
	uv_timer_init(gateway->loop, &timer);
}

bool
gw_await_enter(GwWaiter *waiter)
{
	if (gateway->stopping || waiting.count >= gateway->config->await_max ||
		gateway->config->await_timeout == 0 || !is_ticket(waiter->word))
		return false;
	waiter->since = uv_now(gateway->loop);
	gw_waiters_append(&waiting, waiter);
	rest(TICK_MIN);
	return true;
}

int
gw_await_count(void)
{
	return waiting.count;
}

void
gw_await_stop(void)
{
	if (job != NULL)
		gw_pool_abandon(job);
	job = NULL;
	while (waiting.first != NULL)
		gw_waiters_end(waiting.first, NULL);
	gw_buf_free(&tickets);
	uv_close((uv_handle_t *) &timer, NULL);
}

/*
 * It goes into an array's text form unquoted.
 */
static bool
is_ticket(const char *word)
{
	static const char clean[] = "0123456789abcdefABCDEF-/";

	return word[0] != '\0' && strlen(word) <= TICKET_MAX &&
		   word[strspn(word, clean)] == '\0';
}

static void
on_tick(uv_timer_t *unused)
{
	(void) unused;
	end_late();
	if (waiting.count > 0 && job == NULL)
		ask();
	if (waiting.count > 0)
		uv_timer_start(&timer, on_tick, interval, 0);
}

/*
 * All wait equally long, so the first in the list is the first to end.
 */
static void
end_late(void)
{
	uint64_t now = uv_now(gateway->loop);

	while (waiting.first != NULL &&
		   now - waiting.first->since >= (uint64_t) gateway->config->await_timeout)
		gw_waiters_end(waiting.first, NULL);
}

static void
ask(void)
{
	GwCall call = {
		.lane = GW_LANE_FAST,
		.link = {.statement = GW_STATEMENT_AWAITED, .safe = true},
		.on_done = on_answer,
	};
	GwRefusal why;

	gw_buf_consume(&tickets, gw_buf_len(&tickets));
	for (GwWaiter *waiter = waiting.first; waiter != NULL; waiter = waiter->next)
	{
		gw_buf_append(&tickets, waiter == waiting.first ? "{" : ",", 1);
		gw_buf_append(&tickets, waiter->word, strlen(waiter->word));
	}
	gw_buf_append(&tickets, "}", sizeof("}"));
	call.link.tickets = gw_buf_at(&tickets);
	job = gw_pool_submit(gateway->pool, &call, &why);
	interval += interval / 2;
	if (job == NULL || interval > TICK_MAX)
		interval = TICK_MAX;
}

static void
on_answer(void *arg, const GwAnswer *answer)
{
	(void) arg;
	job = NULL;
	if (answer->refusal == GW_OK && tell(answer->hold) > 0)
		rest(TICK_MIN);
	gw_answer_release(answer->hold);
}

/*
 * Several clients may wait for one reply: the same request, sent twice.
 */
static int
tell(const PGresult *result)
{
	GwAnswer answer = {0};
	const char *ticket;
	int row = 0;

	while (gw_answer_read_awaited(&answer, &ticket, result, row,
								  (size_t) gateway->config->reply_max))
	{
		GwWaiter *waiter;

		while ((waiter = find(ticket)) != NULL)
			gw_waiters_end(waiter, &answer);
		answer = (GwAnswer){0};
		row++;
	}
	return row;
}

static GwWaiter *
find(const char *ticket)
{
	GwWaiter *waiter = waiting.first;

	while (waiter != NULL && strcmp(waiter->word, ticket) != 0)
		waiter = waiter->next;
	return waiter;
}

/*
 * Ask again after that many ms, or earlier when that is planned already.
 */
static void
rest(uint64_t ms)
{
	interval = ms;
	if (waiting.count > 0 &&
		(!uv_is_active((uv_handle_t *) &timer) || uv_timer_get_due_in(&timer) > ms))
		uv_timer_start(&timer, on_tick, ms, 0);
}
