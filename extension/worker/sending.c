/*
 * extension/worker/sending.c
 *		Messages whose lease is committed: on their way, or held back until there is room.
 *
 * How many may be on their way is limited in all and for each host.  What was claimed
 * beyond that is held back, in memory and on lease, so that a connection that becomes
 * free never waits for the database.
 */
#include "postgres.h"

#include "lib/ilist.h"
#include "utils/timestamp.h"

#include "extension/core/guc.h"
#include "extension/worker/deliver.h"
#include "extension/worker/http.h"
#include "extension/worker/sending.h"

#define GIVE_BACK_FOR 5 /* seconds, what a slow host has no room for */

static dlist_head held = DLIST_STATIC_INIT(held);
static dlist_head on_way = DLIST_STATIC_INIT(on_way);
static int held_count = 0;
static int on_way_count = 0;
static bool is_busy = false; /* did something end when we looked last? */

static void
start(QcDelivery *delivery)
{
	const char *problem = qc_http_submit(&delivery->request, delivery);

	if (problem != NULL)
	{
		qc_delivery_judge(delivery, &(QcResponse){.error = problem, .retry_after = -1});
		qc_deliver_finish(delivery);
		return;
	}
	qc_hosts_start(delivery->host);
	dlist_push_tail(&on_way, &delivery->node);
	on_way_count++;
}

/*
 * How many may have been sent without that being written down: after a crash, so many
 * are sent twice at most.
 */
static bool
has_free_connection(void)
{
	return on_way_count + qc_deliver_unsettled() < qc_http_capacity();
}

static bool
may_start(const QcDelivery *delivery)
{
	return has_free_connection() && qc_hosts_is_free(delivery->host);
}

void
qc_sending_dispatch(QcDelivery *delivery)
{
	delivery->host = qc_hosts_enter(delivery->request.url);
	if (may_start(delivery))
	{
		start(delivery);
		return;
	}
	qc_hosts_hold(delivery->host);
	delivery->held_since = GetCurrentTimestamp();
	dlist_push_tail(&held, &delivery->node);
	held_count++;
}

static void
unhold(QcDelivery *delivery)
{
	dlist_delete(&delivery->node);
	held_count--;
	qc_hosts_unhold(delivery->host);
}

void
qc_sending_start_held(void)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &held)
	{
		QcDelivery *delivery = dlist_container(QcDelivery, node, iter.cur);

		if (!has_free_connection())
			return;
		if (!may_start(delivery))
			continue;
		unhold(delivery);
		start(delivery);
	}
}

static void
give_back(QcDelivery *delivery)
{
	unhold(delivery);
	qc_delivery_postpone(delivery, GIVE_BACK_FOR);
	qc_deliver_finish(delivery);
}

/* A lease is long enough for this and for the attempt. */
static void
give_back_old(void)
{
	TimestampTz now = GetCurrentTimestamp();

	while (held_count > 0)
	{
		QcDelivery *oldest = dlist_head_element(QcDelivery, node, &held);

		if (!TimestampDifferenceExceeds(oldest->held_since, now, qc_guc_worker_timeout))
			return;
		give_back(oldest);
	}
}

/* Give back what is held for hosts that are too slow for it, when room is scarce. */
static void
give_back_slow(void)
{
	dlist_mutable_iter iter;

	if (held_count <= QC_SENDING_HELD_MOST - qc_guc_worker_batch)
		return;
	dlist_foreach_modify(iter, &held)
	{
		QcDelivery *delivery = dlist_container(QcDelivery, node, iter.cur);

		if (!qc_hosts_keeps_up(delivery->host))
			give_back(delivery);
	}
}

void
qc_sending_proceed(void)
{
	QcHttpDone done;

	qc_http_drive();
	is_busy = false;
	while (qc_http_next(&done))
	{
		QcDelivery *delivery = done.opaque;

		is_busy = true;
		qc_delivery_judge(delivery, &done.response);
		qc_http_release(&done);
		dlist_delete(&delivery->node);
		on_way_count--;
		qc_hosts_finish(delivery->host);
		qc_deliver_finish(delivery);
	}
	if (held_count > 0)
	{
		qc_sending_start_held();
		give_back_old();
		give_back_slow();
	}
}

void
qc_sending_drop_held(void)
{
	while (held_count > 0)
	{
		QcDelivery *delivery = dlist_head_element(QcDelivery, node, &held);

		unhold(delivery);
		qc_delivery_free(delivery);
	}
}

int64 *
qc_sending_lanes(void)
{
	int64 *lanes = palloc(sizeof(int64) * Max(1, on_way_count + held_count));
	dlist_iter iter;
	int n = 0;

	dlist_foreach(iter, &on_way) lanes[n++] =
		dlist_container(QcDelivery, node, iter.cur)->message.lane;
	dlist_foreach(iter, &held) lanes[n++] =
		dlist_container(QcDelivery, node, iter.cur)->message.lane;
	return lanes;
}

int
qc_sending_on_way(void)
{
	return on_way_count;
}

int
qc_sending_held(void)
{
	return held_count;
}

bool
qc_sending_is_busy(void)
{
	return is_busy;
}
