/*
 * test/unit/webhook_seal.c
 *		Secrets at rest: a sealed one opens in its place with its key, and nowhere else.
 *
 * libs: -lpgcommon -lcrypto
 * cflags: -Wno-unused-function
 */
#include "extension/core/seal.c"

#undef fprintf
#undef printf
#undef snprintf
#undef sprintf
#undef vsnprintf

#include <setjmp.h>

#include "sha256.h"
#include "tap.h"

#define KEY_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define KEY_B "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
#define PLACE "webhook:1:2:secret"

/* --- what the server would bring --- */

char *qc_guc_secret_keys;
char *GUC_check_errmsg_string;
char *GUC_check_errhint_string;
static sigjmp_buf raised;

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
pre_format_elog_string(int number, const char *domain)
{
}

char *
format_elog_string(const char *format, ...)
{
	static char text[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return text;
}

bool
errstart(int level, const char *domain)
{
	return true;
}

bool
errstart_cold(int level, const char *domain)
{
	return errstart(level, domain);
}

void
errfinish(const char *file, int line, const char *function)
{
	siglongjmp(raised, 1);
}

int
errmsg(const char *format, ...)
{
	return 0;
}

int
errmsg_internal(const char *format, ...)
{
	return 0;
}

int
errhint(const char *format, ...)
{
	return 0;
}

int
qc_err(QcError error)
{
	return 0;
}

void
qc_crypto_sha256(const void *data, size_t len, uint8 digest[QC_SHA256_LEN])
{
	test_sha256(data, len, digest);
}

void
qc_crypto_hex(const uint8 *data, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		(void) snprintf(out + 2 * i, 3, "%02x", data[i]);
}

/* Not random at all, but another one each time. */
void
qc_crypto_random(void *out, size_t len)
{
	static uint8 next = 1;

	memset(out, next++, len);
}

/* --- the tests --- */

static QcSealVerdict
open_as(const char *sealed, const char *place, const char *wanted)
{
	uint8 out[QC_SEAL_SECRET_MAX];
	int len = 0;
	QcSealVerdict verdict = qc_seal_open(sealed, place, out, &len);

	if (verdict == QC_SEAL_OPENED &&
		(len != (int) strlen(wanted) || memcmp(out, wanted, len) != 0))
		return -1;
	return verdict;
}

static void
test_opening(void)
{
	char *sealed = qc_seal("open sesame", 11, PLACE);
	char *again = qc_seal("open sesame", 11, PLACE);
	int broken = 0;

	is_int(open_as(sealed, PLACE, "open sesame"), QC_SEAL_OPENED,
		   "O33: what was sealed is opened in its place");
	ok(strstr(sealed, "sesame") == NULL, "O33: the secret does not show");
	ok(strcmp(sealed, again) != 0, "the same secret is sealed differently each time");
	is_int(open_as(sealed, "webhook:1:3:secret", ""), QC_SEAL_BROKEN,
		   "O33: moved to another row it does not open");
	for (size_t i = HEAD_LEN; sealed[i] != '\0' && sealed[i] != '='; i++)
	{
		char was = sealed[i];

		sealed[i] = was == 'A' ? 'B' : 'A';
		broken += open_as(sealed, PLACE, "open sesame") == QC_SEAL_BROKEN;
		sealed[i] = was;
	}
	/* The last character's spare bits are not of the secret. */
	ok(broken >= (int) strcspn(sealed + HEAD_LEN, "=") - 1,
	   "O33: with any character changed it does not open");
	free(sealed);
	free(again);
}

static void
test_foreign_text(void)
{
	static const char *const texts[] = {
		"",
		"s1.",
		"open sesame",
		"s1.12345678",
		"s1.12345678.",
		"s1.12345678.AAAA",
		"s2.12345678.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	int refused = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refused += open_as(texts[i], PLACE, "") == QC_SEAL_BROKEN;
	is_int(refused, sizeof(texts) / sizeof(texts[0]), "text that is no seal is broken");
	is_int(open_as("s1.12345678.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
				   PLACE, ""),
		   QC_SEAL_NO_KEY, "a key that nobody has is said to be missing");
}

static void
test_rotation(void)
{
	char *sealed = qc_seal("open sesame", 11, PLACE);
	char *newer;

	ok(qc_seal_is_current(sealed), "what the first key sealed is current");
	qc_guc_secret_keys = KEY_B " , " KEY_A;
	is_int(open_as(sealed, PLACE, "open sesame"), QC_SEAL_OPENED,
		   "a key that has moved to the second place still opens");
	ok(!qc_seal_is_current(sealed), "but is not current");
	newer = qc_seal("open sesame", 11, PLACE);
	ok(qc_seal_is_current(newer), "the first one seals");
	qc_guc_secret_keys = KEY_B;
	is_int(open_as(sealed, PLACE, ""), QC_SEAL_NO_KEY,
		   "O33: without its key it stays closed");
	is_int(open_as(newer, PLACE, "open sesame"), QC_SEAL_OPENED,
		   "what was resealed opens");
	qc_guc_secret_keys = KEY_A;
	free(sealed);
	free(newer);
}

static bool
is_allowed(const char *keys)
{
	char *value = (char *) keys;

	return qc_seal_check_keys(&value, NULL, PGC_S_FILE);
}

static void
test_setting(void)
{
	ok(is_allowed("") && is_allowed(KEY_A) && is_allowed(KEY_A ", " KEY_B ","),
	   "no key, one, and several are taken");
	ok(!is_allowed("hunter2") && !is_allowed("AAAA") && !is_allowed(KEY_A ",x") &&
		   !is_allowed(KEY_A KEY_B),
	   "anything but 32 bytes in Base64 is refused");
	ok(!is_allowed("hunter2") && strstr(GUC_check_errmsg_string, "hunter2") == NULL,
	   "O26: without showing it");
	qc_seal_need_key();
	qc_guc_secret_keys = "";
	if (sigsetjmp(raised, 0) == 0)
	{
		qc_seal_need_key();
		ok(false, "without a key an error is raised");
	}
	else
		ok(true, "without a key an error is raised");
}

int
main(void)
{
	qc_guc_secret_keys = KEY_A;
	test_opening();
	test_foreign_text();
	test_rotation();
	test_setting();
	return done();
}
