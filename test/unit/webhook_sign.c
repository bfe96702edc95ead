/*
 * test/unit/webhook_sign.c
 *		Standard Webhooks: the reference libraries' vectors, rotation, and hostile input.
 *
 * link: extension/core/standard_webhooks.c
 * libs: -lpgcommon -lcrypto
 */
#include "extension/webhook/sign.c"

#undef fprintf
#undef printf
#undef snprintf
#undef sprintf
#undef vsnprintf

#include "sha256.h"
#include "tap.h"

#include "extension/core/crypto.h"

#define SECRET    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SEED      "VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk="
#define ID        "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define TIME      INT64CONST(1614265330)
#define TIME_TEXT "1614265330"
#define BODY      "{\"test\": 2432232314}"
#define SIGNED    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define SIGNED_A                                                                       \
	"v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM"  \
	"5WqyeFiL8Ag=="
#define OTHER "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

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

void
qc_crypto_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
					  uint8 digest[QC_SHA256_LEN])
{
	test_hmac_sha256(key, key_len, data, len, digest);
}

/* --- the tests --- */

static QcSignKey
hmac_key(const char *secret)
{
	QcSignKey key = {.scheme = QC_SIGN_HMAC};

	key.len = qc_standard_webhooks_key(secret, strlen(secret), key.bytes);
	return key;
}

static QcSignKey
seed_key(const char *seed)
{
	QcSignKey key = {.scheme = QC_SIGN_ED25519};

	key.len = qc_standard_webhooks_key(seed, strlen(seed), key.bytes);
	return key;
}

static bool
is_signed_with(const QcSignKey *keys, int n, int64 time, const char *wanted)
{
	char *got = qc_sign_message(keys, n, ID, time, BODY, strlen(BODY));
	bool is_same = got != NULL && strcmp(got, wanted) == 0;

	free(got); /* NULL when nothing was signed */
	return is_same;
}

static bool
fits(const char *id, const char *time, const char *signatures, const char *secrets,
	 int64 now)
{
	QcWebhookHead head = {.id = id, .timestamp = time, .signatures = signatures};

	return qc_standard_webhooks_verify(&head, BODY, strlen(BODY), secrets, now);
}

static void
test_signing(void)
{
	QcSignKey keys[2] = {hmac_key(SECRET), seed_key(SEED)};
	QcSignKey same[3] = {keys[0], keys[0], keys[0]};
	char text[QC_SIGN_TEXT_SIZE];

	ok(is_signed_with(keys, 1, TIME, SIGNED),
	   "the reference vector of v1 is signed as published");
	ok(is_signed_with(keys + 1, 1, TIME, SIGNED_A), "so is that of v1a");
	ok(is_signed_with(keys, 2, TIME, SIGNED " " SIGNED_A),
	   "O11: with two keys there are two signatures, separated by a blank");
	ok(!is_signed_with(keys, 1, TIME + 1, SIGNED),
	   "O11: another time has another signature");
	ok(!is_signed_with(same, 3, TIME, SIGNED " " SIGNED " " SIGNED) &&
		   !is_signed_with(keys, 0, TIME, ""),
	   "more than two keys, or none, sign nothing");
	qc_sign_secret_text(&keys[0], text);
	is_str(text, SECRET, "a secret is shown as it is read");
	ok(qc_sign_public_text(&keys[1], text), "a public key is made of a private one");
	is_str(text, "whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g=",
		   "and shown with its prefix");
	keys[1].len = 7;
	ok(!is_signed_with(keys + 1, 1, TIME, SIGNED_A) &&
		   !qc_sign_public_text(&keys[1], text),
	   "a private key of another length signs nothing");
}

static void
test_verifying(void)
{
	ok(fits(ID, TIME_TEXT, SIGNED, SECRET, TIME), "the reference vector verifies");
	ok(fits(ID, TIME_TEXT, SIGNED, SECRET, TIME + 300) &&
		   fits(ID, TIME_TEXT, SIGNED, SECRET, TIME - 300),
	   "within five minutes");
	ok(!fits(ID, TIME_TEXT, SIGNED, SECRET, TIME + 301) &&
		   !fits(ID, TIME_TEXT, SIGNED, SECRET, TIME - 301),
	   "and not after or before");
	ok(fits(ID, TIME_TEXT,
			"v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,x " SIGNED " v1a,y",
			SECRET, TIME),
	   "one fitting signature of several is enough");
	ok(fits(ID, TIME_TEXT, SIGNED, OTHER ", " SECRET, TIME) &&
		   fits(ID, TIME_TEXT, SIGNED, SECRET "," OTHER, TIME),
	   "so is one fitting secret of several");
	ok(!fits(ID, TIME_TEXT, SIGNED, OTHER, TIME), "another secret does not fit");
	ok(!fits(ID, TIME_TEXT, SIGNED, "", TIME) &&
		   !fits(ID, TIME_TEXT, SIGNED, " , ,", TIME) &&
		   !fits(ID, TIME_TEXT, SIGNED, "whsec_", TIME) &&
		   !fits(ID, TIME_TEXT, SIGNED, "whsec_%%%%", TIME) &&
		   !fits(ID, TIME_TEXT, SIGNED, "whsec_AAAA", TIME),
	   "no secret, an empty, a malformed and a short one fit nothing");
	ok(!fits("msg_other", TIME_TEXT, SIGNED, SECRET, TIME), "another id does not fit");
	ok(!fits(ID, "1614265331", SIGNED, SECRET, TIME), "another time does not fit");
	ok(!fits(ID ".x", TIME_TEXT, SIGNED, SECRET, TIME) &&
		   !fits("", TIME_TEXT, SIGNED, SECRET, TIME),
	   "an id that is empty or has a full stop is refused");
	ok(!fits(NULL, TIME_TEXT, SIGNED, SECRET, TIME) &&
		   !fits(ID, NULL, SIGNED, SECRET, TIME) &&
		   !fits(ID, TIME_TEXT, NULL, SECRET, TIME),
	   "each header is needed");
	ok(!fits(ID, "1614265330x", SIGNED, SECRET, TIME) &&
		   !fits(ID, "-1", SIGNED, SECRET, TIME) &&
		   !fits(ID, "", SIGNED, SECRET, TIME) &&
		   !fits(ID, "16142653301614265330", SIGNED, SECRET, TIME),
	   "a time that is no number is refused");
	ok(!fits(ID, TIME_TEXT, "", SECRET, TIME) &&
		   !fits(ID, TIME_TEXT, "v1,", SECRET, TIME) &&
		   !fits(ID, TIME_TEXT, "v1", SECRET, TIME) &&
		   !fits(ID, TIME_TEXT, "   ", SECRET, TIME),
	   "an empty signature fits nothing");
}

/* More signatures than anybody sends: those far behind are not looked at. */
static void
test_flood(void)
{
	char list[20 * 3 + sizeof(SIGNED)] = "";
	int n = 0;

	for (int i = 0; i < 20; i++)
		n += snprintf(list + n, sizeof(list) - n, "v1 ");
	memcpy(list + n, SIGNED, sizeof(SIGNED));
	ok(!fits(ID, TIME_TEXT, list, SECRET, TIME),
	   "after sixteen signatures no more are looked at");
}

int
main(void)
{
	test_signing();
	test_verifying();
	test_flood();
	return done();
}
