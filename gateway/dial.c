/*
 * gateway/dial.c
 *		Connecting, preparing, losing and connecting again, with jitter.
 *
 * libpq may change its socket while it connects, so the poll handle is made
 * anew at every step; it lives on the heap because libuv closes it later.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway/arena.h"
#include "gateway/link_internal.h"
#include "gateway/log.h"

#define BACKOFF_MIN 50 /* ms */
#define BACKOFF_MAX 3000

static const char call_sql[] =
	"SELECT status, headers, body FROM qutecart.http($1, $2, $3, $4, $5)";
static const Oid call_types[] = {25, 25, 25, 17, 869}; /* text x 3, bytea, inet */

static void go_on_connecting(GwLink *link);
static void prepare(GwLink *link);
static void report_lost(GwLink *link, const Slot *slots, int count,
						const GwFacts *first);
static void stop_watching(GwLink *link);
static void on_poll_closed(uv_handle_t *handle);
static void on_poll(uv_poll_t *poll, int status, int events);
static void ignore_notice(void *arg, const PGresult *result);

void
gw_dial_start(GwLink *link)
{
	const char *names[] = {"dbname", "fallback_application_name", "client_encoding",
						   NULL};
	const char *values[] = {link->setup.conninfo, "qutecart-gateway", "UTF8", NULL};

	if (link->backoff == 0)
		link->backoff = BACKOFF_MIN;
	link->generation++;
	link->prepared = 0;
	link->cancelling = false;
	link->state = LINK_CONNECTING;
	link->conn = PQconnectStartParams(names, values, 1);
	if (link->conn == NULL || PQstatus(link->conn) == CONNECTION_BAD)
	{
		gw_dial_lose(link);
		return;
	}
	PQsetNoticeReceiver(link->conn, ignore_notice, NULL);
	uv_timer_start(&link->timer, gw_dial_on_timer,
				   (uint64_t) link->setup.connect_timeout, 0);
	gw_dial_watch(link, UV_WRITABLE);
}

void
gw_dial_lose(GwLink *link)
{
	Slot slots[RING_SIZE];
	int count = link->count;
	bool was_up = link->state == LINK_UP;
	char sqlstate[6];
	GwFacts first = {
		.answered = link->result != NULL,
		.failed = link->failed,
		.sqlstate = sqlstate,
	};
	int wait = link->backoff / 2 + rand() % (link->backoff / 2 + 1);

	if (link->state == LINK_DOWN || link->state == LINK_CLOSED)
		return;
	for (int i = 0; i < count; i++)
		slots[i] = link->ring[(link->head + i) % RING_SIZE];
	memcpy(sqlstate, link->sqlstate, sizeof(sqlstate));
	gw_dial_end(link);
	link->state = LINK_DOWN;
	link->backoff = link->backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX : link->backoff * 2;
	uv_timer_start(&link->timer, gw_dial_on_timer, (uint64_t) wait, 0);
	report_lost(link, slots, count, &first);
	if (was_up)
		link->setup.on_down(link->setup.owner, link);
}

void
gw_dial_prepared(GwLink *link, bool ok)
{
	if (!ok)
	{
		gw_dial_lose(link);
		return;
	}
	uv_timer_stop(&link->timer);
	link->backoff = BACKOFF_MIN;
	link->state = LINK_UP;
	link->setup.on_room(link->setup.owner, link);
}

void
gw_dial_watch(GwLink *link, int events)
{
	if (link->poll == NULL)
	{
		link->poll = gw_alloc(sizeof(*link->poll));
		link->events = 0;
		if (uv_poll_init(link->setup.loop, link->poll, PQsocket(link->conn)) != 0)
		{
			free(link->poll);
			link->poll = NULL;
			return; /* the connect timeout will bring it back */
		}
		link->poll->data = link;
	}
	if (events != link->events)
		uv_poll_start(link->poll, events, on_poll);
	link->events = events;
}

/*
 * Time for the next attempt, or the end of this one.
 */
void
gw_dial_on_timer(uv_timer_t *timer)
{
	GwLink *link = timer->data;

	if (link->state == LINK_DOWN)
		gw_dial_start(link);
	else
		gw_dial_lose(link);
}

void
gw_dial_end(GwLink *link)
{
	stop_watching(link);
	uv_timer_stop(&link->timer);
	PQclear(link->result);
	link->result = NULL;
	link->failed = false;
	link->broken = false;
	link->dirty = false;
	link->sqlstate[0] = '\0';
	link->head = 0;
	link->count = 0;
	link->groups = 0;
	if (link->conn != NULL)
		PQfinish(link->conn);
	link->conn = NULL;
}

static void
go_on_connecting(GwLink *link)
{
	/* libpq may close its socket and open another with the same number */
	stop_watching(link);
	switch (PQconnectPoll(link->conn))
	{
		case PGRES_POLLING_READING:
			gw_dial_watch(link, UV_READABLE);
			break;
		case PGRES_POLLING_WRITING:
			gw_dial_watch(link, UV_WRITABLE);
			break;
		case PGRES_POLLING_OK:
			prepare(link);
			break;
		default:
			/* once for each outage */
			if (link->backoff == BACKOFF_MIN)
				gw_log_error("could not connect: %s", PQerrorMessage(link->conn));
			gw_dial_lose(link);
	}
}

static void
prepare(GwLink *link)
{
	bool ok = PQsetnonblocking(link->conn, 1) == 0 && PQenterPipelineMode(link->conn);

	link->state = LINK_PREPARING;
	if (ok && link->setup.prepare)
		ok = PQsendPrepare(link->conn, GW_LINK_STATEMENT, call_sql, 5, call_types);
	if (ok)
	{
		gw_dial_watch(link, UV_READABLE);
		gw_link_push(link, SLOT_PREPARE);
		ok = gw_link_sync(link);
	}
	if (!ok)
		gw_dial_lose(link);
}

/*
 * Only of the first call something may have been heard.
 */
static void
report_lost(GwLink *link, const Slot *slots, int count, const GwFacts *first)
{
	for (int i = 0; i < count; i++)
	{
		GwFacts facts = i == 0 ? *first : (GwFacts){.sqlstate = ""};

		facts.safe = slots[i].safe;
		if (slots[i].kind == SLOT_CALL)
			link->setup.on_done(link->setup.owner, slots[i].tag, gw_verdict(&facts),
								facts.sqlstate, NULL);
	}
}

static void
stop_watching(GwLink *link)
{
	if (link->poll == NULL)
		return;
	uv_close((uv_handle_t *) link->poll, on_poll_closed);
	link->poll = NULL;
}

static void
on_poll_closed(uv_handle_t *handle)
{
	free(handle);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	GwLink *link = poll->data;
	bool alive = status == 0;

	if (link->state == LINK_CONNECTING)
	{
		go_on_connecting(link);
		return;
	}
	if (alive && (events & UV_READABLE) != 0)
		alive = PQconsumeInput(link->conn) == 1;
	if (alive && (events & UV_WRITABLE) != 0)
		alive = PQflush(link->conn) >= 0;
	/* what came before the end still counts */
	gw_link_drain(link);
	if (link->conn == NULL || link->poll != poll)
		return;
	if (!alive || PQstatus(link->conn) == CONNECTION_BAD)
		gw_dial_lose(link);
	else
		gw_dial_watch(link, UV_READABLE | (PQflush(link->conn) == 1 ? UV_WRITABLE : 0));
}

static void
ignore_notice(void *arg, const PGresult *result)
{
	(void) arg;
	(void) result;
}
