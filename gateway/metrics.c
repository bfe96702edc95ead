/*
 * gateway/metrics.c
 *		One process, one thread: plain counters are exact.
 */
#include "gateway/metrics.h"

#include <stdio.h>
#include <unistd.h>

#include "gateway/await.h"
#include "gateway/body.h"
#include "gateway/durable.h"
#include "gateway/log.h"
#include "gateway/server.h"

#define LANES   (GW_LANE_COUNT + 1)
#define CLASSES 6 /* status / 100 */

static const struct
{
	uint64_t nanoseconds;
	const char *label; /* seconds */
} bounds[] = {
	{500000, "0.0005"},  {1000000, "0.001"},  {2500000, "0.0025"}, {5000000, "0.005"},
	{10000000, "0.01"},  {25000000, "0.025"}, {50000000, "0.05"},  {100000000, "0.1"},
	{250000000, "0.25"}, {500000000, "0.5"},  {1000000000, "1"},   {2500000000, "2.5"},
	{5000000000, "5"},   {10000000000, "10"},
};

#define BOUNDS (sizeof(bounds) / sizeof(bounds[0]))

static uint64_t requests[LANES][CLASSES];
static uint64_t buckets[LANES][BOUNDS + 1];
static uint64_t sums[LANES]; /* nanoseconds */
static uint64_t refused[GW_REFUSAL_COUNT];
static uint64_t abandoned;

static const char *lane_name(int lane);
static void write_requests(GwBuf *out);
static void write_latency(GwBuf *out);
static void write_refusals(GwBuf *out);
static void write_pool(GwBuf *out, const GwGateway *gateway);
static void write_process(GwBuf *out, const GwGateway *gateway);
static unsigned long long resident_bytes(void);

void
gw_metrics_request(int lane, int status, uint64_t nanoseconds)
{
	size_t i = 0;

	requests[lane][status / 100 % CLASSES]++;
	sums[lane] += nanoseconds;
	while (i < BOUNDS && nanoseconds > bounds[i].nanoseconds)
		i++;
	buckets[lane][i]++;
}

void
gw_metrics_refused(GwRefusal refusal)
{
	refused[refusal]++;
}

void
gw_metrics_abandoned(void)
{
	abandoned++;
}

void
gw_metrics_write(GwBuf *out, const GwGateway *gateway)
{
	write_requests(out);
	write_latency(out);
	write_refusals(out);
	write_pool(out, gateway);
	write_process(out, gateway);
}

static const char *
lane_name(int lane)
{
	return lane == GW_LANE_COUNT ? "none" : gw_routes_lane_name((GwLane) lane);
}

static void
write_requests(GwBuf *out)
{
	gw_buf_print(out, "# HELP qutecart_gateway_requests_total Requests answered.\n"
					  "# TYPE qutecart_gateway_requests_total counter\n");
	for (int lane = 0; lane < LANES; lane++)
	{
		for (int class = 2; class < CLASSES; class ++)
			gw_buf_print(out,
						 "qutecart_gateway_requests_total{lane=\"%s\",status=\"%dxx\"} "
						 "%llu\n",
						 lane_name(lane), class,
						 (unsigned long long) requests[lane][class]);
	}
	gw_buf_print(out,
				 "# HELP qutecart_gateway_abandoned_total Clients gone before their "
				 "answer.\n"
				 "# TYPE qutecart_gateway_abandoned_total counter\n"
				 "qutecart_gateway_abandoned_total %llu\n",
				 (unsigned long long) abandoned);
}

static void
write_latency(GwBuf *out)
{
	gw_buf_print(out,
				 "# HELP qutecart_gateway_request_seconds First byte of a request to "
				 "last byte of its reply.\n"
				 "# TYPE qutecart_gateway_request_seconds histogram\n");
	for (int lane = 0; lane < LANES; lane++)
	{
		unsigned long long count = 0;

		for (size_t i = 0; i <= BOUNDS; i++)
		{
			count += buckets[lane][i];
			gw_buf_print(
				out,
				"qutecart_gateway_request_seconds_bucket{lane=\"%s\",le=\"%s\"} "
				"%llu\n",
				lane_name(lane), i == BOUNDS ? "+Inf" : bounds[i].label, count);
		}
		gw_buf_print(out,
					 "qutecart_gateway_request_seconds_sum{lane=\"%s\"} %.6f\n"
					 "qutecart_gateway_request_seconds_count{lane=\"%s\"} %llu\n",
					 lane_name(lane), (double) sums[lane] / 1e9, lane_name(lane),
					 count);
	}
}

