/*
 * extension/worker/deliver.c
 *		Messages between their claim and their settlement.
 *
 * A delivery is in one list at a time: claimed (in a transaction that has not committed),
 * then sending.c's, finished, settling (in a transaction that has not committed).
 * Nothing is sent before its lease is committed, and what was sent stays in memory until
 * its settlement is: an error costs time, not a second delivery.
 *
 * Messages are prepared and settled together in one subtransaction; when that fails,
 * one by one, so that a poisonous one costs itself only.
 */
#include "postgres.h"

#include "lib/ilist.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "extension/core/guc.h"
#include "extension/outbox/claim.h"
#include "extension/outbox/settle.h"
#include "extension/worker/attempt.h"
#include "extension/worker/deliver.h"
#include "extension/worker/delivery.h"
#include "extension/worker/http.h"
#include "extension/worker/sending.h"
#include "extension/worker/state.h"

/*
 * Finished ones wait for others, to be settled together: for a moment, and longer while
 * others keep coming.
 */
#define GATHER_MS      5
#define GATHER_BUSY_MS 50

/* After a claim that found something; the next one that finds nothing knows better. */
#define LOOK_AGAIN_MS 1000

static MemoryContext deliveries;
static dlist_head claimed = DLIST_STATIC_INIT(claimed);
static dlist_head finished = DLIST_STATIC_INIT(finished);
static dlist_head settling = DLIST_STATIC_INIT(settling);
static int finished_count = 0;
static int settling_count = 0;
static QcClaim circle; /* kept from one claim to the next */
static bool should_look = true;
static TimestampTz look_at = DT_NOEND; /* claim then, unless woken before */
static TimestampTz finished_since = DT_NOEND;
static bool may_look = false; /* did the last turn claim, or could it have? */

void
qc_deliver_init(void)
{
	deliveries = AllocSetContextCreate(TopMemoryContext, "qutecart deliveries",
									   ALLOCSET_SMALL_SIZES);
	if (!qc_http_init())
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				errmsg("could not prepare for delivering: %m"));
}

static QcDelivery *
pop(dlist_head *list)
{
	return dlist_container(QcDelivery, node, dlist_pop_head_node(list));
}

void
qc_deliver_finish(QcDelivery *delivery)
{
	if (finished_count++ == 0)
		finished_since = GetCurrentTimestamp();
	dlist_push_tail(&finished, &delivery->node);
}

void
qc_deliver_look(void)
{
	should_look = true;
	circle.has_more = false;
}

/* How many may be claimed: all of them might have to be held back. */
static int
room(void)
{
	return Min(qc_guc_worker_batch, QC_SENDING_HELD_MOST - qc_sending_held());
}

static long
ms_until(TimestampTz time)
{
	return TimestampDifferenceMilliseconds(GetCurrentTimestamp(), time);
}

/* When the finished have waited long enough. */
static TimestampTz
gathered_at(void)
{
	return TimestampTzPlusMilliseconds(
		finished_since, qc_sending_is_busy() ? GATHER_BUSY_MS : GATHER_MS);
}

bool
qc_deliver_is_turn(void)
{
	if (finished_count >= qc_guc_worker_batch)
		return true;
	if (finished_count > 0 &&
		(qc_sending_on_way() == 0 || ms_until(gathered_at()) == 0))
		return true;
	if (look_at != DT_NOEND && look_at <= GetCurrentTimestamp())
		should_look = true;
	return should_look && may_look && room() == qc_guc_worker_batch;
}

long
qc_deliver_pause(long most, bool may_turn)
{
	long http = qc_http_timeout();

	if (http >= 0)
		most = Min(most, http);
	if (!may_turn)
		return most;
	if (qc_deliver_is_turn())
		return 0;
	if (qc_sending_held() > 0)
		most = Min(most, QC_SENDING_HELD_MS);
	if (finished_count > 0)
		most = Min(most, ms_until(gathered_at()));
	if (look_at != DT_NOEND && may_look)
		most = Min(most, ms_until(look_at));
	return most;
}

/* --- settling --- */

static void
run_effect(QcDelivery *delivery, const QcSettlement *settlement)
{
	delivery->outcome = settlement->verdict.outcome;
	if (settlement->is_settled && delivery->has_effect && delivery->sender != NULL &&
		delivery->sender->settled != NULL)
		delivery->sender->settled(&delivery->message, &delivery->response,
								  &settlement->verdict);
}

static void
settle_all(void *arg)
{
	QcSettlement *settlements = palloc(sizeof(QcSettlement) * settling_count);
	dlist_iter iter;
	int n = 0;

	dlist_foreach(iter, &settling) settlements[n++] =
		qc_delivery_settlement(dlist_container(QcDelivery, node, iter.cur));
	qc_outbox_settle(settlements, n);
	n = 0;
	dlist_foreach(iter, &settling)
		run_effect(dlist_container(QcDelivery, node, iter.cur), &settlements[n++]);
}

