/*
 * gateway/pool.c
 *		Lanes, each with its links and its bounded first-in first-out queue.
 *
 * First in, first out, for otherwise an early call may wait without bound.  A
 * lane without any live link refuses at once instead of queueing.
 */
#include "gateway/pool.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/arena.h"
#include "gateway/job.h"
#include "gateway/link.h"
#include "gateway/log.h"

#define TICK       20   /* ms between looks at waiting and running calls */
#define PING_TIME  2000 /* ms between looks at idle links */
#define DROP_GRACE 5000 /* ms a cancelled call may still take */

typedef struct Lane
{
	GwPool *pool;
	GwLane name;
	GwLink **links;
	int link_count;
	GwQueue queue;
} Lane;

struct GwPool
{
	const GwConfig *config;
	uv_loop_t *loop;
	uv_timer_t tick;
	uv_timer_t ping;
	uv_prepare_t turn_end;
	void (*before_sending)(void *arg); /* NULL = nobody asks */
	void *before_sending_arg;
	Lane lanes[GW_LANE_ALL];
	int active; /* jobs queued or in flight */
};

static void open_lane(GwPool *pool, GwLane name, int links, int depth, int queue_max);
static int default_links(int wanted);
static bool lane_is_up(const Lane *lane);
static GwLink *pick(const Lane *lane, const GwCall *call);
static void enqueue(Lane *lane, GwJob *job);
static void pump(Lane *lane);
static bool send_job(GwLink *link, GwJob *job);
static void finish(GwJob *job, const GwAnswer *answer);
static void refuse(GwJob *job, GwRefusal refusal);
static void refuse_queue(Lane *lane, GwRefusal refusal);
static void on_room(void *owner, GwLink *link);
static void on_down(void *owner, GwLink *link);
static void on_done(void *owner, void *tag, GwVerdict verdict, const char *sqlstate,
					PGresult *result);
static void on_tick(uv_timer_t *timer);
static void check_running(Lane *lane, uint64_t now);
static void on_ping(uv_timer_t *timer);
static void on_turn_end(uv_prepare_t *handle);

GwPool *
gw_pool_open(uv_loop_t *loop, const GwConfig *config)
{
	GwPool *pool = gw_alloc(sizeof(*pool));

	*pool = (GwPool){.config = config, .loop = loop};
	uv_timer_init(loop, &pool->tick);
	uv_timer_init(loop, &pool->ping);
	pool->tick.data = pool;
	pool->ping.data = pool;
	uv_prepare_init(loop, &pool->turn_end);
	pool->turn_end.data = pool;
	uv_prepare_start(&pool->turn_end, on_turn_end);
	uv_timer_start(&pool->ping, on_ping, PING_TIME, PING_TIME);
	open_lane(pool, GW_LANE_FAST, default_links(config->fast_connections),
			  config->fast_depth, config->fast_queue);
	open_lane(pool, GW_LANE_SLOW, config->slow_connections, 1, config->slow_queue);
	open_lane(pool, GW_LANE_WRITE, default_links(config->write_connections), 1,
			  config->write_queue);
	open_lane(pool, GW_LANE_FLUSH, 1, 1, 1);
	return pool;
}

GwJob *
gw_pool_submit(GwPool *pool, const GwCall *call, GwRefusal *why)
{
	Lane *lane = &pool->lanes[call->lane];
	GwLink *link;
	GwJob *job;

	*why = GW_DATABASE_DOWN;
	if (!lane_is_up(lane))
		return NULL;
	link = lane->queue.length == 0 ? pick(lane, call) : NULL;
	*why = GW_QUEUE_FULL;
	if (link == NULL && lane->queue.length >= lane->queue.max)
		return NULL;
	*why = GW_OK;
	job = gw_job_take();
	job->lane = lane;
	job->call = *call;
	if (pool->active++ == 0 && !uv_is_active((uv_handle_t *) &pool->tick))
		uv_timer_start(&pool->tick, on_tick, TICK, TICK);
	if (link == NULL || !send_job(link, job))
		enqueue(lane, job);
	return job;
}

void
gw_pool_abandon(GwJob *job)
{
	Lane *lane = job->lane;

	job->orphan = true;
	if (job->sent)
		return;
	gw_job_remove(&lane->queue, job);
	lane->pool->active--;
	gw_job_give(job);
}

void
gw_pool_at_turn_end(GwPool *pool, void (*turn_end)(void *arg), void *arg)
{
	pool->before_sending = turn_end;
	pool->before_sending_arg = arg;
}

