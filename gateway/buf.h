/*
 * gateway/buf.h
 *		A byte buffer that grows at the end and is eaten from the front.
 */
#ifndef GW_BUF_H
#define GW_BUF_H

#include <stddef.h>

typedef struct GwBuf
{
	char *bytes;
	size_t start; /* bytes before it have been consumed */
	size_t end;   /* one past the last byte */
	size_t room;  /* allocated */
} GwBuf;

extern void gw_buf_append(GwBuf *buf, const char *bytes, size_t len);
extern void gw_buf_print(GwBuf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
extern void gw_buf_consume(GwBuf *buf, size_t len);
extern void gw_buf_free(GwBuf *buf);

static inline size_t
gw_buf_len(const GwBuf *buf)
{
	return buf->end - buf->start;
}

static inline char *
gw_buf_at(const GwBuf *buf)
{
	return buf->bytes == NULL ? NULL : buf->bytes + buf->start;
}

#endif
