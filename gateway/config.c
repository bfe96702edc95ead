/*
 * gateway/config.c
 *		One sorted table: name, type, default, bounds, help.
 *
 * A setting is given as --name=value or as QUTECART_GATEWAY_NAME; the command
 * line wins.  --help prints this table, so help and code cannot differ.
 */
#include "gateway/config.h"

#include <ctype.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENV_PREFIX   "QUTECART_GATEWAY_"
#define NAME_MAX_LEN 64

typedef enum SettingType
{
	SETTING_BOOL,
	SETTING_INT,
	SETTING_TEXT
} SettingType;

typedef struct Setting
{
	const char *name;
	SettingType type;
	size_t offset;
	const char *value; /* the default */
	int min;
	int max;
	const char *help;
} Setting;

#define BOOL(name, field, value, help)                                                 \
	{                                                                                  \
		name, SETTING_BOOL, offsetof(GwConfig, field), value, 0, 0, help               \
	}
#define NUMBER(name, field, value, min, max, help)                                     \
	{                                                                                  \
		name, SETTING_INT, offsetof(GwConfig, field), value, min, max, help            \
	}
#define TEXT(name, field, value, help)                                                 \
	{                                                                                  \
		name, SETTING_TEXT, offsetof(GwConfig, field), value, 0, 0, help               \
	}

static const Setting settings[] = {
	TEXT("access-log", access_log, "stdout", "a file, stdout, or off"),
	TEXT("address", address, "127.0.0.1", "address to listen on"),
	NUMBER("await-max", await_max, "1024", 0, INT_MAX,
		   "clients that may wait for a reply from outside"),
	NUMBER("await-timeout", await_timeout, "10000", 0, INT_MAX,
		   "ms they wait before they are answered 202"),
	NUMBER("body-grace", body_grace, "5000", 0, INT_MAX,
		   "ms before the least rate of a body counts"),
	NUMBER("body-max", body_max, "67108864", 0, INT_MAX,
		   "bytes no route's body may exceed"),
	NUMBER("body-memory", body_memory, "134217728", 0, INT_MAX,
		   "bytes all bodies together may hold"),
	NUMBER("body-rate", body_rate, "500", 0, INT_MAX, "least bytes/s of a body"),
	NUMBER("connect-timeout", connect_timeout, "5000", 1, INT_MAX,
		   "ms to reach the database"),
	NUMBER("connections-per-address", connections_per_address, "1024", 1, INT_MAX,
		   "connections one client address may hold (proxies excepted)"),
	TEXT("cors-origins", cors_origins, "",
		 "origins allowed to read replies, by commas; * = all"),
	TEXT("database", database, "dbname=qutecart", "connection string of libpq"),
	BOOL("database-prepare", database_prepare, "on",
		 "prepare qutecart_http; off = the pooler did"),
	NUMBER("fast-connections", fast_connections, "0", 0, 1000,
		   "connections of lane fast; 0 = 2 per core"),
	NUMBER("fast-depth", fast_depth, "4", 1, 16, "requests in flight on each of them"),
	NUMBER("fast-queue", fast_queue, "1024", 0, INT_MAX,
		   "requests that may wait for lane fast"),
	NUMBER("group-depth", group_depth, "8", 1, 16,
		   "requests of group routes in flight on a connection of lane write"),
	NUMBER("header-count", header_count, "100", 1, 1000, "header lines of a request"),
	NUMBER("header-line", header_line, "8192", 16, 65536, "bytes of one header line"),
	NUMBER("header-size", header_size, "32768", 16, 1048576,
		   "bytes of all header lines"),
	NUMBER("header-timeout", header_timeout, "10000", 1, INT_MAX,
		   "ms for a head to arrive, in all"),
	NUMBER("idle-timeout", idle_timeout, "60000", 1, INT_MAX,
		   "ms a connection may say nothing"),
	NUMBER("linger", linger, "2000", 1, INT_MAX,
		   "ms to wait for the client's end after ours"),
	NUMBER("metrics-port", metrics_port, "-1", -1, 65535,
		   "port of /metrics; 0 = choose, -1 = none"),
	TEXT("metrics-port-file", metrics_port_file, "", "file that receives that port"),
	NUMBER("port", port, "8080", 0, 65535, "port to listen on; 0 = choose"),
	TEXT("port-file", port_file, "", "file that receives the chosen port"),
	NUMBER("queue-wait", queue_wait, "100", 1, INT_MAX,
		   "ms a request may wait for a connection"),
	NUMBER("ready-window", ready_window, "10000", 1, INT_MAX,
		   "ms a round trip keeps /ready true"),
	NUMBER("reply-max", reply_max, "67108864", 1, INT_MAX,
		   "bytes the database may answer"),
	NUMBER("request-timeout", request_timeout, "30000", 1, INT_MAX,
		   "ms the database may take"),
	BOOL("reuse-port", reuse_port, "off", "share the port; listen only when ready"),
	NUMBER("routes-interval", routes_interval, "60000", 10, INT_MAX,
		   "ms between two readings of the routes"),
	NUMBER("slow-connections", slow_connections, "4", 1, 1000,
		   "connections of lane slow"),
	NUMBER("slow-queue", slow_queue, "64", 0, INT_MAX,
		   "requests that may wait for lane slow"),
	NUMBER("stop-delay", stop_delay, "0", 0, INT_MAX,
		   "ms between a failing /ready and the end of accepting"),
	NUMBER("stop-idle", stop_idle, "1000", 0, INT_MAX,
		   "ms an idle connection is kept at stop"),
	NUMBER("stop-timeout", stop_timeout, "30000", 1, INT_MAX,
		   "ms requests in flight may take at stop"),
	NUMBER("target-max", target_max, "8192", 16, 8192, "bytes of a request target"),
	TEXT("trusted-proxies", trusted_proxies, "",
		 "addresses or networks, by commas, whose X-Request-Id counts"),
	NUMBER("write-connections", write_connections, "0", 0, 1000,
		   "connections of lane write; 0 = 2 per core"),
	NUMBER("write-queue", write_queue, "256", 0, INT_MAX,
		   "requests that may wait for lane write"),
	NUMBER("write-timeout", write_timeout, "30000", 1, INT_MAX,
		   "ms a client may take to accept a reply"),
};