/*
 * Reads and writes have a connection, and the database answered lately.
 */
bool
gw_pool_ready(const GwPool *pool)
{
	const Lane *fast = &pool->lanes[GW_LANE_FAST];
	uint64_t last = 0;

	if (!lane_is_up(fast) || !lane_is_up(&pool->lanes[GW_LANE_WRITE]) ||
		!lane_is_up(&pool->lanes[GW_LANE_FLUSH]))
		return false;
	for (int i = 0; i < fast->link_count; i++)
	{
		if (gw_link_is_up(fast->links[i]) && gw_link_last_ok(fast->links[i]) > last)
			last = gw_link_last_ok(fast->links[i]);
	}
	return uv_now(pool->loop) - last <= (uint64_t) pool->config->ready_window;
}

GwLaneStats
gw_pool_stats(const GwPool *pool, GwLane name)
{
	const Lane *lane = &pool->lanes[name];
	GwLaneStats stats = {.links = lane->link_count, .queued = lane->queue.length};

	for (int i = 0; i < lane->link_count; i++)
	{
		stats.up += gw_link_is_up(lane->links[i]) ? 1 : 0;
		stats.busy += gw_link_busy(lane->links[i]);
	}
	return stats;
}

void
gw_pool_close(GwPool *pool)
{
	for (int i = 0; i < GW_LANE_ALL; i++)
	{
		for (int j = 0; j < pool->lanes[i].link_count; j++)
			gw_link_close(pool->lanes[i].links[j]);
	}
	uv_close((uv_handle_t *) &pool->tick, NULL);
	uv_close((uv_handle_t *) &pool->ping, NULL);
	uv_close((uv_handle_t *) &pool->turn_end, NULL);
}

void
gw_pool_free(GwPool *pool)
{
	for (int i = 0; i < GW_LANE_ALL; i++)
	{
		for (int j = 0; j < pool->lanes[i].link_count; j++)
			gw_link_free(pool->lanes[i].links[j]);
		free(pool->lanes[i].links);
	}
	gw_job_trim();
	free(pool);
}

static void
open_lane(GwPool *pool, GwLane name, int links, int depth, int queue_max)
{
	Lane *lane = &pool->lanes[name];
	GwLinkSetup setup = {
		.loop = pool->loop,
		.conninfo = pool->config->database,
		.prepare = pool->config->database_prepare,
		.depth = depth,
		.group_depth = name == GW_LANE_WRITE ? pool->config->group_depth : depth,
		.connect_timeout = pool->config->connect_timeout,
		.owner = lane,
		.on_room = on_room,
		.on_done = on_done,
		.on_down = on_down,
	};

	lane->pool = pool;
	lane->name = name;
	lane->queue.max = queue_max;
	lane->links = gw_alloc((size_t) links * sizeof(GwLink *));
	for (; lane->link_count < links; lane->link_count++)
		lane->links[lane->link_count] = gw_link_open(&setup);
}

static int
default_links(int wanted)
{
	return wanted > 0 ? wanted : (int) uv_available_parallelism() * 2;
}

static bool
lane_is_up(const Lane *lane)
{
	for (int i = 0; i < lane->link_count; i++)
	{
		if (gw_link_is_up(lane->links[i]))
			return true;
	}
	return false;
}

/*
 * The link with the fewest calls in flight; NULL when all are full.  A brief call goes
 * with those that leave anyway: one message, one wake-up of the server.
 */
static GwLink *
pick(const Lane *lane, const GwCall *call)
{
	GwLink *best = NULL;
	int most = 0;

	for (int i = 0; i < lane->link_count; i++)
	{
		int room = gw_link_room(lane->links[i], call->link.group);

		if (room > 0 && call->link.group && gw_link_is_dirty(lane->links[i]))
			return lane->links[i];
		if (room > most)
		{
			most = room;
			best = lane->links[i];
		}
	}
	return best;
}

static void
enqueue(Lane *lane, GwJob *job)
{
	job->sent = false;
	job->since = uv_now(lane->pool->loop);
	gw_job_append(&lane->queue, job);
}

static void
pump(Lane *lane)
{
	while (lane->queue.first != NULL)
	{
		GwLink *link = pick(lane, &lane->queue.first->call);
		GwJob *job;

		if (link == NULL)
			return;
		job = gw_job_shift(&lane->queue);
		if (!send_job(link, job))
			refuse(job, GW_DATABASE_DOWN);
	}
}

static bool
send_job(GwLink *link, GwJob *job)
{
	job->sent = true;
	job->since = uv_now(((Lane *) job->lane)->pool->loop);
	return gw_link_send(link, &job->call.link, job);
}

