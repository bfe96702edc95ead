/*
 * test/unit/gateway_body.c
 *		Chunked framing: one plain form, the same at every cut.
 *
 * link: gateway/body.c gateway/buf.c gateway/arena.c gateway/text.c
 */
#include "gateway/arena.h"
#include "gateway/body.h"
#include "tap.h"

#define MAX 10

typedef struct Outcome
{
	GwRefusal refusal;
	bool complete;
	size_t used;
	char data[64];
} Outcome;

static Outcome
feed(const char *bytes, size_t cut)
{
	GwBody body = {0};
	Outcome outcome = {0};
	size_t len = strlen(bytes);
	size_t used = 0;

	gw_body_expect_chunks(&body, MAX);
	outcome.refusal = gw_body_feed(&body, bytes, cut, &used);
	outcome.used = used;
	if (outcome.refusal == GW_OK && used == cut)
	{
		outcome.refusal = gw_body_feed(&body, bytes + cut, len - cut, &used);
		outcome.used += used;
	}
	outcome.complete = outcome.refusal == GW_OK && gw_body_complete(&body);
	memcpy(outcome.data, gw_buf_len(&body.data) ? gw_buf_at(&body.data) : "",
		   gw_buf_len(&body.data));
	gw_body_free(&body);
	return outcome;
}

static void
check(const char *bytes, GwRefusal wanted, const char *text)
{
	size_t len = strlen(bytes);
	Outcome whole = feed(bytes, len);
	bool same = whole.refusal == wanted;

	for (size_t cut = 0; cut < len; cut++)
	{
		Outcome other = feed(bytes, cut);

		same &= other.refusal == whole.refusal && other.complete == whole.complete &&
				other.used == whole.used && strcmp(other.data, whole.data) == 0;
	}
	ok(same, text);
}

int
main(void)
{
	Outcome plain = feed("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET", 5);

	is_str(plain.data, "abcde", "chunks are joined");
	ok(plain.complete, "the last chunk completes the body");
	is_int(plain.used, 20, "what follows is left alone");
	check("3\r\nabc\r\n0\r\n\r\nGET", GW_OK, "a body may be cut anywhere");
	check("003\r\nabc\r\n0\r\n\r\n", GW_OK, "leading zeros are digits");
	check("A\r\n0123456789\r\n0\r\n\r\n", GW_OK, "a body of the limit");
	check("B\r\n", GW_BODY_TOO_LARGE, "a chunk above the limit is refused at its size");
	check("9\r\n012345678\r\n2\r\n", GW_BODY_TOO_LARGE,
		  "so are chunks that add up above it");
	check("ffffffffffffffff\r\n", GW_BODY_TOO_LARGE, "the largest size does not wrap");
	check("9\r\n012345678\r\nffffffffffffffff\r\n", GW_BODY_TOO_LARGE,
		  "nor does its sum");
	check("00000000000000001\r\n", GW_BAD_CHUNK, "17 digits are too many");
	check("1;a\r\n", GW_BAD_CHUNK, "an extension");
	check("1 \r\n", GW_BAD_CHUNK, "a space");
	check("0x1\r\n", GW_BAD_CHUNK, "a prefix");
	check("\r\n", GW_BAD_CHUNK, "no digit");
	check("1\na", GW_BAD_CHUNK, "a bare LF");
	check("1\ra", GW_BAD_CHUNK, "a bare CR");
	check("1\r\nab", GW_BAD_CHUNK, "data longer than its size");
	check("1\r\na\n", GW_BAD_CHUNK, "data without its CR");
	check("0\r\nA: b\r\n\r\n", GW_BAD_CHUNK, "a trailer");
	is_int(gw_body_held(), 0, "freed bodies hold nothing");
	gw_arena_trim();
	return done();
}
