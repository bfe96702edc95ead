/*
 * gateway/log.h
 *		The access log (JSON, one line a request) and the error log (stderr).
 *
 * A line holds ids, never a query, a body, a header or a token.
 */
#ifndef GW_LOG_H
#define GW_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct GwLogLine
{
	const char *request_id;
	const char *peer;
	const char *method; /* NULL when the head was refused */
	const char *path;   /* without the query; NULL likewise */
	size_t path_len;
	const char *lane; /* NULL when the database was not asked */
	const char *code; /* of a refusal, else NULL */
	int status;
	uint64_t bytes; /* of the reply's body */
	uint64_t nanoseconds;
} GwLogLine;

/* "stdout", "off" or a file; false when it cannot be opened. */
extern bool gw_log_open(const char *target);
extern bool gw_log_reopen(void);
extern void gw_log_access(const GwLogLine *line);
/* Write what has been gathered; lines a slow reader cannot take are dropped. */
extern void gw_log_flush(void);
/* bytes gathered and not yet written */
extern size_t gw_log_pending(void);
extern uint64_t gw_log_dropped(void);
extern void gw_log_close(void);
extern void gw_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
