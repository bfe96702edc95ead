/*
 * gateway/server.c
 *		Accepts within the limits, looks after time, stops without losing a request.
 *
 * Past 90 % of the descriptors a connection is left with the listener, which
 * makes libuv stop listening; it is taken up when another one has closed.
 */
#include "gateway/server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gateway/arena.h"
#include "gateway/log.h"

#define BACKLOG  1024
#define JANITOR  50 /* ms between two looks at the connections */
#define RESERVED 32 /* descriptors that are no clients: log, loop, libraries */

typedef struct Listener
{
	uv_tcp_t tcp;
	GwGateway *gateway;
	bool metrics;
	bool open;
	bool held; /* libuv holds an accepted connection for us */
} Listener;

struct GwServer
{
	GwGateway *gateway;
	Listener listeners[2]; /* clients, metrics */
	GwConn *first;
	int count;
	int max;
	uv_timer_t janitor;
	bool janitor_open;
	bool listening;
	uint64_t opened;     /* loop time */
	uint64_t stop_since; /* loop time, 0 = running */
};

static bool bind_on(GwGateway *gateway, Listener *listener, int port);
static bool start_listening(GwServer *server);
static bool may_listen(const GwServer *server, uint64_t now);
static int bind_socket(const GwConfig *config, const struct sockaddr *address,
					   int *error);
static int bound_port(Listener *listener);
static bool announce(const GwConfig *config, int port, int metrics_port);
static bool write_port(const char *name, int port);
static int max_connections(const GwGateway *gateway);
static void on_connection(uv_stream_t *stream, int status);
static void take_held(GwServer *server);
static void on_janitor(uv_timer_t *timer);
static void stop_listening(GwServer *server);
static void go_on_stopping(GwServer *server, uint64_t now);

bool
gw_server_open(GwGateway *gateway)
{
	const GwConfig *config = gateway->config;
	GwServer *server = gw_alloc(sizeof(*server));

	memset(server, 0, sizeof(*server));
	server->gateway = gateway;
	server->max = max_connections(gateway);
	gateway->server = server;
	uv_timer_init(gateway->loop, &server->janitor);
	server->janitor.data = server;
	server->janitor_open = true;
	server->opened = uv_now(gateway->loop);
	server->listeners[1].metrics = true;
	if (!bind_on(gateway, &server->listeners[0], config->port) ||
		(config->metrics_port >= 0 &&
		 !bind_on(gateway, &server->listeners[1], config->metrics_port)))
		return false;
	if (!config->reuse_port)
		return start_listening(server);
	uv_timer_start(&server->janitor, on_janitor, JANITOR, JANITOR);
	return true;
}

void
gw_server_stop(GwGateway *gateway)
{
	GwServer *server = gateway->server;

	if (server->stop_since != 0)
		return;
	gateway->stopping = true;
	server->stop_since = uv_now(gateway->loop);
	uv_timer_start(&server->janitor, on_janitor, 0, JANITOR);
}

void
gw_server_add(GwServer *server, GwConn *conn)
{
	conn->next = server->first;
	if (conn->next != NULL)
		conn->next->prev = conn;
	server->first = conn;
	if (server->count++ == 0 && server->stop_since == 0)
		uv_timer_start(&server->janitor, on_janitor, JANITOR, JANITOR);
}

void
gw_server_remove(GwServer *server, GwConn *conn)
{
	if (conn->prev != NULL)
		conn->prev->next = conn->next;
	else
		server->first = conn->next;
	if (conn->next != NULL)
		conn->next->prev = conn->prev;
	if (--server->count == 0 && server->stop_since == 0)
		uv_timer_stop(&server->janitor);
	take_held(server);
}

int
gw_server_connections(const GwServer *server)
{
	return server->count;
}

void
gw_server_free(GwServer *server)
{
	free(server);
}

static bool
bind_on(GwGateway *gateway, Listener *listener, int port)
{
	struct sockaddr_storage address;
	const char *text = gateway->config->address;
	int error = 0;
	int fd;

	listener->gateway = gateway;
	if (uv_ip4_addr(text, port, (struct sockaddr_in *) &address) != 0 &&
		uv_ip6_addr(text, port, (struct sockaddr_in6 *) &address) != 0)
	{
		gw_log_error("\"%s\" is no address to listen on", text);
		return false;
	}
	fd = bind_socket(gateway->config, (struct sockaddr *) &address, &error);
	if (fd >= 0)
	{
		uv_tcp_init(gateway->loop, &listener->tcp);
		listener->tcp.data = listener;
		listener->open = true;
		error = -uv_tcp_open(&listener->tcp, fd);
	}
	if (error == 0)
		return true;
	gw_log_error("could not bind %s port %d: %s", text, port, strerror(error));
	return false;
}

static bool
start_listening(GwServer *server)
{
	int ports[2] = {-1, -1};

	for (int i = 0; i < 2; i++)
	{
		uv_tcp_t *tcp = &server->listeners[i].tcp;
		int error;

		if (!server->listeners[i].open)
			continue;
		error = uv_listen((uv_stream_t *) tcp, BACKLOG, on_connection);
		if (error != 0)
		{
			gw_log_error("could not listen: %s", uv_strerror(error));
			return false;
		}
		ports[i] = bound_port(&server->listeners[i]);
	}
	server->listening = true;
	return announce(server->gateway->config, ports[0], ports[1]);
}

