/*
 * gateway/main.c
 *		Starts the parts in order, handles signals, ends when all is done.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "gateway/arena.h"
#include "gateway/await.h"
#include "gateway/durable.h"
#include "gateway/gateway.h"
#include "gateway/log.h"
#include "gateway/refresh.h"
#include "gateway/server.h"

static GwGateway gateway;
static uv_signal_t signals[3];
static uv_check_t turn_end;
static uv_timer_t log_timer;

#define LOG_PIECE 4096 /* bytes worth a write of their own */
#define LOG_DELAY 100  /* ms a line may wait for others */

static bool prepare(const GwConfig *config);
static void watch_signal(int i, int number);
static void on_signal(uv_signal_t *handle, int number);
static void on_turn_end(uv_check_t *handle);
static void on_log_timer(uv_timer_t *timer);
static void clean_up(void);

int
main(int argc, char **argv)
{
	GwConfig config;

	switch (gw_config_read(&config, argc, argv))
	{
		case GW_CONFIG_HELP:
			return 0;
		case GW_CONFIG_ERROR:
			return 2;
		case GW_CONFIG_RUN:
			break;
	}
	signal(SIGPIPE, SIG_IGN);
	srand((unsigned) (time(NULL) ^ getpid()));
	if (!prepare(&config))
		return 1;
	/* order matters: the server counts the pool's descriptors */
	gateway.pool = gw_pool_open(gateway.loop, &config);
	if (!gw_server_open(&gateway))
		return 1;
	gw_refresh_start(&gateway);
	gw_await_open(&gateway);
	gw_durable_open(&gateway);
	watch_signal(0, SIGTERM);
	watch_signal(1, SIGINT);
	watch_signal(2, SIGHUP);
	uv_check_init(gateway.loop, &turn_end);
	uv_check_start(&turn_end, on_turn_end);
	uv_unref((uv_handle_t *) &turn_end);
	uv_timer_init(gateway.loop, &log_timer);
	uv_unref((uv_handle_t *) &log_timer);
	uv_run(gateway.loop, UV_RUN_DEFAULT);
	clean_up();
	return gateway.failed ? 1 : 0;
}

static bool
prepare(const GwConfig *config)
{
	gateway.loop = uv_default_loop();
	gateway.config = config;
	gateway.routes = gw_routes_default();
	gateway.peers =
		gw_peers_open(config->trusted_proxies, config->connections_per_address);
	gateway.cors = gw_cors_parse(config->cors_origins);
	if (gateway.peers == NULL)
		fprintf(stderr, "invalid value for \"trusted-proxies\": \"%s\"\n",
				config->trusted_proxies);
	if (gateway.cors == NULL)
		fprintf(stderr, "invalid value for \"cors-origins\": \"%s\"\n",
				config->cors_origins);
	return gateway.peers != NULL && gateway.cors != NULL &&
		   gw_log_open(config->access_log);
}

static void
watch_signal(int i, int number)
{
	uv_signal_init(gateway.loop, &signals[i]);
	uv_signal_start(&signals[i], on_signal, number);
	uv_unref((uv_handle_t *) &signals[i]);
}

static void
on_signal(uv_signal_t *handle, int number)
{
	(void) handle;
	if (number == SIGHUP)
	{
		gw_log_reopen();
		gw_refresh_now();
		return;
	}
	if (gateway.stopping)
		return;
	gw_refresh_stop();
	gw_server_stop(&gateway);
	gw_await_stop();
}

static void
on_turn_end(uv_check_t *handle)
{
	(void) handle;
	if (gw_log_pending() >= LOG_PIECE)
		gw_log_flush();
	else if (gw_log_pending() > 0 && !uv_is_active((uv_handle_t *) &log_timer))
		uv_timer_start(&log_timer, on_log_timer, LOG_DELAY, 0);
}

static void
on_log_timer(uv_timer_t *timer)
{
	(void) timer;
	gw_log_flush();
}

static void
clean_up(void)
{
	for (int i = 0; i < 3; i++)
		uv_close((uv_handle_t *) &signals[i], NULL);
	uv_close((uv_handle_t *) &turn_end, NULL);
	uv_close((uv_handle_t *) &log_timer, NULL);
	uv_run(gateway.loop, UV_RUN_DEFAULT);
	gw_pool_free(gateway.pool);
	gw_server_free(gateway.server);
	gw_routes_free(gateway.routes);
	gw_peers_free(gateway.peers);
	gw_cors_free(gateway.cors);
	gw_log_close();
	gw_arena_trim();
	uv_loop_close(gateway.loop);
}
