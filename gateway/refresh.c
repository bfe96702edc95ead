/*
 * gateway/refresh.c
 *		Asks OPTIONS * at start, at SIGHUP and at intervals.
 *
 * A failed or unreadable answer leaves the table as it is.
 */
#include "gateway/refresh.h"

#include "gateway/log.h"

#define RETRY 100 /* ms until the first answer has come */

static GwGateway *gateway;
static uv_timer_t timer;
static GwJob *job;

static void ask(uv_timer_t *unused);
static void on_answer(void *arg, const GwAnswer *answer);
static void replace(const GwAnswer *answer);

void
gw_refresh_start(GwGateway *owner)
{
	gateway = owner;
	uv_timer_init(gateway->loop, &timer);
	uv_timer_start(&timer, ask, 0, 0);
}

void
gw_refresh_now(void)
{
	uv_timer_start(&timer, ask, 0, 0);
}

void
gw_refresh_stop(void)
{
	if (job != NULL)
		gw_pool_abandon(job);
	job = NULL;
	uv_close((uv_handle_t *) &timer, NULL);
}

static void
ask(uv_timer_t *unused)
{
	GwCall call = {
		.lane = GW_LANE_FAST,
		.link =
			{
				.safe = true,
				.method = "OPTIONS",
				.target = "*",
				.headers = "host: gateway\n",
				.peer = "127.0.0.1",
				.body = "",
			},
		.on_done = on_answer,
	};
	GwRefusal why;

	(void) unused;
	if (job == NULL)
		job = gw_pool_submit(gateway->pool, &call, &why);
	uv_timer_start(
		&timer, ask,
		gateway->routes_asked ? (uint64_t) gateway->config->routes_interval : RETRY, 0);
}

static void
on_answer(void *arg, const GwAnswer *answer)
{
	(void) arg;
	job = NULL;
	if (answer->refusal == GW_OK)
		replace(answer);
	gw_answer_release(answer->hold);
	if (!gateway->routes_asked)
		uv_timer_start(&timer, ask, (uint64_t) gateway->config->routes_interval, 0);
	gateway->routes_asked = true;
}

static void
replace(const GwAnswer *answer)
{
	GwRoutes *fresh = NULL;

	if (answer->status == 200)
		fresh = gw_routes_parse(answer->body, answer->body_len);
	if (fresh == NULL)
	{
		gw_log_error("the route table could not be read (status %d)", answer->status);
		return;
	}
	gw_routes_free(gateway->routes);
	gateway->routes = fresh;
}
