/*
 * gateway/head.c
 *		One state for each place a byte of a head can stand in.
 *
 * llhttp reads the head afterwards.  What stands here is what it lets pass: a
 * lone CR or LF, a folded line, several spaces in the request line, a space
 * before a colon, an empty line in front.
 */
#include "gateway/head.h"

#include <stdbool.h>

#include "gateway/text.h"

#define METHOD_MAX  32
#define VERSION_LEN 8 /* HTTP/1.1 */

static GwRefusal step(GwHeadScan *scan, const GwHeadLimits *limits, unsigned char c);
static GwRefusal step_method(GwHeadScan *scan, unsigned char c);
static GwRefusal step_target(GwHeadScan *scan, const GwHeadLimits *limits,
							 unsigned char c);
static GwRefusal step_version(GwHeadScan *scan, unsigned char c);
static GwRefusal step_line_start(GwHeadScan *scan, const GwHeadLimits *limits,
								 unsigned char c);
static GwRefusal step_name(GwHeadScan *scan, const GwHeadLimits *limits,
						   unsigned char c);
static GwRefusal step_value(GwHeadScan *scan, const GwHeadLimits *limits,
							unsigned char c);
static GwRefusal check_size(const GwHeadScan *scan, const GwHeadLimits *limits);

GwRefusal
gw_head_scan(GwHeadScan *scan, const GwHeadLimits *limits, const char *bytes,
			 size_t len)
{
	while (scan->pos < len && scan->place != GW_HEAD_DONE)
	{
		GwRefusal refusal = step(scan, limits, (unsigned char) bytes[scan->pos]);

		if (refusal != GW_OK)
			return refusal;
		scan->pos++;
	}
	return GW_OK;
}

static GwRefusal
step(GwHeadScan *scan, const GwHeadLimits *limits, unsigned char c)
{
	switch (scan->place)
	{
		case GW_HEAD_METHOD:
			return step_method(scan, c);
		case GW_HEAD_TARGET:
			return step_target(scan, limits, c);
		case GW_HEAD_VERSION:
			return step_version(scan, c);
		case GW_HEAD_LINE_START:
			return step_line_start(scan, limits, c);
		case GW_HEAD_NAME:
			return step_name(scan, limits, c);
		case GW_HEAD_VALUE:
			return step_value(scan, limits, c);
		case GW_HEAD_LINE_END:
		case GW_HEAD_LAST_END:
			if (c != '\n')
				return GW_BAD_LINE;
			scan->place =
				scan->place == GW_HEAD_LAST_END ? GW_HEAD_DONE : GW_HEAD_LINE_START;
			return GW_OK;
		case GW_HEAD_DONE:
			break;
	}
	return GW_OK;
}

static GwRefusal
step_method(GwHeadScan *scan, unsigned char c)
{
	if (c == ' ' && scan->pos > 0)
	{
		scan->place = GW_HEAD_TARGET;
		scan->part_start = scan->pos + 1;
		return GW_OK;
	}
	if (!gw_text_is_token_char(c) || scan->pos >= METHOD_MAX)
		return GW_BAD_REQUEST_LINE;
	return GW_OK;
}

static GwRefusal
step_target(GwHeadScan *scan, const GwHeadLimits *limits, unsigned char c)
{
	if (c == ' ' && scan->pos > scan->part_start)
	{
		scan->place = GW_HEAD_VERSION;
		scan->part_start = scan->pos + 1;
		return GW_OK;
	}
	if (c <= ' ' || c >= 0x7f)
		return GW_BAD_REQUEST_LINE;
	if (scan->pos - scan->part_start >= limits->target)
		return GW_TARGET_TOO_LONG;
	return GW_OK;
}

static GwRefusal
step_version(GwHeadScan *scan, unsigned char c)
{
	size_t at = scan->pos - scan->part_start;

	if (c == '\r' && at == VERSION_LEN)
	{
		scan->place = GW_HEAD_LINE_END;
		scan->headers_start = scan->pos + 2;
		return GW_OK;
	}
	if (c <= ' ' || c >= 0x7f || at >= VERSION_LEN)
		return GW_BAD_REQUEST_LINE;
	return GW_OK;
}

static GwRefusal
step_line_start(GwHeadScan *scan, const GwHeadLimits *limits, unsigned char c)
{
	scan->part_start = scan->pos;
	if (c == '\r')
	{
		scan->place = GW_HEAD_LAST_END;
		return GW_OK;
	}
	if (c == ' ' || c == '\t')
		return GW_BAD_LINE;
	if (!gw_text_is_token_char(c))
		return c < ' ' ? GW_BAD_LINE : GW_BAD_HEADER;
	if (++scan->count > limits->count)
		return GW_TOO_MANY_HEADERS;
	scan->place = GW_HEAD_NAME;
	return check_size(scan, limits);
}

static GwRefusal
step_name(GwHeadScan *scan, const GwHeadLimits *limits, unsigned char c)
{
	if (c == ':')
		scan->place = GW_HEAD_VALUE;
	else if (!gw_text_is_token_char(c))
		return c < ' ' ? GW_BAD_LINE : GW_BAD_HEADER;
	return check_size(scan, limits);
}

static GwRefusal
step_value(GwHeadScan *scan, const GwHeadLimits *limits, unsigned char c)
{
	if (c == '\r')
	{
		scan->place = GW_HEAD_LINE_END;
		return GW_OK;
	}
	if ((c < ' ' && c != '\t') || c == 0x7f)
		return GW_BAD_LINE;
	return check_size(scan, limits);
}

static GwRefusal
check_size(const GwHeadScan *scan, const GwHeadLimits *limits)
{
	if (scan->pos - scan->part_start >= limits->line)
		return GW_LINE_TOO_LONG;
	if (scan->pos - scan->headers_start >= limits->headers)
		return GW_HEADERS_TOO_LARGE;
	return GW_OK;
}
