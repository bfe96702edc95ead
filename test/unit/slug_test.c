/*
 * test/unit/slug_test.c
 *		Handles made from names.
 */
#include "extension/catalogue/slug.c"

#include "tap.h"

static void
becomes(const char *text, const char *wanted, const char *sentence)
{
	char out[4 * QC_SLUG_MAX + 1];

	is_str(qc_slug_make(text, out), wanted, sentence);
}

int
main(void)
{
	char out[4 * QC_SLUG_MAX + 1];
	char longest[4 * QC_SLUG_MAX * 2 + 1] = "";

	becomes("Blue T-Shirt (XL)", "blue-t-shirt-xl", "words are joined by hyphens");
	becomes("  --Tea--  ", "tea", "no hyphen stands at an end");
	becomes("Men's & Women\xe2\x80\x99s", "mens-womens", "an apostrophe joins");
	becomes("Gr\xc3\xbcner Tee \xe2\x80\x93 100\xc2\xa0g", "gr\xc3\xbcner-tee-100-g",
			"other letters stay, other blanks and dashes part");
	becomes("\xe4\xbd\xa0\xe5\xa5\xbd", "\xe4\xbd\xa0\xe5\xa5\xbd",
			"other scripts stay");
	becomes("!!!", "product", "a name without letters gives a word");
	becomes("", "product", "so does no name");
	for (int i = 0; i < QC_SLUG_MAX * 2; i++)
		strcat(longest, "\xf0\x9f\x98\x80");
	is_int(strlen(qc_slug_make(longest, out)), QC_SLUG_MAX * 4, "a long name is cut");
	for (int i = 0; i < QC_SLUG_MAX * 2; i++)
		longest[i] = i % 2 ? ' ' : 'a';
	longest[QC_SLUG_MAX * 2] = '\0';
	ok(strlen(qc_slug_make(longest, out)) <= QC_SLUG_MAX + 1, "hyphens count");
	return done();
}
