/*
 * extension/worker/mail_sockets.c
 *		Which sockets belong to mail connections, in use or kept open.
 *
 * libcurl says goodbye to a mail server, and waits for the answer, before it closes a
 * connection; nobody else may be kept waiting for that.  Called inside libcurl: all
 * memory is malloc's, nothing is raised.
 */
#include "postgres.h"

#include <sys/socket.h>

#include "extension/worker/mail_sockets.h"

static int *sockets = NULL;
static int count = 0;
static int room = 0;

bool
qc_mail_socket_note(int fd)
{
	if (count == room)
	{
		int more = Max(16, room * 2);
		int *larger = realloc(sockets, (size_t) more * sizeof(int));

		if (larger == NULL)
			return false;
		sockets = larger;
		room = more;
	}
	sockets[count++] = fd;
	return true;
}

void
qc_mail_socket_forget(int fd)
{
	for (int i = 0; i < count; i++)
		if (sockets[i] == fd)
			sockets[i--] = sockets[--count];
}

void
qc_mail_sockets_cut(void)
{
	for (int i = 0; i < count; i++)
		(void) shutdown(sockets[i], SHUT_RDWR);
}
