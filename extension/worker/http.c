/*
 * extension/worker/http.c
 *		Many requests at once, over HTTP and SMTP, without ever waiting.
 *
 * This file and transfer.c alone know libcurl.  There are two multi handles: one for
 * addresses that users chose, one for the operator's, so that a connection that was
 * opened without the check of addresses is never used again for a user's URL.  All
 * their sockets live in one epoll descriptor, which the worker waits for beside its
 * latch.
 *
 * libcurl resolves names in threads of its own.  They inherit the mask of signals, and
 * PostgreSQL's handlers must not run in them: all signals are blocked while libcurl
 * works.  The process may exit while such a thread runs; it touches nothing of ours.
 *
 * All memory here is malloc's.  Transfers are pooled: a list of warm ones, a list of
 * finished ones; those on their way are known to libcurl.
 */
#include "postgres.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "portability/instr_time.h"
#include "storage/fd.h"

#include "extension/core/guc.h"
#include "extension/worker/http.h"
#include "extension/worker/mail_sockets.h"
#include "extension/worker/transfer.h"

#define EVENTS_PER_ROUND 256

/* What one transfer may need: a socket, a rival one, a resolver's two. */
#define DESCRIPTORS_EACH 4
#define DESCRIPTORS_KEPT 64 /* for everything else that this process opens */

typedef struct Side
{
	CURLM *multi;
	int64 deadline; /* ms of the clock below; -1 = none */
	int on_way;
} Side;

static Side sides[2] = {{.deadline = -1}, {.deadline = -1}}; /* [is_user_address] */
static int poll_fd = -1;
static int descriptors = 1024;
static QcTransfer *warm = NULL;
static QcTransfer *done_first = NULL;
static QcTransfer **done_last = &done_first;

static int64
now_ms(void)
{
	instr_time now;

	INSTR_TIME_SET_CURRENT(now);
	return (int64) INSTR_TIME_GET_MILLISEC(now);
}

/* libcurl says what it waits for on a socket; we tell epoll. */
static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	Side *side = arg;
	struct epoll_event event = {.data.u64 =
									(uint64) (side - sides) << 32 | (uint32) fd};

	if (what == CURL_POLL_REMOVE)
	{
		(void) epoll_ctl(poll_fd, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (epoll_ctl(poll_fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) != 0)
		return -1;
	return curl_multi_assign(side->multi, fd, side) == CURLM_OK ? 0 : -1;
}

static int
set_timer(CURLM *multi, long milliseconds, void *arg)
{
	Side *side = arg;

	side->deadline = milliseconds < 0 ? -1 : now_ms() + milliseconds;
	return 0;
}

static bool
open_side(Side *side)
{
	CURLM *multi = curl_multi_init();

	if (multi == NULL)
		return false;
	side->multi = multi;
	side->deadline = -1;
	side->on_way = 0;
	if (curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket) == CURLM_OK &&
		curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, side) == CURLM_OK &&
		curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer) == CURLM_OK &&
		curl_multi_setopt(multi, CURLMOPT_TIMERDATA, side) == CURLM_OK &&
		curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING) == CURLM_OK &&
		curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long) qc_http_capacity()) ==
			CURLM_OK)
		return true;
	(void) curl_multi_cleanup(multi);
	side->multi = NULL;
	return false;
}

/* As many descriptors as the system lets us have; no core file with keys in it. */
static void
set_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
	{
		limit.rlim_cur = limit.rlim_max;
		(void) setrlimit(RLIMIT_NOFILE, &limit);
		if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
			descriptors = (int) Min(limit.rlim_cur, 1000000);
	}
	if (getrlimit(RLIMIT_CORE, &limit) == 0)
	{
		limit.rlim_cur = 0;
		(void) setrlimit(RLIMIT_CORE, &limit);
	}
}

