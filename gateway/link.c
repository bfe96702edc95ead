/*
 * gateway/link.c
 *		A ring of calls on one PGconn; each ends with its own sync.
 *
 * A call is over when its PGRES_PIPELINE_SYNC has come, for that is the commit.
 * After a cancel the link takes nothing until a bare sync has come back: a late
 * cancel must not hit the next call.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway/arena.h"
#include "gateway/cork.h"
#include "gateway/link_internal.h"
#include "gateway/log.h"

typedef struct Cancel
{
	uv_work_t work; /* PQcancel blocks, so it runs in libuv's pool */
	GwLink *link;
	PGcancel *handle;
	unsigned generation;
} Cancel;

/* Prepared by the first call on a connection, unless a pooler is in between. */
static const struct
{
	const char *name;
	const char *sql;
	int nargs;
	Oid type;
} own_statements[] = {
	[GW_STATEMENT_AWAITED] = {"qutecart_awaited",
							  "SELECT ticket, status, headers, body"
							  " FROM qutecart.awaited($1)",
							  1, 1009}, /* text[] */
	[GW_STATEMENT_FLUSH] = {"qutecart_flush", "SELECT qutecart.flush()", 0, 0},
};

static bool send_call(GwLink *link, const GwLinkCall *call);
static bool send_own(GwLink *link, const GwLinkCall *call);
static void take_result(GwLink *link, PGresult *result);
static void finish_head(GwLink *link);
static void report(GwLink *link, const Slot *slot, bool synced, const char *sqlstate,
				   bool failed, PGresult *result);
static void cancel_work(uv_work_t *work);
static void cancel_done(uv_work_t *work, int status);

GwLink *
gw_link_open(const GwLinkSetup *setup)
{
	GwLink *link = gw_alloc(sizeof(*link));

	*link = (GwLink){.setup = *setup};
	uv_timer_init(setup->loop, &link->timer);
	link->timer.data = link;
	gw_dial_start(link);
	return link;
}

bool
gw_link_is_up(const GwLink *link)
{
	return link->state == LINK_UP;
}

int
gw_link_room(const GwLink *link, bool group)
{
	int depth = group && link->groups == link->count ? link->setup.group_depth
													 : link->setup.depth;

	if (link->state != LINK_UP || link->cancelling || link->broken)
		return 0;
	return depth > link->count ? depth - link->count : 0;
}

bool
gw_link_is_dirty(const GwLink *link)
{
	return link->dirty;
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
	Slot *slot;

	if (!send_call(link, call))
	{
		gw_log_error("could not send a call: %s", PQerrorMessage(link->conn));
		return false;
	}
	slot = gw_link_push(link, SLOT_CALL);
	slot->safe = call->safe;
	slot->group = call->group;
	slot->tag = tag;
	link->groups += call->group;
	if (!gw_link_sync(link))
	{
		/* reported from the loop, never inside the caller's own call */
		link->broken = true;
		uv_timer_start(&link->timer, gw_dial_on_timer, 0, 0);
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
	if (cancel->handle == NULL ||
		uv_queue_work(link->setup.loop, &cancel->work, cancel_work, cancel_done) != 0)
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
	gw_dial_lose(link);
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
		gw_dial_lose(link);
	else if (left == 1)
		gw_dial_watch(link, UV_READABLE | UV_WRITABLE);
}

/*
 * A round trip on an idle link, so that a dead server is noticed.
 */
void
gw_link_ping(GwLink *link)
{
	if (link->state != LINK_UP || link->count > 0)
		return;
	gw_link_push(link, SLOT_SYNC);
	if (!gw_link_sync(link))
		gw_dial_lose(link);
}

void
gw_link_close(GwLink *link)
{
	link->state = LINK_CLOSED;
	gw_dial_end(link);
	uv_close((uv_handle_t *) &link->timer, NULL);
}

void
gw_link_free(GwLink *link)
{
	free(link);
}

void
gw_link_drain(GwLink *link)
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

Slot *
gw_link_push(GwLink *link, SlotKind kind)
{
	Slot *slot = &link->ring[(link->head + link->count) % RING_SIZE];

	*slot = (Slot){.kind = kind};
	link->count++;
	return slot;
}

/*
 * Sent by gw_link_flush, with everything else of this turn of the loop.
 */
bool
gw_link_sync(GwLink *link)
{
	link->dirty = true;
	return gw_cork_sync(link->conn) == 1;
}

static bool
send_call(GwLink *link, const GwLinkCall *call)
{
	const char *values[] = {call->method, call->target, call->headers, call->body,
							call->peer};
	int lengths[] = {0, 0, 0, (int) call->body_len, 0};
	static const int formats[] = {0, 0, 0, 1, 0};

	if (call->statement == GW_STATEMENT_HTTP)
		return PQsendQueryPrepared(link->conn, GW_LINK_STATEMENT, 5, values, lengths,
								   formats, 1) == 1;
	return send_own(link, call);
}

static bool
send_own(GwLink *link, const GwLinkCall *call)
{
	const char *name = own_statements[call->statement].name;
	const char *sql = own_statements[call->statement].sql;
	int nargs = own_statements[call->statement].nargs;
	const Oid *type = &own_statements[call->statement].type;
	unsigned bit = 1u << call->statement;

	if (!link->setup.prepare)
		return PQsendQueryParams(link->conn, sql, nargs, type, &call->tickets, NULL,
								 NULL, 1) == 1;
	if ((link->prepared & bit) == 0 &&
		!PQsendPrepare(link->conn, name, sql, nargs, type))
		return false;
	link->prepared |= bit;
	return PQsendQueryPrepared(link->conn, name, nargs, &call->tickets, NULL, NULL,
							   1) == 1;
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
	Slot slot = link->ring[link->head];
	PGresult *result = link->result;
	bool failed = link->failed;
	char sqlstate[6];

	memcpy(sqlstate, link->sqlstate, sizeof(sqlstate));
	link->result = NULL;
	link->failed = false;
	link->sqlstate[0] = '\0';
	link->head = (link->head + 1) % RING_SIZE;
	link->count--;
	link->groups -= slot.group;
	if (!failed)
		link->last_ok = uv_now(link->setup.loop);
	/* between calls there is no transaction; if there is, start afresh */
	if (link->count == 0 && PQtransactionStatus(link->conn) != PQTRANS_IDLE)
	{
		report(link, &slot, true, sqlstate, failed, result);
		gw_dial_lose(link);
		return;
	}
	if (slot.kind == SLOT_PREPARE)
	{
		if (failed)
			gw_log_error("could not prepare qutecart.http: SQLSTATE %s", sqlstate);
		gw_dial_prepared(link, !failed);
		return;
	}
	report(link, &slot, true, sqlstate, failed, result);
	if (slot.kind == SLOT_SETTLE)
		link->cancelling = false;
	/* the statement is gone, or is no longer the one that was prepared */
	if (strcmp(sqlstate, "26000") == 0 || strcmp(sqlstate, "0A000") == 0)
		gw_dial_lose(link);
	else if (gw_link_room(link, true) > 0)
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

static void
cancel_work(uv_work_t *work)
{
	Cancel *cancel = work->data;
	char error[256];

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
		gw_link_push(link, SLOT_SETTLE);
		if (!gw_link_sync(link))
			gw_dial_lose(link);
	}
	PQfreeCancel(cancel->handle);
	free(cancel);
}