#define SETTING_COUNT (sizeof(settings) / sizeof(settings[0]))

static const Setting *find(const char *name, size_t len);
static bool assign(GwConfig *config, const Setting *setting, const char *value);
static bool assign_int(GwConfig *config, const Setting *setting, const char *value);
static bool assign_bool(GwConfig *config, const Setting *setting, const char *value);
static bool read_environment(GwConfig *config);
static bool read_arguments(GwConfig *config, int argc, char **argv);
static void print_table(void);

GwConfigVerdict
gw_config_read(GwConfig *config, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
	{
		if (strcmp(argv[i], "--help") == 0)
		{
			print_table();
			return GW_CONFIG_HELP;
		}
	}
	for (size_t i = 0; i < SETTING_COUNT; i++)
	{
		if (!assign(config, &settings[i], settings[i].value))
			return GW_CONFIG_ERROR;
	}
	if (!read_environment(config) || !read_arguments(config, argc, argv))
		return GW_CONFIG_ERROR;
	return GW_CONFIG_RUN;
}

static bool
read_environment(GwConfig *config)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
	{
		char name[sizeof(ENV_PREFIX) + NAME_MAX_LEN] = ENV_PREFIX;
		size_t n = sizeof(ENV_PREFIX) - 1;
		const char *value;

		for (const char *c = settings[i].name; *c != '\0'; c++)
			name[n++] = *c == '-' ? '_' : (char) toupper((unsigned char) *c);
		name[n] = '\0';
		value = getenv(name);
		if (value != NULL && !assign(config, &settings[i], value))
			return false;
	}
	return true;
}

static bool
read_arguments(GwConfig *config, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
	{
		const char *equals = strchr(argv[i], '=');
		const Setting *setting = NULL;

		if (strncmp(argv[i], "--", 2) == 0 && equals != NULL)
			setting = find(argv[i] + 2, (size_t) (equals - argv[i]) - 2);
		if (setting == NULL)
		{
			fprintf(stderr, "unrecognized argument: \"%s\" (--help lists all)\n",
					argv[i]);
			return false;
		}
		if (!assign(config, setting, equals + 1))
			return false;
	}
	return true;
}

static const Setting *
find(const char *name, size_t len)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
	{
		if (strlen(settings[i].name) == len &&
			strncmp(settings[i].name, name, len) == 0)
			return &settings[i];
	}
	return NULL;
}

static bool
assign(GwConfig *config, const Setting *setting, const char *value)
{
	switch (setting->type)
	{
		case SETTING_BOOL:
			return assign_bool(config, setting, value);
		case SETTING_INT:
			return assign_int(config, setting, value);
		case SETTING_TEXT:
			*(const char **) ((char *) config + setting->offset) = value;
			return true;
	}
	return false;
}

static bool
assign_int(GwConfig *config, const Setting *setting, const char *value)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (end == value || *end != '\0' || number < setting->min || number > setting->max)
	{
		fprintf(stderr, "invalid value for \"%s\": \"%s\" (%d to %d)\n", setting->name,
				value, setting->min, setting->max);
		return false;
	}
	*(int *) ((char *) config + setting->offset) = (int) number;
	return true;
}

static bool
assign_bool(GwConfig *config, const Setting *setting, const char *value)
{
	bool on = strcmp(value, "on") == 0;

	if (!on && strcmp(value, "off") != 0)
	{
		fprintf(stderr, "invalid value for \"%s\": \"%s\" (on or off)\n", setting->name,
				value);
		return false;
	}
	*(bool *) ((char *) config + setting->offset) = on;
	return true;
}

static void
print_table(void)
{
	printf("qutecart-gateway --name=value ...   (or %sNAME in the environment)\n\n",
		   ENV_PREFIX);
	for (size_t i = 0; i < SETTING_COUNT; i++)
		printf("  --%-24s %-18s %s\n", settings[i].name,
			   settings[i].value[0] == '\0' ? "\"\"" : settings[i].value,
			   settings[i].help);
}
