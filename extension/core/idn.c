/*
 * extension/core/idn.c
 *		Names of hosts in any script: as DNS has them, and whether they may be.
 *
 * One label has one script, or one of the mixes that Chinese, Japanese and Korean are
 * written in; digits of one kind; and unless it is ASCII it must not look as if it were.
 */
#include <string.h>

#include <unicode/uidna.h>
#include <unicode/uspoof.h>

#include "extension/core/idn.h"

#define NOT_A_NAME                                                                     \
	"must be of letters, digits and hyphens, which stand neither first nor last."
#define RULES                                                                          \
	(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |                  \
	 UIDNA_CHECK_CONTEXTO | UIDNA_NONTRANSITIONAL_TO_ASCII |                           \
	 UIDNA_NONTRANSITIONAL_TO_UNICODE)

static bool
is_ascii(const char *text, int len)
{
	for (int i = 0; i < len; i++)
		if ((unsigned char) text[i] >= 0x80)
			return false;
	return true;
}

/* Both forms; false when there is no such name. */
static bool
convert(const char *text, QcIdnName *name)
{
	UErrorCode status = U_ZERO_ERROR;
	UIDNAInfo to_unicode = UIDNA_INFO_INITIALIZER;
	UIDNAInfo to_ascii = UIDNA_INFO_INITIALIZER;
	UIDNA *idna = uidna_openUTS46(RULES, &status);
	int len = uidna_nameToUnicodeUTF8(idna, text, -1, name->unicode, QC_IDN_UNICODE_MAX,
									  &to_unicode, &status);
	int ascii_len;

	name->unicode[U_SUCCESS(status) ? len : 0] = '\0';
	ascii_len = uidna_nameToASCII_UTF8(idna, name->unicode, -1, name->ascii,
									   QC_IDN_ASCII_MAX, &to_ascii, &status);
	name->ascii[U_SUCCESS(status) ? ascii_len : 0] = '\0';
	uidna_close(idna);
	return U_SUCCESS(status) && to_unicode.errors == 0 && to_ascii.errors == 0 &&
		   ascii_len > 0;
}

/* Does a label that is not ASCII look like one that is? */
static bool
looks_like_ascii(const USpoofChecker *checker, const char *label, int len,
				 UErrorCode *status)
{
	char skeleton[QC_IDN_UNICODE_MAX + 1];
	int n = uspoof_getSkeletonUTF8(checker, 0, label, len, skeleton, sizeof(skeleton),
								   status);

	return U_SUCCESS(*status) && is_ascii(skeleton, n);
}

static const char *
judge_label(const USpoofChecker *checker, const char *label, int len)
{
	UErrorCode status = U_ZERO_ERROR;
	int found;

	if (is_ascii(label, len))
		return NULL;
	found = uspoof_check2UTF8(checker, label, len, NULL, &status);
	if (U_FAILURE(status) || (found & (USPOOF_CHAR_LIMIT | USPOOF_INVISIBLE)) != 0)
		return NOT_A_NAME;
	if (found != 0)
		return "mixes letters of different scripts.";
	if (looks_like_ascii(checker, label, len, &status))
		return "has letters that look like others.";
	return U_FAILURE(status) ? NOT_A_NAME : NULL;
}

const char *
qc_idn_read(const char *text, QcIdnName *name)
{
	UErrorCode status = U_ZERO_ERROR;
	USpoofChecker *checker;
	const char *complaint = NULL;

	name->characters = 0;
	if (strlen(text) > QC_IDN_UNICODE_MAX || !convert(text, name) ||
		name->ascii[strlen(name->ascii) - 1] == '.')
		return NOT_A_NAME;
	for (const char *c = name->unicode; *c != '\0'; c++)
		name->characters += ((unsigned char) *c & 0xC0) != 0x80;
	checker = uspoof_open(&status);
	if (U_FAILURE(status))
		return NOT_A_NAME;
	uspoof_setRestrictionLevel(checker, USPOOF_HIGHLY_RESTRICTIVE);
	uspoof_setAllowedChars(checker, uspoof_getRecommendedSet(&status), &status);
	uspoof_setChecks(checker,
					 USPOOF_RESTRICTION_LEVEL | USPOOF_MIXED_NUMBERS |
						 USPOOF_INVISIBLE | USPOOF_CHAR_LIMIT,
					 &status);
	for (const char *label = name->unicode; complaint == NULL && label != NULL;)
	{
		const char *dot = strchr(label, '.');

		complaint = judge_label(checker, label,
								dot ? (int) (dot - label) : (int) strlen(label));
		label = dot ? dot + 1 : NULL;
	}
	uspoof_close(checker);
	return complaint;
}