/*
 * Who shares a port with a gateway that serves waits until it can serve too,
 * but not for ever.
 */
static bool
may_listen(const GwServer *server, uint64_t now)
{
	const GwGateway *gateway = server->gateway;

	return (gateway->routes_asked && gw_pool_ready(gateway->pool)) ||
		   now - server->opened > (uint64_t) gateway->config->connect_timeout;
}

static int
bind_socket(const GwConfig *config, const struct sockaddr *address, int *error)
{
	int on = 1;
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
												   : sizeof(struct sockaddr_in);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
		(!config->reuse_port ||
		 setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0) &&
		bind(fd, address, len) == 0)
		return fd;
	*error = errno;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int
bound_port(Listener *listener)
{
	struct sockaddr_storage address;
	int len = sizeof(address);

	if (uv_tcp_getsockname(&listener->tcp, (struct sockaddr *) &address, &len) != 0)
		return -1;
	return address.ss_family == AF_INET6
			   ? ntohs(((struct sockaddr_in6 *) &address)->sin6_port)
			   : ntohs(((struct sockaddr_in *) &address)->sin_port);
}

/*
 * Tell the chosen ports: on stdout, and in files for scripts.
 */
static bool
announce(const GwConfig *config, int port, int metrics_port)
{
	printf("listening on http://%s:%d\n", config->address, port);
	if (metrics_port >= 0)
		printf("metrics on http://%s:%d/metrics\n", config->address, metrics_port);
	fflush(stdout);
	return write_port(config->port_file, port) &&
		   write_port(config->metrics_port_file, metrics_port);
}

/*
 * The file appears whole, so that who waits for it never reads half a number.
 */
static bool
write_port(const char *name, int port)
{
	char part[4096];
	FILE *file;
	bool ok;

	if (name[0] == '\0' || port < 0)
		return true;
	if (snprintf(part, sizeof(part), "%s.part", name) >= (int) sizeof(part))
		return false;
	file = fopen(part, "w");
	ok = file != NULL && fprintf(file, "%d\n", port) > 0;
	if (file != NULL)
		ok &= fclose(file) == 0;
	ok = ok && rename(part, name) == 0;
	if (!ok)
		gw_log_error("could not write \"%s\": %s", name, strerror(errno));
	return ok;
}

static int
max_connections(const GwGateway *gateway)
{
	struct rlimit limit;
	int links = 0;
	long long max;

	for (int i = 0; i < GW_LANE_ALL; i++)
		links += gw_pool_stats(gateway->pool, (GwLane) i).links;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		limit.rlim_cur = 1024;
	max = (long long) (limit.rlim_cur / 10 * 9) - links - RESERVED;
	if (max < 1)
		max = 1;
	return max > 1000000 ? 1000000 : (int) max;
}

static void
on_connection(uv_stream_t *stream, int status)
{
	Listener *listener = stream->data;
	GwServer *server = listener->gateway->server;

	if (status != 0)
		return;
	if (server->count >= server->max)
	{
		if (!listener->held)
			gw_log_error("%d connections: no more are accepted", server->count);
		listener->held = true;
		return;
	}
	gw_conn_accept(listener->gateway, stream, listener->metrics);
}

static void
take_held(GwServer *server)
{
	for (int i = 0; i < 2; i++)
	{
		Listener *listener = &server->listeners[i];

		if (!listener->held || !listener->open || server->count >= server->max)
			continue;
		listener->held = false;
		gw_conn_accept(server->gateway, (uv_stream_t *) &listener->tcp,
					   listener->metrics);
	}
}

static void
on_janitor(uv_timer_t *timer)
{
	GwServer *server = timer->data;
	uint64_t now = uv_now(server->gateway->loop);
	GwConn *next;

	if (!server->listening && server->stop_since == 0 && may_listen(server, now) &&
		!start_listening(server))
	{
		server->gateway->failed = true;
		raise(SIGTERM);
	}
	for (GwConn *conn = server->first; conn != NULL; conn = next)
	{
		/* a closed connection leaves the list in a later turn */
		next = conn->next;
		gw_conn_check(conn, now);
	}
	if (server->stop_since != 0)
		go_on_stopping(server, now);
}

/*
 * First /ready fails, then accepting ends, then what is in flight is finished,
 * then what is left is cut.
 */
static void
go_on_stopping(GwServer *server, uint64_t now)
{
	const GwConfig *config = server->gateway->config;
	uint64_t age = now - server->stop_since;

	if (age < (uint64_t) config->stop_delay)
		return;
	stop_listening(server);
	if (age > (uint64_t) config->stop_delay + (uint64_t) config->stop_timeout)
	{
		for (GwConn *conn = server->first; conn != NULL; conn = conn->next)
			gw_conn_close(conn);
	}
	if (server->count > 0 || !server->janitor_open)
		return;
	server->janitor_open = false;
	uv_close((uv_handle_t *) &server->janitor, NULL);
	gw_pool_close(server->gateway->pool);
}

static void
stop_listening(GwServer *server)
{
	for (int i = 0; i < 2; i++)
	{
		if (server->listeners[i].open)
			uv_close((uv_handle_t *) &server->listeners[i].tcp, NULL);
		server->listeners[i].open = false;
	}
}
