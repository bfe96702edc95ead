/*
 * test/unit/idn_test.c
 *		Names of hosts in any script.
 *
 * link: extension/core/idn.c
 * libs: -licui18n -licuuc
 */
#include "extension/core/idn.h"

#include "tap.h"

static void
becomes(const char *text, const char *ascii, int characters, const char *sentence)
{
	QcIdnName name;
	const char *complaint = qc_idn_read(text, &name);

	is_str(complaint ? complaint : name.ascii, ascii, sentence);
	if (characters > 0)
		is_int(name.characters, characters, "with its characters counted");
}

static void
refused(const char *text, const char *said, const char *sentence)
{
	QcIdnName name;
	const char *complaint = qc_idn_read(text, &name);

	ok(complaint != NULL && strncmp(complaint, said, strlen(said)) == 0, sentence);
}

int
main(void)
{
	char longest[1100];
	QcIdnName name;

	becomes("Teas", "teas", 4, "a name is taken in small letters");
	becomes("caf\xc3\xa9", "xn--caf-dma", 4, "other letters become Punycode");
	becomes("cafe\xcc\x81", "xn--caf-dma", 4, "in whichever form they come");
	becomes("xn--caf-dma", "xn--caf-dma", 4, "which is known when it is sent");
	becomes("stra\xc3\x9f"
			"e",
			"xn--strae-oqa", 6, "a sharp s stays one");
	becomes("\xd1\x87\xd0\xb0\xd0\xb9", "xn--80as4b", 3, "Cyrillic is a script");
	becomes("shop.example.co.uk", "shop.example.co.uk", 18,
			"a name may have several labels");
	becomes("\xd1\x87\xd0\xb0\xd0\xb9.example", "xn--80as4b.example", 11,
			"each with a script of its own");
	ok(qc_idn_read("xn--caf-dma", &name) == NULL &&
		   strcmp(name.unicode, "caf\xc3\xa9") == 0,
	   "people read letters");

	refused("te\xd0\xb0s", "mixes", "a Cyrillic a among Latin letters");
	refused("xn--tes-7cd", "mixes", "also when it comes as Punycode");
	refused("\xce\xb1\xd0\xb1\xd0\xb2", "mixes", "Greek among Cyrillic ones");
	refused("\xd8\xa7"
			"1\xd9\xa2\xd8\xa7",
			"m", "digits of two kinds");
	refused("\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5", "has letters",
			"Cyrillic letters that read \"apple\"");
	refused("p\xc4\xb1n", "has letters", "a dotless i");
	refused("", "must be", "nothing");
	refused("a b", "must be", "a blank");
	refused("a_b", "must be", "an underscore");
	refused("-ab", "must be", "a hyphen in front");
	refused("ab-", "must be", "a hyphen behind");
	refused("ab--cd", "must be", "hyphens where Punycode has them");
	refused("xn--a", "must be", "Punycode that is none");
	refused("xn--abc-", "must be", "Punycode of what needs none");
	refused("a..b", "must be", "an empty label");
	refused("a.b.", "must be", "a dot at the end");
	refused("\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80", "must be", "pictures");
	refused("ab\xe2\x80\x8d"
			"c",
			"must be", "a joiner that joins nothing");
	refused("a\xc3", "must be", "half a character");
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	refused(longest, "must be", "a name without end");
	longest[64] = '\0';
	refused(longest, "must be", "a label of 64 letters");
	longest[63] = '\0';
	becomes(longest, longest, 63, "one of 63 is one");
	return done();
}
