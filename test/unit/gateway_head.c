/*
 * test/unit/gateway_head.c
 *		The scanner's verdict depends on the bytes, never on how they were cut.
 *
 * link: gateway/head.c gateway/text.c
 */
#include "gateway/head.h"
#include "tap.h"

static const GwHeadLimits limits = {
	.target = 16, .line = 24, .headers = 64, .count = 4};

/* Scan in two pieces; the second call sees all bytes, as the connection does it. */
static GwRefusal
scan_cut(const char *bytes, size_t len, size_t cut, GwHeadScan *scan)
{
	GwRefusal refusal;

	*scan = (GwHeadScan){0};
	refusal = gw_head_scan(scan, &limits, bytes, cut);
	return refusal == GW_OK ? gw_head_scan(scan, &limits, bytes, len) : refusal;
}

static void
check(const char *bytes, GwRefusal wanted, const char *text)
{
	size_t len = strlen(bytes);
	GwHeadScan scan = {0};
	GwRefusal refusal = gw_head_scan(&scan, &limits, bytes, len);
	bool same = true;

	for (size_t cut = 0; cut <= len; cut++)
	{
		GwHeadScan other;

		if (scan_cut(bytes, len, cut, &other) != refusal || other.place != scan.place ||
			other.pos != scan.pos)
			same = false;
	}
	ok(same && refusal == wanted, text);
	if (refusal != wanted)
		fprintf(stderr, "#      got: %s\n", gw_refusal_info(refusal)->code);
}

/* The titles are not needed here, only the codes. */
const GwRefusalInfo *
gw_refusal_info(GwRefusal refusal)
{
	static GwRefusalInfo info;
	static char code[16];

	snprintf(code, sizeof(code), "%d", (int) refusal);
	info.code = code;
	return &info;
}

int
main(void)
{
	GwHeadScan scan = {0};
	const char *two = "GET / HTTP/1.1\r\nA: b\r\n\r\nGET";

	ok(gw_head_scan(&scan, &limits, two, strlen(two)) == GW_OK, "a head is accepted");
	is_int(scan.pos, (long long) strlen(two) - 3, "it ends behind its empty line");
	is_int(scan.place, GW_HEAD_DONE, "and is known to be complete");
	check("GET / HTTP/1.1\r\nA: b", GW_OK, "a head may be incomplete");
	check("GET / HTTP/1.1\r\nA: b\r\nB: c\r\nC: d\r\nD: e\r\n\r\n", GW_OK,
		  "headers up to the number");
	check("GET / HTTP/1.1\r\nA: b\r\nB: c\r\nC: d\r\nD: e\r\nE:", GW_TOO_MANY_HEADERS,
		  "one header too many");
	check("GET /234567890123456 HTTP/1.1\r\n\r\n", GW_OK, "a target of the limit");
	check("GET /2345678901234567 HTTP/1.1\r\n\r\n", GW_TARGET_TOO_LONG,
		  "a target one byte above");
	check("GET / HTTP/1.1\r\nA: 456789012345678901234\r\n\r\n", GW_OK,
		  "a line of the limit");
	check("GET / HTTP/1.1\r\nA: 4567890123456789012345\r\n\r\n", GW_LINE_TOO_LONG,
		  "a line one byte above");
	check(
		"GET / HTTP/1.1\r\nA: 4567890123456789012\r\nB: 4567890123456789012\r\nC: 456789012345678901",
		GW_HEADERS_TOO_LARGE, "lines that add up above the limit");
	check("GET / HTTP/1.1\n\n", GW_BAD_REQUEST_LINE, "a bare LF behind the version");
	check("GET / HTTP/1.1\r\nA: b\n\n", GW_BAD_LINE, "a bare LF behind a value");
	check("GET / HTTP/1.1\r\nA: b\rB: c\r\n\r\n", GW_BAD_LINE, "a bare CR");
	check("GET / HTTP/1.1\r\rA: b\r\n\r\n", GW_BAD_LINE,
		  "a bare CR behind the version");
	check("GET / HTTP/1.1\r\nA: b\r\n\rX", GW_BAD_LINE,
		  "a CR that does not end the head");
	check("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", GW_BAD_LINE, "a folded line");
	check("GET / HTTP/1.1\r\nA: b\r\n c: d\r\n\r\n", GW_BAD_LINE,
		  "a folded line that looks like a header");
	check("GET / HTTP/1.1\r\nA : b\r\n\r\n", GW_BAD_HEADER, "a space before the colon");
	check("GET / HTTP/1.1\r\nAB\r\n\r\n", GW_BAD_LINE, "a line without a colon");
	check("GET / HTTP/1.1\r\n: b\r\n\r\n", GW_BAD_HEADER, "a line without a name");
	check("GET / HTTP/1.1\r\nA: b\001\r\n\r\n", GW_BAD_LINE, "a control character");
	check("GET  / HTTP/1.1\r\n\r\n", GW_BAD_REQUEST_LINE, "two spaces");
	check("GET\t/ HTTP/1.1\r\n\r\n", GW_BAD_REQUEST_LINE, "a tab for a space");
	check("GET / HTTP/1.11\r\n\r\n", GW_BAD_REQUEST_LINE, "a version too long");
	check("GET /\r\n\r\n", GW_BAD_REQUEST_LINE, "no version");
	check("\r\nGET / HTTP/1.1\r\n\r\n", GW_BAD_REQUEST_LINE, "an empty line in front");
	return done();
}