static void
settle_one(void *arg)
{
	QcDelivery *delivery = arg;
	QcSettlement settlement = qc_delivery_settlement(delivery);

	qc_outbox_settle(&settlement, 1);
	run_effect(delivery, &settlement);
}

/*
 * One whose settlement fails is tried again like one that was not delivered; if not
 * even that can be written its lease runs out.
 */
static void
settle_one_by_one(void)
{
	dlist_iter iter;

	dlist_foreach(iter, &settling)
	{
		QcDelivery *delivery = dlist_container(QcDelivery, node, iter.cur);
		int sqlstate = qc_attempt(settle_one, delivery);

		if (sqlstate == 0)
			continue;
		qc_delivery_fail(delivery, "recording the answer", sqlstate);
		(void) qc_attempt(settle_one, delivery);
	}
}

static void
settle_finished(void)
{
	while (finished_count > 0 && settling_count < qc_guc_worker_batch)
	{
		dlist_push_tail(&settling, dlist_pop_head_node(&finished));
		finished_count--;
		settling_count++;
	}
	if (settling_count > 0 && qc_attempt(settle_all, NULL) != 0)
		settle_one_by_one();
}

/* --- claiming --- */

static void
prepare_all(void *arg)
{
	dlist_iter iter;

	dlist_foreach(iter, &claimed)
		qc_delivery_prepare(dlist_container(QcDelivery, node, iter.cur));
}

static void
prepare_one(void *arg)
{
	qc_delivery_prepare(arg);
}

static void
prepare_one_by_one(void)
{
	dlist_iter iter;

	dlist_foreach(iter, &claimed)
	{
		QcDelivery *delivery = dlist_container(QcDelivery, node, iter.cur);
		int sqlstate = qc_attempt(prepare_one, delivery);

		if (sqlstate != 0)
			qc_delivery_fail(delivery, "preparing it", sqlstate);
	}
}

/*
 * What was due before the claim and is there still is held by a client's transaction,
 * of whose end nobody tells us.
 */
static TimestampTz
next_look(TimestampTz claimed_at)
{
	TimestampTz due = qc_outbox_next_due();

	return due > claimed_at ? due
							: TimestampTzPlusMilliseconds(claimed_at, LOOK_AGAIN_MS);
}

static void
claim_more(void)
{
	TimestampTz now = GetCurrentTimestamp();

	circle.most = room();
	circle.per_lane = qc_guc_worker_per_lane;
	circle.in_flight = qc_sending_lanes();
	circle.in_flight_count = qc_sending_on_way() + qc_sending_held();
	qc_outbox_claim(&circle);
	for (int i = 0; i < circle.count; i++)
	{
		QcDelivery *delivery = qc_delivery_new(&circle.messages[i], deliveries);

		dlist_push_tail(&claimed, &delivery->node);
	}
	if (circle.count > 0 && qc_attempt(prepare_all, NULL) != 0)
		prepare_one_by_one();
	should_look = circle.has_more;
	if (circle.count > 0)
		look_at = TimestampTzPlusMilliseconds(now, LOOK_AGAIN_MS);
	else
		look_at = next_look(now);
}

void
qc_deliver_turn(bool may_claim)
{
	settle_finished();
	may_look = may_claim;
	if (may_claim && room() > 0 && (should_look || settling_count > 0))
		claim_more();
}

static void
forget_settled(void)
{
	QcWorkerCounts counts = {.batches = 1};

	for (; settling_count > 0; settling_count--)
	{
		QcDelivery *delivery = pop(&settling);

		if (delivery->outcome == QC_OUTCOME_DELIVERED)
			counts.delivered++;
		else if (delivery->outcome != QC_OUTCOME_POSTPONED)
			counts.failed++;
		qc_delivery_free(delivery);
	}
	qc_worker_count(&counts);
}

void
qc_deliver_committed(void)
{
	if (settling_count > 0)
	{
		forget_settled();
		qc_sending_start_held();
	}
	while (!dlist_is_empty(&claimed))
	{
		QcDelivery *delivery = pop(&claimed);

		if (delivery->is_wanted)
			qc_sending_dispatch(delivery);
		else
			qc_deliver_finish(delivery);
	}
}

void
qc_deliver_aborted(void)
{
	for (; settling_count > 0; settling_count--)
	{
		dlist_node *last = dlist_tail_node(&settling);

		dlist_delete(last);
		dlist_push_head(&finished, last);
		finished_count++;
	}
	while (!dlist_is_empty(&claimed))
		qc_delivery_free(pop(&claimed));
	memset(&circle, 0, sizeof(circle));
	should_look = true;
}

void
qc_deliver_drop_finished(void)
{
	for (; finished_count > 0; finished_count--)
		qc_delivery_free(pop(&finished));
}

int
qc_deliver_unsettled(void)
{
	return finished_count + settling_count;
}
