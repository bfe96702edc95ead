/*
 * gateway/link.c
 *		A ring of calls on one PGconn; each ends with its own sync.
 *
 * A call is over when its PGRES_PIPELINE_SYNC has come, for that is the commit.
 * After a cancel the link takes nothing until a bare sync has come back: a late
 * cancel must not hit the next call.
 */
#include "gateway/link.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/arena.h"
#include "gateway/cork.h"
#include "gateway/log.h"

#define STATEMENT	"qutecart_http"
#define RING_SIZE	(GW_LINK_DEPTH_MAX + 4) /* the link's own syncs come on top */
#define BACKOFF_MIN 50						/* ms */
#define BACKOFF_MAX 3000

typedef enum LinkState
{
	LINK_DOWN,		 /* waiting for the next attempt */
	LINK_CONNECTING, /* in PQconnectPoll */
	LINK_PREPARING,
	LINK_UP,
	LINK_CLOSED
} LinkState;

typedef enum SlotKind
{
	SLOT_CALL,
	SLOT_PREPARE,
	SLOT_SYNC,	 /* a round trip that asks nothing */
	SLOT_SETTLE /* the one that ends a cancel */
} SlotKind;

typedef struct Slot
{
	SlotKind kind;
	bool	 safe;
	bool	 cancelled;
	void	*tag;
} Slot;

typedef struct Cancel
{
	uv_work_t work; /* PQcancel blocks, so it runs in libuv's pool */
	GwLink	 *link;
	PGcancel *handle;
	unsigned  generation;
} Cancel;

struct GwLink
{
	GwLinkSetup setup;
	LinkState	state;
	PGconn	   *conn;
	uv_poll_t  *poll; /* on the heap: libpq may change the socket */
	int			events;
	uv_timer_t	timer;
	int			backoff; /* ms before the next attempt */
	unsigned	generation; /* counts connections */
	bool		cancelling; /* a cancel is on its way */
	bool		broken;		/* a send failed; given up from the loop */
	bool		dirty;		/* something waits for gw_link_flush */
	uint64_t	last_ok;

	Slot		ring[RING_SIZE];
	int			head;
	int			count;

	/* what has been received for the head of the ring */
	PGresult   *result;
	bool		failed;
	char		sqlstate[6];
};

static const char call_sql[] =
	"SELECT status, headers, body FROM qutecart.http($1, $2, $3, $4, $5)";
static const Oid call_types[] = {25, 25, 25, 17, 869}; /* text x 3, bytea, inet */

static void start(GwLink *link);
static void go_on_connecting(GwLink *link);
static void prepare(GwLink *link);
static void lose(GwLink *link);
static void finish_connection(GwLink *link);
static void watch(GwLink *link, int events);
static void stop_watching(GwLink *link);
static void on_poll(uv_poll_t *poll, int status, int events);
static void on_timer(uv_timer_t *timer);
static void on_poll_closed(uv_handle_t *handle);
static void drain(GwLink *link);
static void take_result(GwLink *link, PGresult *result);
static void finish_head(GwLink *link);
static void finish_prepare(GwLink *link, bool ok);
static void report(GwLink *link, const Slot *slot, bool synced, const char *sqlstate,
				   bool failed, PGresult *result);
static Slot *push(GwLink *link, SlotKind kind);
static bool send_sync(GwLink *link);
static void cancel_work(uv_work_t *work);
static void cancel_done(uv_work_t *work, int status);
static void ignore_notice(void *arg, const PGresult *result);

GwLink *
gw_link_open(const GwLinkSetup *setup)
{
	GwLink *link = gw_alloc(sizeof(*link));

	*link = (GwLink){.setup = *setup, .backoff = BACKOFF_MIN};
	uv_timer_init(setup->loop, &link->timer);
	link->timer.data = link;
	start(link);
	return link;
}

bool
gw_link_is_up(const GwLink *link)
{
	return link->state == LINK_UP;
}

