/*
 * gateway/body.c
 *		A body is counted while it is read and never longer than its limit.
 */
#include "gateway/body.h"

#include "gateway/text.h"

#define SIZE_DIGITS_MAX 16

static size_t held;

static size_t take_data(GwBody *body, const char *bytes, size_t len);
static GwRefusal step(GwBody *body, unsigned char c);
static GwRefusal step_size(GwBody *body, unsigned char c);

void
gw_body_expect_length(GwBody *body, uint64_t length, size_t max)
{
	body->max = max;
	body->left = length;
	body->place = length == 0 ? GW_BODY_NONE : GW_BODY_LENGTH;
}

void
gw_body_expect_chunks(GwBody *body, size_t max)
{
	body->max = max;
	body->left = 0;
	body->digits = 0;
	body->place = GW_BODY_SIZE;
}

GwRefusal
gw_body_feed(GwBody *body, const char *bytes, size_t len, size_t *eaten)
{
	size_t at = 0;
	GwRefusal refusal = GW_OK;

	while (at < len && refusal == GW_OK && !gw_body_complete(body))
	{
		if (body->place == GW_BODY_LENGTH || body->place == GW_BODY_DATA)
			at += take_data(body, bytes + at, len - at);
		else
			refusal = step(body, (unsigned char) bytes[at++]);
	}
	body->wire += at;
	*eaten = at;
	return refusal;
}

void
gw_body_free(GwBody *body)
{
	held -= body->data.end;
	gw_buf_free(&body->data);
	*body = (GwBody){0};
}

size_t
gw_body_held(void)
{
	return held;
}

static size_t
take_data(GwBody *body, const char *bytes, size_t len)
{
	size_t n = body->left < len ? (size_t) body->left : len;

	gw_buf_append(&body->data, bytes, n);
	held += n;
	body->left -= n;
	if (body->left == 0)
		body->place = body->place == GW_BODY_LENGTH ? GW_BODY_DONE : GW_BODY_DATA_CR;
	return n;
}

static GwRefusal
step(GwBody *body, unsigned char c)
{
	static const struct
	{
		unsigned char want;
		GwBodyPlace next;
	} steps[] = {
		[GW_BODY_DATA_CR] = {'\r', GW_BODY_DATA_END},
		[GW_BODY_DATA_END] = {'\n', GW_BODY_SIZE},
		[GW_BODY_LAST_CR] = {'\r', GW_BODY_LAST_END},
		[GW_BODY_LAST_END] = {'\n', GW_BODY_DONE},
	};

	if (body->place == GW_BODY_SIZE)
		return step_size(body, c);
	if (body->place == GW_BODY_SIZE_END)
	{
		if (c != '\n')
			return GW_BAD_CHUNK;
		body->place = body->left == 0 ? GW_BODY_LAST_CR : GW_BODY_DATA;
		return GW_OK;
	}
	if (c != steps[body->place].want)
		return GW_BAD_CHUNK;
	body->place = steps[body->place].next;
	body->digits = 0;
	return GW_OK;
}

static GwRefusal
step_size(GwBody *body, unsigned char c)
{
	int digit = gw_text_hex(c);

	if (c == '\r' && body->digits > 0)
	{
		body->place = GW_BODY_SIZE_END;
		return GW_OK;
	}
	if (digit < 0 || ++body->digits > SIZE_DIGITS_MAX)
		return GW_BAD_CHUNK;
	if (body->digits == 1)
		body->left = 0;
	body->left = body->left << 4 | (uint64_t) digit;
	/* data.end cannot exceed max, so the difference cannot wrap */
	if (body->left > body->max - body->data.end)
		return GW_BODY_TOO_LARGE;
	return GW_OK;
}
