/*
 * test/unit/signature_test.c
 *		The cases of Stripe's own libraries for Stripe-Signature, and the hostile ones.
 */
#include "extension/stripe/signature.c"

#undef printf
#undef snprintf
#undef sprintf
#undef vsnprintf

#include "tap.h"

#define BODY   "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}"
#define SECRET "whsec_test_secret"
#define NOW    INT64CONST(1700000000)

/* --- what the server would bring --- */

int
pg_snprintf(char *out, size_t size, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(out, size, format, ap);
	va_end(ap);
	return n;
}

void *
palloc(Size size)
{
	return malloc(size);
}

void
pfree(void *pointer)
{
	free(pointer);
}

bool
qc_crypto_equal(const void *a, const void *b, size_t len)
{
	return memcmp(a, b, len) == 0;
}

static uint32
turn(uint32 x, int n)
{
	return x >> n | x << (32 - n);
}

static const uint32 round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2};

static void
sha256_block(uint32 state[8], const uint8 *block)
{
	uint32 w[64], s[8];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32) block[4 * i] << 24 | block[4 * i + 1] << 16 |
			   block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++)
		w[i] = w[i - 16] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
			   w[i - 7] + (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
	memcpy(s, state, sizeof(s));
	for (int i = 0; i < 64; i++)
	{
		uint32 a = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
				   ((s[4] & s[5]) ^ (~s[4] & s[6])) + round_constants[i] + w[i];
		uint32 b = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
				   ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += a;
		s[0] = a + b;
	}
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

static void
sha256(const uint8 *data, size_t len, uint8 digest[32])
{
	uint32 state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	uint8 tail[128] = {0};
	size_t full = len / 64 * 64;
	size_t tail_len = len - full < 56 ? 64 : 128;

	for (size_t i = 0; i < full; i += 64)
		sha256_block(state, data + i);
	memcpy(tail, data + full, len - full);
	tail[len - full] = 0x80;
	for (int i = 0; i < 8; i++)
		tail[tail_len - 1 - i] = (uint8) ((uint64) len * 8 >> (8 * i));
	for (size_t i = 0; i < tail_len; i += 64)
		sha256_block(state, tail + i);
	for (int i = 0; i < 32; i++)
		digest[i] = (uint8) (state[i / 4] >> (24 - 8 * (i % 4)));
}

void
qc_crypto_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
					  uint8 digest[QC_SHA256_LEN])
{
	uint8 *text = malloc(64 + len);
	uint8 outer[64 + 32];

	memset(text, 0x36, 64);
	memset(outer, 0x5c, 64);
	for (size_t i = 0; i < key_len; i++)
	{
		text[i] ^= ((const uint8 *) key)[i];
		outer[i] ^= ((const uint8 *) key)[i];
	}
	memcpy(text + 64, data, len);
	sha256(text, 64 + len, outer + 64);
	sha256(outer, sizeof(outer), digest);
	free(text);
}

/* --- the tests --- */

/* The hexadecimal signature of a body at a time, under a secret. */
static const char *
sign(int64 time, const char *body, const char *secret)
{
	static char hex[2][65];
	static int turn_of;
	char text[512];
	uint8 digest[32];
	char *out = hex[turn_of ^= 1];

	snprintf(text, sizeof(text), "%lld.%s", (long long) time, body);
	qc_crypto_hmac_sha256(secret, strlen(secret), text, strlen(text), digest);
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return out;
}

static bool
passes(const char *header)
{
	return qc_signature_verify(header, BODY, strlen(BODY), SECRET, NOW);
}

static const char *
header_at(int64 time)
{
	static char header[160];

	snprintf(header, sizeof(header), "t=%lld,v1=%s", (long long) time,
			 sign(time, BODY, SECRET));
	return header;
}

static void
test_hmac(void)
{
	uint8 digest[32];

	qc_crypto_hmac_sha256("key", 3, "The quick brown fox jumps over the lazy dog", 43,
						  digest);
	ok(memcmp(digest, "\xf7\xbc\x83\xf4\x30\x53\x84\x24", 8) == 0,
	   "the test's own HMAC gives the published value");
}