int
gw_link_room(const GwLink *link)
{
	if (link->state != LINK_UP || link->cancelling || link->broken)
		return 0;
	return link->setup.depth > link->count ? link->setup.depth - link->count : 0;
}

int
gw_link_busy(const GwLink *link)
{
	return link->count;
}

/*
 * Send a call; false when nothing of it can have reached the server, in which
 * case it is not reported.
 */
bool
gw_link_send(GwLink *link, const GwLinkCall *call, void *tag)
{
	const char *values[] = {call->method, call->target, call->headers, call->body,
							call->peer};
	int			lengths[] = {0, 0, 0, (int) call->body_len, 0};
	static const int formats[] = {0, 0, 0, 1, 0};
	Slot	   *slot;

	if (!PQsendQueryPrepared(link->conn, STATEMENT, 5, values, lengths, formats, 1))
	{
		gw_log_error("could not send a call: %s", PQerrorMessage(link->conn));
		return false;
	}
	slot = push(link, SLOT_CALL);
	slot->safe = call->safe;
	slot->tag = tag;
	if (!send_sync(link))
	{
		/* reported from the loop, never inside the caller's own call */
		link->broken = true;
		uv_timer_start(&link->timer, on_timer, 0, 0);
	}
	return true;
}

void *
gw_link_head(const GwLink *link)
{
	const Slot *slot = &link->ring[link->head];

	return link->count > 0 && slot->kind == SLOT_CALL ? slot->tag : NULL;
}

/*
 * Ask the server to cancel the call it executes.
 */
void
gw_link_cancel_head(GwLink *link)
{
	Cancel *cancel;

	if (link->cancelling || gw_link_head(link) == NULL)
		return;
	cancel = gw_alloc(sizeof(*cancel));
	*cancel = (Cancel){.link = link,
					   .handle = PQgetCancel(link->conn),
					   .generation = link->generation};
	cancel->work.data = cancel;
	if (cancel->handle == NULL || uv_queue_work(link->setup.loop, &cancel->work,
												cancel_work, cancel_done) != 0)
	{
		PQfreeCancel(cancel->handle);
		free(cancel);
		return;
	}
	link->cancelling = true;
	link->ring[link->head].cancelled = true;
}

/*
 * Give the connection up, with all its calls, and connect anew.
 */
void
gw_link_drop(GwLink *link)
{
	lose(link);
}

uint64_t
gw_link_last_ok(const GwLink *link)
{
	return link->last_ok;
}

/*
 * Send what this turn of the loop has gathered.
 */
void
gw_link_flush(GwLink *link)
{
	int left;

	if (!link->dirty || link->conn == NULL)
		return;
	link->dirty = false;
	left = PQflush(link->conn);
	if (left < 0)
		lose(link);
	else if (left == 1)
		watch(link, UV_READABLE | UV_WRITABLE);
}

/*
 * A round trip on an idle link, so that a dead server is noticed.
 */
void
gw_link_ping(GwLink *link)
{
	if (link->state != LINK_UP || link->count > 0)
		return;
	push(link, SLOT_SYNC);
	if (!send_sync(link))
		lose(link);
}

void
gw_link_close(GwLink *link)
{
	link->state = LINK_CLOSED;
	finish_connection(link);
	uv_close((uv_handle_t *) &link->timer, NULL);
}

void
gw_link_free(GwLink *link)
{
	free(link);
}

static void
start(GwLink *link)
{
	const char *names[] = {"dbname", "fallback_application_name", "client_encoding", NULL};
	const char *values[] = {link->setup.conninfo, "qutecart-gateway", "UTF8", NULL};

	link->generation++;
	link->cancelling = false;
	link->state = LINK_CONNECTING;
	link->conn = PQconnectStartParams(names, values, 1);
	if (link->conn == NULL || PQstatus(link->conn) == CONNECTION_BAD)
	{
		lose(link);
		return;
	}
	PQsetNoticeReceiver(link->conn, ignore_notice, NULL);
	uv_timer_start(&link->timer, on_timer, (uint64_t) link->setup.connect_timeout, 0);
	watch(link, UV_WRITABLE);
}

