/*
 * gateway/log.c
 *		Lines are gathered and written many at a time.
 *
 * A log that blocks would stop every request, so a pipe is asked first and
 * lines are dropped, and counted, when nobody reads them.
 */
#include "gateway/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gateway/buf.h"
#include "gateway/text.h"

#define PIECE        4096    /* a pipe that polls writable takes that much */
#define BACKLOG_MAX  1048576 /* bytes gathered before lines are dropped */
#define PATH_SHOWN   256
#define SEGMENT_MAX  40 /* a longer path segment may be a secret */
#define LINE_MAX_LEN 4096

static const char *target_name = "off";
static int fd = -1;
static GwBuf pending;
static uint64_t dropped;

static size_t write_path(char *out, const GwLogLine *line);
static void write_time(char *out, size_t room);

bool
gw_log_open(const char *target)
{
	target_name = target;
	return gw_log_reopen();
}

bool
gw_log_reopen(void)
{
	int fresh = -1;

	if (strcmp(target_name, "off") == 0)
		return true;
	if (strcmp(target_name, "stdout") == 0)
	{
		fd = STDOUT_FILENO;
		return true;
	}
	fresh = open(target_name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	if (fresh < 0)
	{
		gw_log_error("could not open \"%s\": %s", target_name, strerror(errno));
		return false;
	}
	gw_log_flush();
	if (fd >= 0)
		close(fd);
	fd = fresh;
	return true;
}

void
gw_log_access(const GwLogLine *line)
{
	char path[LINE_MAX_LEN];
	char stamp[40];

	if (fd < 0)
		return;
	if (gw_buf_len(&pending) > BACKLOG_MAX)
	{
		dropped++;
		return;
	}
	path[write_path(path, line)] = '\0';
	write_time(stamp, sizeof(stamp));
	gw_buf_print(
		&pending,
		"{\"time\":\"%s\",\"id\":\"%s\",\"peer\":\"%s\",\"method\":\"%s\","
		"\"path\":\"%s\",\"status\":%d,\"bytes\":%llu,\"us\":%llu,"
		"\"lane\":\"%s\",\"code\":\"%s\"}\n",
		stamp, line->request_id, line->peer, line->method == NULL ? "" : line->method,
		path, line->status, (unsigned long long) line->bytes,
		(unsigned long long) line->nanoseconds / 1000,
		line->lane == NULL ? "" : line->lane, line->code == NULL ? "" : line->code);
}

void
gw_log_flush(void)
{
	while (gw_buf_len(&pending) > 0)
	{
		struct pollfd poller = {.fd = fd, .events = POLLOUT};
		size_t len = gw_buf_len(&pending);
		ssize_t n;

		if (poll(&poller, 1, 0) != 1)
			return;
		n = write(fd, gw_buf_at(&pending), len > PIECE ? PIECE : len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		gw_buf_consume(&pending, (size_t) n);
	}
}

size_t
gw_log_pending(void)
{
	return gw_buf_len(&pending);
}

uint64_t
gw_log_dropped(void)
{
	return dropped;
}

void
gw_log_close(void)
{
	gw_log_flush();
	gw_buf_free(&pending);
}

void
gw_log_error(const char *format, ...)
{
	char message[1024];
	char escaped[2048];
	char stamp[40];
	size_t len;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	len = strcspn(message, "\n");
	escaped[gw_text_json(escaped, sizeof(escaped) - 1, message, len)] = '\0';
	write_time(stamp, sizeof(stamp));
	fprintf(stderr, "{\"time\":\"%s\",\"error\":\"%s\"}\n", stamp, escaped);
}

static size_t
write_path(char *out, const GwLogLine *line)
{
	size_t n = 0;
	size_t start = 0;
	size_t len = line->path_len > PATH_SHOWN ? PATH_SHOWN : line->path_len;

	for (size_t i = 0; line->path != NULL && i <= line->path_len && start <= len; i++)
	{
		bool last = i == line->path_len;

		if (!last && line->path[i] != '/')
			continue;
		if (i - start > SEGMENT_MAX)
			n += gw_text_json(out + n, LINE_MAX_LEN - 8 - n, "...", 3);
		else
			n += gw_text_json(out + n, LINE_MAX_LEN - 8 - n, line->path + start,
							  i - start);
		if (!last)
			out[n++] = '/';
		start = i + 1;
	}
	return n;
}

static void
write_time(char *out, size_t room)
{
	static time_t shown;
	static char seconds[24];
	struct timespec now;
	struct tm parts;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec != shown)
	{
		gmtime_r(&now.tv_sec, &parts);
		strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &parts);
		shown = now.tv_sec;
	}
	snprintf(out, room, "%s.%03ldZ", seconds, now.tv_nsec / 1000000);
}