static void
write_refusals(GwBuf *out)
{
	gw_buf_print(out, "# HELP qutecart_gateway_refused_total Requests refused by the "
					  "gateway.\n"
					  "# TYPE qutecart_gateway_refused_total counter\n");
	for (int i = GW_OK + 1; i < GW_REFUSAL_COUNT; i++)
		gw_buf_print(out, "qutecart_gateway_refused_total{reason=\"%s\"} %llu\n",
					 gw_refusal_info((GwRefusal) i)->code,
					 (unsigned long long) refused[i]);
}

static void
write_pool(GwBuf *out, const GwGateway *gateway)
{
	gw_buf_print(out,
				 "# HELP qutecart_gateway_pool State of the database connections.\n"
				 "# TYPE qutecart_gateway_pool gauge\n");
	for (int i = 0; i < GW_LANE_ALL; i++)
	{
		const char *lane = gw_routes_lane_name((GwLane) i);
		GwLaneStats stats = gw_pool_stats(gateway->pool, (GwLane) i);

		gw_buf_print(out,
					 "qutecart_gateway_pool{lane=\"%s\",what=\"connections\"} %d\n"
					 "qutecart_gateway_pool{lane=\"%s\",what=\"up\"} %d\n"
					 "qutecart_gateway_pool{lane=\"%s\",what=\"in_flight\"} %d\n"
					 "qutecart_gateway_pool{lane=\"%s\",what=\"queued\"} %d\n",
					 lane, stats.links, lane, stats.up, lane, stats.busy, lane,
					 stats.queued);
	}
	gw_buf_print(out,
				 "# HELP qutecart_gateway_waiting Clients whose reply must not leave "
				 "yet.\n"
				 "# TYPE qutecart_gateway_waiting gauge\n"
				 "qutecart_gateway_waiting{what=\"reply\"} %d\n"
				 "qutecart_gateway_waiting{what=\"flush\"} %d\n",
				 gw_await_count(), gw_durable_count());
	gw_buf_print(out,
				 "# HELP qutecart_gateway_ready Whether /ready says yes.\n"
				 "# TYPE qutecart_gateway_ready gauge\n"
				 "qutecart_gateway_ready %d\n"
				 "# HELP qutecart_gateway_routes Routes known.\n"
				 "# TYPE qutecart_gateway_routes gauge\n"
				 "qutecart_gateway_routes %zu\n",
				 gw_pool_ready(gateway->pool) ? 1 : 0,
				 gw_routes_count(gateway->routes));
}

static void
write_process(GwBuf *out, const GwGateway *gateway)
{
	gw_buf_print(out,
				 "# HELP qutecart_gateway_connections Open client connections.\n"
				 "# TYPE qutecart_gateway_connections gauge\n"
				 "qutecart_gateway_connections %d\n"
				 "# HELP qutecart_gateway_body_bytes Held by request bodies.\n"
				 "# TYPE qutecart_gateway_body_bytes gauge\n"
				 "qutecart_gateway_body_bytes %zu\n"
				 "# HELP qutecart_gateway_log_dropped_total Lines nobody took.\n"
				 "# TYPE qutecart_gateway_log_dropped_total counter\n"
				 "qutecart_gateway_log_dropped_total %llu\n"
				 "# HELP process_resident_memory_bytes Resident memory.\n"
				 "# TYPE process_resident_memory_bytes gauge\n"
				 "process_resident_memory_bytes %llu\n",
				 gw_server_connections(gateway->server), gw_body_held(),
				 (unsigned long long) gw_log_dropped(), resident_bytes());
}

static unsigned long long
resident_bytes(void)
{
	unsigned long long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file == NULL)
		return 0;
	if (fscanf(file, "%*s %llu", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * (unsigned long long) sysconf(_SC_PAGESIZE);
}