static void
go_on_connecting(GwLink *link)
{
	/* libpq may close its socket and open another with the same number */
	stop_watching(link);
	switch (PQconnectPoll(link->conn))
	{
		case PGRES_POLLING_READING:
			watch(link, UV_READABLE);
			break;
		case PGRES_POLLING_WRITING:
			watch(link, UV_WRITABLE);
			break;
		case PGRES_POLLING_OK:
			prepare(link);
			break;
		default:
			gw_log_error("could not connect: %s", PQerrorMessage(link->conn));
			lose(link);
	}
}

static void
prepare(GwLink *link)
{
	bool ok = PQsetnonblocking(link->conn, 1) == 0 && PQenterPipelineMode(link->conn);

	link->state = LINK_PREPARING;
	if (ok && link->setup.prepare)
		ok = PQsendPrepare(link->conn, STATEMENT, call_sql, 5, call_types);
	if (ok)
	{
		watch(link, UV_READABLE);
		push(link, SLOT_PREPARE);
		ok = send_sync(link);
	}
	if (!ok)
		lose(link);
}

/*
 * The connection is gone: report its calls, try again later.
 */
static void
lose(GwLink *link)
{
	Slot	  ring[RING_SIZE];
	int		  count = link->count;
	bool	  answered = link->result != NULL;
	bool	  failed = link->failed;
	LinkState was = link->state;
	char	  sqlstate[6];
	uint64_t  wait;

	if (was == LINK_DOWN || was == LINK_CLOSED)
		return;
	for (int i = 0; i < count; i++)
		ring[i] = link->ring[(link->head + i) % RING_SIZE];
	memcpy(sqlstate, link->sqlstate, sizeof(sqlstate));
	finish_connection(link);
	link->state = LINK_DOWN;
	wait = (uint64_t) (link->backoff / 2 + rand() % (link->backoff / 2 + 1));
	link->backoff = link->backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX : link->backoff * 2;
	uv_timer_start(&link->timer, on_timer, wait, 0);
	for (int i = 0; i < count; i++)
	{
		GwFacts facts = {
			.answered = i == 0 && answered,
			.failed = i == 0 && failed,
			.safe = ring[i].safe,
			.sqlstate = i == 0 ? sqlstate : "",
		};

		if (ring[i].kind == SLOT_CALL)
			link->setup.on_done(link->setup.owner, ring[i].tag, gw_verdict(&facts),
								facts.sqlstate, NULL);
	}
	if (was == LINK_UP)
		link->setup.on_down(link->setup.owner, link);
}

static void
finish_connection(GwLink *link)
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
	if (link->conn != NULL)
		PQfinish(link->conn);
	link->conn = NULL;
}

static void
watch(GwLink *link, int events)
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
	bool	alive = status == 0;

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
	drain(link);
	if (link->conn == NULL || link->poll != poll)
		return;
	if (!alive || PQstatus(link->conn) == CONNECTION_BAD)
		lose(link);
	else
		watch(link, UV_READABLE | (PQflush(link->conn) == 1 ? UV_WRITABLE : 0));
}

/*
 * Time for the next attempt, or the end of this one.
 */
static void
on_timer(uv_timer_t *timer)
{
	GwLink *link = timer->data;

	if (link->state == LINK_DOWN)
		start(link);
	else
		lose(link);
}

static void
drain(GwLink *link)
{
	while (link->conn != NULL && link->count > 0 && !PQisBusy(link->conn))
	{
		PGresult *result = PQgetResult(link->conn);

		if (result != NULL)
			take_result(link, result);
		else if (PQstatus(link->conn) == CONNECTION_BAD)
			return;
	}
}

