/*
 * gateway/config.h
 *		The settings, read once at start and constant afterwards.
 *
 * Times are milliseconds, sizes bytes.
 */
#ifndef GW_CONFIG_H
#define GW_CONFIG_H

#include <stdbool.h>

typedef struct GwConfig
{
	const char *access_log;
	const char *address;
	int await_max;
	int await_timeout;
	int body_grace;
	int body_max;
	int body_memory;
	int body_rate;
	int connect_timeout;
	int connections_per_address;
	const char *cors_origins;
	const char *database;
	bool database_prepare;
	int fast_connections; /* 0 = twice the cores */
	int fast_depth;
	int fast_queue;
	int group_depth;
	int header_count;
	int header_line;
	int header_size;
	int header_timeout;
	int idle_timeout;
	int linger;
	int metrics_port; /* -1 = no metrics listener */
	const char *metrics_port_file;
	int port;
	const char *port_file;
	int queue_wait;
	int ready_window;
	int reply_max;
	int request_timeout;
	bool reuse_port;
	int routes_interval;
	int slow_connections;
	int slow_queue;
	int stop_delay;
	int stop_idle;
	int stop_timeout;
	int target_max;
	const char *trusted_proxies;
	int write_connections; /* 0 = twice the cores */
	int write_queue;
	int write_timeout;
} GwConfig;

typedef enum GwConfigVerdict
{
	GW_CONFIG_RUN,
	GW_CONFIG_HELP, /* the table was printed, nothing else is wanted */
	GW_CONFIG_ERROR /* the reason was printed on stderr */
} GwConfigVerdict;

extern GwConfigVerdict gw_config_read(GwConfig *config, int argc, char **argv);

#endif
