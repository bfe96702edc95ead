/*
 * gateway/buf.c
 *		Growth by doubling; the caller sets the bound, here there is none.
 */
#include "gateway/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/arena.h"

#define FIRST_ROOM 1024

static void make_room(GwBuf *buf, size_t len);

void
gw_buf_append(GwBuf *buf, const char *bytes, size_t len)
{
	if (len == 0)
		return;
	make_room(buf, len);
	memcpy(buf->bytes + buf->end, bytes, len);
	buf->end += len;
}

void
gw_buf_print(GwBuf *buf, const char *format, ...)
{
	va_list args;
	int len;

	make_room(buf, 256);
	va_start(args, format);
	len = vsnprintf(buf->bytes + buf->end, buf->room - buf->end, format, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t) len >= buf->room - buf->end)
	{
		make_room(buf, (size_t) len + 1);
		va_start(args, format);
		len = vsnprintf(buf->bytes + buf->end, buf->room - buf->end, format, args);
		va_end(args);
	}
	buf->end += (size_t) len;
}

/*
 * Eat from the front; an empty buffer gives its memory back, since most
 * connections hold nothing most of the time.
 */
void
gw_buf_consume(GwBuf *buf, size_t len)
{
	buf->start += len;
	if (buf->start == buf->end)
		gw_buf_free(buf);
}

void
gw_buf_free(GwBuf *buf)
{
	free(buf->bytes);
	memset(buf, 0, sizeof(*buf));
}

static void
make_room(GwBuf *buf, size_t len)
{
	size_t room = buf->room == 0 ? FIRST_ROOM : buf->room;

	if (buf->room - buf->end >= len)
		return;
	if (buf->start > 0)
	{
		memmove(buf->bytes, buf->bytes + buf->start, buf->end - buf->start);
		buf->end -= buf->start;
		buf->start = 0;
	}
	while (room - buf->end < len)
		room *= 2;
	if (room != buf->room)
		buf->bytes = gw_realloc(buf->bytes, room);
	buf->room = room;
}