static void
take_result(GwLink *link, PGresult *result)
{
	const char *sqlstate;

	switch (PQresultStatus(result))
	{
		case PGRES_PIPELINE_SYNC:
			PQclear(result);
			finish_head(link);
			return;
		case PGRES_TUPLES_OK:
			PQclear(link->result);
			link->result = result;
			return;
		case PGRES_COMMAND_OK:
			break;
		default:
			sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
			link->failed = true;
			if (sqlstate != NULL && strlen(sqlstate) == 5)
				memcpy(link->sqlstate, sqlstate, 6);
	}
	PQclear(result);
}

static void
finish_head(GwLink *link)
{
	Slot	  slot = link->ring[link->head];
	PGresult *result = link->result;
	bool	  failed = link->failed;
	char	  sqlstate[6];

	memcpy(sqlstate, link->sqlstate, sizeof(sqlstate));
	link->result = NULL;
	link->failed = false;
	link->sqlstate[0] = '\0';
	link->head = (link->head + 1) % RING_SIZE;
	link->count--;
	if (!failed)
		link->last_ok = uv_now(link->setup.loop);
	/* between calls there is no transaction; if there is, start afresh */
	if (link->count == 0 && PQtransactionStatus(link->conn) != PQTRANS_IDLE)
	{
		report(link, &slot, true, sqlstate, failed, result);
		lose(link);
		return;
	}
	if (slot.kind == SLOT_PREPARE)
	{
		if (failed)
			gw_log_error("could not prepare qutecart.http: SQLSTATE %s", sqlstate);
		finish_prepare(link, !failed);
		return;
	}
	report(link, &slot, true, sqlstate, failed, result);
	if (slot.kind == SLOT_SETTLE)
		link->cancelling = false;
	/* the statement is gone, or is no longer the one that was prepared */
	if (strcmp(sqlstate, "26000") == 0 || strcmp(sqlstate, "0A000") == 0)
		lose(link);
	else if (gw_link_room(link) > 0)
		link->setup.on_room(link->setup.owner, link);
}

static void
finish_prepare(GwLink *link, bool ok)
{
	if (!ok)
	{
		lose(link);
		return;
	}
	uv_timer_stop(&link->timer);
	link->backoff = BACKOFF_MIN;
	link->state = LINK_UP;
	link->setup.on_room(link->setup.owner, link);
}

static void
report(GwLink *link, const Slot *slot, bool synced, const char *sqlstate, bool failed,
	   PGresult *result)
{
	GwFacts facts = {
		.answered = result != NULL,
		.failed = failed,
		.synced = synced,
		.safe = slot->safe,
		.cancelled = slot->cancelled,
		.cancelling = link->cancelling,
		.sqlstate = sqlstate,
	};
	GwVerdict verdict = gw_verdict(&facts);

	if (verdict.refusal != GW_OK || slot->kind != SLOT_CALL)
	{
		PQclear(result);
		result = NULL;
	}
	if (slot->kind == SLOT_CALL)
		link->setup.on_done(link->setup.owner, slot->tag, verdict, sqlstate, result);
}

static Slot *
push(GwLink *link, SlotKind kind)
{
	Slot *slot = &link->ring[(link->head + link->count) % RING_SIZE];

	*slot = (Slot){.kind = kind};
	link->count++;
	return slot;
}

/*
 * Sent by gw_link_flush, with everything else of this turn of the loop.
 */
static bool
send_sync(GwLink *link)
{
	link->dirty = true;
	return gw_cork_sync(link->conn) == 1;
}

static void
cancel_work(uv_work_t *work)
{
	Cancel *cancel = work->data;
	char	error[256];

	PQcancel(cancel->handle, error, sizeof(error));
}

static void
cancel_done(uv_work_t *work, int status)
{
	Cancel *cancel = work->data;
	GwLink *link = cancel->link;

	(void) status;
	if (link->generation == cancel->generation && link->state == LINK_UP)
	{
		/* stays "cancelling" until this round trip is over */
		push(link, SLOT_SETTLE);
		if (!send_sync(link))
			lose(link);
	}
	PQfreeCancel(cancel->handle);
	free(cancel);
}

static void
ignore_notice(void *arg, const PGresult *result)
{
	(void) arg;
	(void) result;
}