static void
test_shape(void)
{
	char header[600];

	ok(passes(header_at(NOW)), "a header with its time and signature passes");
	ok(!passes(NULL), "no header is refused");
	ok(!passes(""), "an empty header is refused");
	ok(!passes("I'm not even a real signature header"), "a text is refused");
	ok(!passes("t=1700000000"), "a header without a signature is refused");
	snprintf(header, sizeof(header), "v1=%s", sign(NOW, BODY, SECRET));
	ok(!passes(header), "a header without a time is refused");
	snprintf(header, sizeof(header), "t=1700000000,v0=%s", sign(NOW, BODY, SECRET));
	ok(!passes(header), "scheme v0 alone is refused");
	snprintf(header, sizeof(header), "t=1700000000,v2=x,junk,v1=%s",
			 sign(NOW, BODY, SECRET));
	ok(passes(header), "unknown schemes beside v1 are skipped");
	ok(!passes("t=1700000000,v1=bad_signature"),
	   "a signature that is no hash is refused");
	snprintf(header, sizeof(header), "t=1700000000,v1=bad_signature,v1=%s",
			 sign(NOW, BODY, SECRET));
	ok(passes(header), "of several signatures one that fits is enough");
	snprintf(header, sizeof(header), "t=1700000000,v1=%s0", sign(NOW, BODY, SECRET));
	ok(!passes(header), "a signature with a digit too many is refused");
}

static void
test_time(void)
{
	char header[600];
	static const char *const bad[] = {
		"",   "-1700000000", "+1700000000", "1700000000x",          "0x65",
		" 1", "1e9",         "1.5",         "99999999999999999999", "12345"};

	ok(passes(header_at(NOW - 300)), "300 seconds old is accepted");
	ok(!passes(header_at(NOW - 301)), "301 seconds old is refused");
	ok(passes(header_at(NOW + 300)), "300 seconds ahead is accepted");
	ok(!passes(header_at(NOW + 301)), "301 seconds ahead is refused");
	for (int i = 0; i < lengthof(bad); i++)
	{
		char text[80];

		snprintf(header, sizeof(header), "t=%s,v1=%s", bad[i], sign(NOW, BODY, SECRET));
		snprintf(text, sizeof(text), "the time \"%s\" is refused", bad[i]);
		ok(!passes(header), text);
	}
	snprintf(header, sizeof(header), "t=1700000000,t=1700000000,v1=%s",
			 sign(NOW, BODY, SECRET));
	ok(!passes(header), "two times are refused, even the same");
}

static void
test_body(void)
{
	const char *header = header_at(NOW);

	ok(!qc_signature_verify(header, BODY " ", strlen(BODY) + 1, SECRET, NOW),
	   "a body with one byte more is refused");
	ok(!qc_signature_verify(header,
							"{\"id\":\"evt_test_webhook\",\"object\":\"event\"}", 43,
							SECRET, NOW),
	   "the same JSON written differently is refused");
	ok(!qc_signature_verify(header, BODY, strlen(BODY), "whsec_other", NOW),
	   "another secret is refused");
	ok(!qc_signature_verify(header, BODY, strlen(BODY), "", NOW),
	   "no secret is refused");
}

static void
test_rotation(void)
{
	const char *header = header_at(NOW);
	char secrets[200];

	ok(qc_signature_verify(header, BODY, strlen(BODY), "whsec_new, " SECRET, NOW),
	   "each of several secrets is accepted");
	snprintf(secrets, sizeof(secrets), "whsec_new,%s@%lld", SECRET, (long long) NOW);
	ok(qc_signature_verify(header, BODY, strlen(BODY), secrets, NOW),
	   "an old secret is accepted until its end");
	snprintf(secrets, sizeof(secrets), "whsec_new,%s@%lld", SECRET,
			 (long long) NOW - 1);
	ok(!qc_signature_verify(header, BODY, strlen(BODY), secrets, NOW),
	   "and refused after it");
	ok(!qc_signature_verify(header, BODY, strlen(BODY), SECRET "@soon", NOW),
	   "a secret whose end is no time is refused");
	ok(!qc_signature_has_secret("") && !qc_signature_has_secret(" , ,"),
	   "a list of nothing has no secret");
	ok(qc_signature_has_secret(", x"), "a list with one has one");
}

static void
test_size(void)
{
	char header[QC_SIGNATURE_MAX_HEADER + 100] = "t=1700000000";
	char *end;

	for (int i = 0; i < QC_SIGNATURE_MAX - 1; i++)
		strcat(header, ",v1=00");
	end = header + strlen(header);
	sprintf(end, ",v1=%s", sign(NOW, BODY, SECRET));
	ok(passes(header), "the 16th signature counts");
	sprintf(end, ",v1=00,v1=%s", sign(NOW, BODY, SECRET));
	ok(!passes(header), "a header with 17 signatures is refused");
	sprintf(header, "t=1700000000,v1=%s,x=", sign(NOW, BODY, SECRET));
	memset(header + strlen(header), 'x', QC_SIGNATURE_MAX_HEADER - strlen(header));
	header[QC_SIGNATURE_MAX_HEADER] = '\0';
	ok(passes(header), "a header of 4 KiB is read");
	strcat(header, "x");
	ok(!passes(header), "a longer one is refused");
}

int
main(void)
{
	test_hmac();
	test_shape();
	test_time();
	test_body();
	test_rotation();
	test_size();
	return done();
}