bool
qc_http_init(void)
{
	set_limits();
	/* A resolver's thread must not leave an arena of its own behind. */
	(void) mallopt(M_ARENA_MAX, 2);
	poll_fd = epoll_create1(EPOLL_CLOEXEC);
	return poll_fd >= 0 && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

int
qc_http_capacity(void)
{
	int most =
		(descriptors - max_files_per_process - DESCRIPTORS_KEPT) / DESCRIPTORS_EACH;

	return Max(1, Min(qc_guc_worker_connections, most));
}

int
qc_http_fd(void)
{
	return poll_fd;
}

static QcTransfer *
take_warm(void)
{
	QcTransfer *transfer = warm;

	if (transfer == NULL)
		return qc_transfer_new();
	warm = transfer->next;
	transfer->next = NULL;
	return transfer;
}

static void
put_warm(QcTransfer *transfer)
{
	qc_transfer_clear(transfer);
	transfer->next = warm;
	warm = transfer;
}

const char *
qc_http_submit(const QcRequest *request, void *opaque)
{
	Side *side = &sides[request->is_user_address ? 1 : 0];
	QcTransfer *transfer;
	const char *problem;

	if (side->multi == NULL && !open_side(side))
		return "out of memory";
	transfer = take_warm();
	if (transfer == NULL)
		return "out of memory";
	problem = qc_transfer_prepare(transfer, request, opaque);
	if (problem == NULL &&
		curl_multi_add_handle(side->multi, transfer->easy) != CURLM_OK)
		problem = "out of memory";
	if (problem != NULL)
		qc_transfer_free(transfer);
	else
		side->on_way++;
	return problem;
}

long
qc_http_timeout(void)
{
	int64 first = -1;

	for (int i = 0; i < lengthof(sides); i++)
		if (sides[i].deadline >= 0 && (first < 0 || sides[i].deadline < first))
			first = sides[i].deadline;
	return first < 0 ? -1 : (long) Max(0, first - now_ms());
}

/* Move what is finished from libcurl to our list. */
static void
collect(Side *side)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(side->multi, &left)) != NULL)
	{
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		QcTransfer *transfer = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void) curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
		(void) curl_multi_remove_handle(side->multi, easy);
		side->on_way--;
		transfer->code = code;
		transfer->next = NULL;
		*done_last = transfer;
		done_last = &transfer->next;
	}
}

static void
run_timers(void)
{
	int running;

	for (int i = 0; i < lengthof(sides); i++)
		if (sides[i].deadline >= 0 && sides[i].deadline <= now_ms())
		{
			sides[i].deadline = -1;
			(void) curl_multi_socket_action(sides[i].multi, CURL_SOCKET_TIMEOUT, 0,
											&running);
		}
}

static void
run_sockets(void)
{
	struct epoll_event events[EVENTS_PER_ROUND];
	int n = epoll_wait(poll_fd, events, lengthof(events), 0);
	int running;

	for (int i = 0; i < n; i++)
	{
		Side *side = &sides[events[i].data.u64 >> 32];
		int what = 0;

		if (events[i].events & EPOLLIN)
			what |= CURL_CSELECT_IN;
		if (events[i].events & EPOLLOUT)
			what |= CURL_CSELECT_OUT;
		if (events[i].events & (EPOLLERR | EPOLLHUP))
			what |= CURL_CSELECT_ERR;
		(void) curl_multi_socket_action(
			side->multi, (curl_socket_t) (uint32) events[i].data.u64, what, &running);
	}
}

void
qc_http_drive(void)
{
	sigset_t all;
	sigset_t before;

	sigfillset(&all);
	(void) pthread_sigmask(SIG_BLOCK, &all, &before);
	run_timers();
	run_sockets();
	(void) pthread_sigmask(SIG_SETMASK, &before, NULL);
	for (int i = 0; i < lengthof(sides); i++)
		if (sides[i].on_way > 0)
			collect(&sides[i]);
}

bool
qc_http_next(QcHttpDone *done)
{
	QcTransfer *transfer = done_first;

	if (transfer == NULL)
		return false;
	done->transfer = transfer;
	done->opaque = transfer->opaque;
	done->response = qc_transfer_response(transfer, transfer->code);
	return true;
}

void
qc_http_release(QcHttpDone *done)
{
	QcTransfer *transfer = done->transfer;

	Assert(transfer == done_first);
	done_first = transfer->next;
	if (done_first == NULL)
		done_last = &done_first;
	put_warm(transfer);
}

void
qc_http_rest(void)
{
	qc_mail_sockets_cut();
	for (int i = 0; i < lengthof(sides); i++)
	{
		Assert(sides[i].on_way == 0);
		if (sides[i].multi != NULL)
			(void) curl_multi_cleanup(sides[i].multi);
		sides[i].multi = NULL;
		sides[i].deadline = -1;
	}
	while (warm != NULL)
		qc_transfer_free(take_warm());
	(void) malloc_trim(0);
}
