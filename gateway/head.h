/*
 * gateway/head.h
 *		Finds the end of a request's head and refuses what is not clean on the way.
 *
 * Works on the bytes as they arrive: the verdict depends on the bytes alone,
 * never on how they were cut into packets.
 */
#ifndef GW_HEAD_H
#define GW_HEAD_H

#include <stddef.h>

#include "gateway/refusal.h"

typedef struct GwHeadLimits
{
	size_t target;  /* bytes of the request line's target */
	size_t line;    /* bytes of one header line */
	size_t headers; /* bytes of all header lines */
	int count;      /* header lines */
} GwHeadLimits;

typedef enum GwHeadPlace
{
	GW_HEAD_METHOD,
	GW_HEAD_TARGET,
	GW_HEAD_VERSION,
	GW_HEAD_LINE_START,
	GW_HEAD_NAME,
	GW_HEAD_VALUE,
	GW_HEAD_LINE_END, /* the LF that must follow a CR */
	GW_HEAD_LAST_END, /* the LF of the empty line */
	GW_HEAD_DONE
} GwHeadPlace;

typedef struct GwHeadScan
{
	GwHeadPlace place;
	size_t pos;        /* bytes looked at; the head's length once done */
	size_t part_start; /* where the line or the target began */
	size_t headers_start;
	int count; /* header lines so far */
} GwHeadScan;

/* Go on at scan->pos; GW_OK with place GW_HEAD_DONE when the head is complete. */
extern GwRefusal gw_head_scan(GwHeadScan *scan, const GwHeadLimits *limits,
							  const char *bytes, size_t len);

#endif