static void
finish(GwJob *job, const GwAnswer *answer)
{
	Lane *lane = job->lane;
	GwCall call = job->call;
	bool orphan = job->orphan;

	lane->pool->active--;
	gw_job_give(job);
	if (orphan)
		gw_answer_release(answer->hold);
	else
		call.on_done(call.arg, answer);
}

static void
refuse(GwJob *job, GwRefusal refusal)
{
	GwAnswer answer = {.refusal = refusal};

	finish(job, &answer);
}

static void
refuse_queue(Lane *lane, GwRefusal refusal)
{
	while (lane->queue.first != NULL)
		refuse(gw_job_shift(&lane->queue), refusal);
}

static void
on_room(void *owner, GwLink *link)
{
	(void) link;
	pump(owner);
}

static void
on_down(void *owner, GwLink *link)
{
	Lane *lane = owner;

	(void) link;
	if (!lane_is_up(lane))
		refuse_queue(lane, GW_DATABASE_DOWN);
}

static void
on_done(void *owner, void *tag, GwVerdict verdict, const char *sqlstate,
		PGresult *result)
{
	Lane *lane = owner;
	GwJob *job = tag;
	GwAnswer answer = {.refusal = verdict.refusal, .hold = result};

	if (verdict.refusal != GW_OK && !job->orphan)
		gw_log_error("call failed: %s, SQLSTATE \"%s\"",
					 gw_refusal_info(verdict.refusal)->code, sqlstate);
	if (verdict.retry && !job->retried && !job->orphan)
	{
		job->retried = true;
		enqueue(lane, job);
		return; /* on_room follows and sends it */
	}
	if (result != NULL && job->call.link.statement == GW_STATEMENT_HTTP)
		gw_answer_read(&answer, result, (size_t) lane->pool->config->reply_max);
	finish(job, &answer);
}

/*
 * Runs while there are calls: ends those that waited too long, cancels those
 * that run too long or for nobody.
 */
static void
on_tick(uv_timer_t *timer)
{
	GwPool *pool = timer->data;
	uint64_t now = uv_now(pool->loop);

	if (pool->active == 0)
	{
		uv_timer_stop(timer);
		return;
	}
	for (int i = 0; i < GW_LANE_ALL; i++)
	{
		Lane *lane = &pool->lanes[i];

		pump(lane);
		while (lane->queue.first != NULL &&
			   now - lane->queue.first->since >= (uint64_t) pool->config->queue_wait)
			refuse(gw_job_shift(&lane->queue), GW_QUEUE_WAIT);
		check_running(lane, now);
	}
}

static void
check_running(Lane *lane, uint64_t now)
{
	uint64_t limit = (uint64_t) lane->pool->config->request_timeout;

	for (int i = 0; i < lane->link_count; i++)
	{
		GwJob *job = gw_link_head(lane->links[i]);

		if (job == NULL)
			continue;
		/* a cancelled wait for a standby would look like a flush that succeeded */
		if (now - job->since >
			(lane->name == GW_LANE_FLUSH ? limit : limit + DROP_GRACE))
			gw_link_drop(lane->links[i]);
		else if (now - job->since > limit || (job->orphan && job->call.link.safe))
			gw_link_cancel_head(lane->links[i]);
	}
}

/*
 * Idle links are asked for a sign of life; one that owes it is given up.
 */
static void
on_ping(uv_timer_t *timer)
{
	GwPool *pool = timer->data;
	uint64_t now = uv_now(pool->loop);

	for (int i = 0; i < GW_LANE_ALL; i++)
	{
		Lane *lane = &pool->lanes[i];

		for (int j = 0; j < lane->link_count; j++)
		{
			GwLink *link = lane->links[j];

			if (gw_link_is_up(link) && gw_link_busy(link) > 0 &&
				gw_link_head(link) == NULL &&
				now - gw_link_last_ok(link) > (uint64_t) pool->config->ready_window)
				gw_link_drop(link);
			else
				gw_link_ping(link);
		}
	}
}

/*
 * What was asked in this turn of the loop leaves together.
 */
static void
on_turn_end(uv_prepare_t *handle)
{
	GwPool *pool = handle->data;

	if (pool->before_sending != NULL)
		pool->before_sending(pool->before_sending_arg);
	for (int i = 0; i < GW_LANE_ALL; i++)
	{
		for (int j = 0; j < pool->lanes[i].link_count; j++)
			gw_link_flush(pool->lanes[i].links[j]);
	}
}
