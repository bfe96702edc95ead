/*
 * gateway/cork.c
 *		send() and recv() as libpq sees them: "would block" while corked.
 *
 * The program's own symbols come before the C library's, for shared libraries
 * too.  Only libpq uses these two here (libuv reads and writes), and only the
 * loop's thread corks.
 */
#include "gateway/cork.h"

#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC

int
gw_cork_sync(PGconn *conn)
{
	return PQsendPipelineSync(conn);
}

#else

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local bool corked;

int
gw_cork_sync(PGconn *conn)
{
	int ok;

	corked = true;
	ok = PQpipelineSync(conn);
	corked = false;
	return ok;
}

ssize_t
send(int fd, const void *bytes, size_t len, int flags)
{
	if (!corked)
		return syscall(SYS_sendto, fd, bytes, len, flags, NULL, 0);
	errno = EAGAIN;
	return -1;
}

ssize_t
recv(int fd, void *bytes, size_t len, int flags)
{
	if (!corked)
		return syscall(SYS_recvfrom, fd, bytes, len, flags, NULL, NULL);
	errno = EAGAIN;
	return -1;
}

#endif
