/*
 * test/unit/mail_template.c
 *		What templates become: values, sections, escaping, and what is refused.
 *
 * link: extension/mail/value.c extension/mail/locale.c extension/mail/localize.c
 * libs: -lpgcommon -lpgport
 */
#include "extension/mail/template.c"

#undef fprintf
#undef printf

#include "extension/mail/localize.h"

#include "tap.h"

/* Memory contexts free in the server what nothing frees here. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static QcValue *
object_with(const char *name, QcValue *member)
{
	QcValue *object = qc_value_new(QC_VALUE_OBJECT);

	qc_value_put(object, name, member);
	return object;
}

static QcValue *
number_of(const char *text)
{
	QcValue *number = qc_value_new(QC_VALUE_NUMBER);

	number->text = text;
	return number;
}

/* {name, shop {name}, yes, no, nothing, zero, empty, words ["a","b"], rows [{n}, {n}]} */
static QcValue *
world(void)
{
	QcValue *data = object_with("name", qc_value_text("Ada & <Bob> \"C\" 'D'"));
	QcValue *words = qc_value_new(QC_VALUE_LIST);
	QcValue *rows = qc_value_new(QC_VALUE_LIST);

	qc_value_append(words, qc_value_text("a"));
	qc_value_append(words, qc_value_text("b"));
	qc_value_append(rows, object_with("n", number_of("1")));
	qc_value_append(rows, object_with("n", number_of("2")));
	qc_value_put(data, "shop", object_with("name", qc_value_text("Tea {{name}}")));
	qc_value_put(data, "yes", qc_value_bool(true));
	qc_value_put(data, "no", qc_value_bool(false));
	qc_value_put(data, "nothing", qc_value_text(NULL));
	qc_value_put(data, "zero", number_of("0.00"));
	qc_value_put(data, "empty", qc_value_new(QC_VALUE_LIST));
	qc_value_put(data, "words", words);
	qc_value_put(data, "rows", rows);
	return data;
}

static const char *
rendered(const char *text, QcTemplateMode mode)
{
	QcTemplateProblem problem;
	StringInfoData out;
	size_t len = strlen(text);
	char *copy_of = malloc(len + 1); /* its end is watched by the sanitizer */
	bool is_good;

	memcpy(copy_of, text, len + 1);
	initStringInfo(&out);
	is_good = qc_template_render(copy_of, mode, world(), &out, &problem);
	free(copy_of);
	return is_good ? out.data : psprintf("line %d: %s", problem.line, problem.sentence);
}

static void
becomes(const char *text, const char *wanted, const char *sentence)
{
	is_str(rendered(text, QC_TEMPLATE_HTML), wanted, sentence);
}

static void
values(void)
{
	becomes("plain", "plain", "text stays");
	becomes("", "", "nothing stays nothing");
	becomes("{{name}}", "Ada &amp; &lt;Bob&gt; &quot;C&quot; &#39;D&#39;",
			"a value is escaped in HTML");
	is_str(rendered("{{name}}", QC_TEMPLATE_TEXT), "Ada & <Bob> \"C\" 'D'",
		   "and as it is in text");
	is_str(rendered("{{{name}}}", QC_TEMPLATE_LAYOUT), "Ada & <Bob> \"C\" 'D'",
		   "a layout places finished parts");
	is_str(rendered("{{name}}", QC_TEMPLATE_LAYOUT),
		   "Ada &amp; &lt;Bob&gt; &quot;C&quot; &#39;D&#39;", "and escapes all others");
	becomes("{{ shop.name }}", "Tea {{name}}",
			"a value is found by its dotted name, and is never read as a template");
	becomes("{{zero}}", "0.00", "a number is a value");
	becomes("a{{! a comment }}b", "ab", "a comment goes");
	becomes("{ {name} } }}", "{ {name} } }}", "single braces are text");
}

static void
sections(void)
{
	becomes("{{#yes}}a{{/yes}}{{^yes}}b{{/yes}}", "a", "what is true is shown");
	becomes("{{#no}}a{{/no}}{{^no}}b{{/no}}", "b", "what is false is not");
	becomes("{{#nothing}}{{nothing}}{{/nothing}}{{^nothing}}b{{/nothing}}", "b",
			"null is nothing, and what stands inside needs no value");
	becomes("{{#zero}}a{{/zero}}{{#empty}}b{{/empty}}", "",
			"zero and an empty list are nothing");
	becomes("{{#words}}[{{.}}]{{/words}}", "[a][b]", "a list is shown by element");
	becomes("{{#rows}}{{n}}{{#yes}}{{shop.name}}{{/yes}}{{/rows}}",
			"1Tea {{name}}2Tea {{name}}", "names outside are known inside");
	becomes("{{#shop}}{{name}}{{/shop}}", "Tea {{name}}", "the innermost name counts");
	becomes("{{#name}}x{{/name}}", "x", "a text is something");
	becomes("a\n  {{#yes}}\nb\n  {{/yes}}\nc\n", "a\nb\nc\n",
			"a line with a tag alone goes");
	becomes("a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc", "a\r\nb\r\nc",
			"with every sort of line break");
	becomes("{{#yes}}\na\n{{/yes}}", "a\n", "at both ends of the text");
	becomes("a {{#yes}} b {{/yes}} c\n", "a  b  c\n", "any other line stays");
	becomes("x\n{{! only }}\ny", "x\ny", "also that of a comment");
	becomes("x\n{{zero}}\ny", "x\n0.00\ny", "but not that of a value");
}

static void
refusals(void)
{
	char deep[2000] = "";
	char *large = malloc(QC_TEMPLATE_MAX + 2);
	StringInfoData many;

	becomes("a\n{{gone}}", "line 2: the value of \"gone\" is missing",
			"a missing value is named");
	becomes("{{nothing}}", "line 1: the value of \"nothing\" is missing",
			"null is missing too");
	becomes("{{shop.gone}}", "line 1: the value of \"shop.gone\" is missing",
			"by its whole name");
	becomes("{{shop.name.more}}", "line 1: the value of \"shop.name.more\" is missing",
			"a text has no members");
	becomes("{{gone.name}}", "line 1: the value of \"gone\" is missing",
			"or by the part of it that is missing");
	becomes("{{nothing.name}}", "line 1: the value of \"nothing\" is missing",
			"or null");
	becomes("{{#gone}}a{{/gone}}", "line 1: the value of \"gone\" is missing",
			"also that of a section");
	becomes("{{^gone}}a{{/gone}}", "line 1: the value of \"gone\" is missing",
			"also that of an inverted one");
	becomes("{{shop}}", "line 1: the value of \"shop\" is neither text nor number",
			"an object is no text");
	becomes("{{yes}}", "line 1: the value of \"yes\" is neither text nor number",
			"nor is a truth");
	becomes("{{#yes}}a", "line 1: section \"yes\" is not closed",
			"a section must be closed");
	becomes("{{#no}}a", "line 1: section \"no\" is not closed", "shown or not");
	becomes("a{{/yes}}", "line 1: section \"yes\" is closed but not open",
			"what is closed must be open");
	becomes("{{#no}}{{#yes}}{{/no}}{{/yes}}",
			"line 1: section \"no\" is closed but not open", "sections nest");
	becomes("{{name", "line 1: a tag is not closed", "a tag must be closed");
	becomes("{{", "line 1: a tag is not closed", "at the end too");
	becomes("{{!", "line 1: a tag is not closed", "a comment too");
	becomes("{{}}", "line 1: a tag's name is not a name", "a tag has a name");
	becomes("{{a b}}", "line 1: a tag's name is not a name", "without blanks");
	becomes("{{a..b}}", "line 1: a tag's name is not a name", "or empty parts");
	becomes("{{.a}}", "line 1: a tag's name is not a name", "nor a leading dot");
	becomes("{{>part}}", "line 1: tags with \">\" are not known", "no partials");
	becomes("{{=<% %>=}}", "line 1: tags with \"=\" are not known",
			"no other delimiters");
	becomes("{{&name}}", "line 1: tags with \"&\" are not known",
			"nothing unescaped by an ampersand");
	becomes("{{{name}}}", "line 1: only a layout may use {{{…}}}",
			"nor by three braces, but in layouts");
	becomes("{{#no}}{{&x}}{{/no}}", "line 1: tags with \"&\" are not known",
			"what is not shown is looked at as well");
	for (int i = 0; i < MAX_DEPTH + 1; i++)
		strcat(deep, "{{#yes}}");
	for (int i = 0; i < MAX_DEPTH + 1; i++)
		strcat(deep, "{{/yes}}");
	becomes(deep, "line 1: sections are nested too deeply", "nesting has a limit");
	memset(large, 'x', QC_TEMPLATE_MAX + 1);
	large[QC_TEMPLATE_MAX + 1] = '\0';
	becomes(large, "line 1: it is too large", "so has the size");
	free(large);
	initStringInfo(&many);
	for (int i = 0; i < 15; i++)
		appendStringInfoString(&many, "{{#words}}");
	for (int i = 0; i < 15; i++)
		appendStringInfoString(&many, "{{/words}}");
	becomes(many.data, "line 1: it becomes too large",
			"lists in lists do not take for ever");
}

/* Whatever comes, the walk ends and stays within the text. */
static void
random_input(void)
{
	static const char *const parts[] = {
		"{{",  "}}", "{{{", "}}}", "#",  "^", "/", "!", "name", "words",
		"yes", "no", ".",   " ",   "\n", "{", "}", "x", "<",    "shop.name",
	};
	unsigned seed = 11;
	int good = 0;

	for (int round = 0; round < 30000; round++)
	{
		char text[256] = "";

		for (int i = 0; i < 14; i++)
		{
			seed = seed * 1103515245u + 12345u;
			strcat(text, parts[(seed >> 16) % lengthof(parts)]);
		}
		good += strncmp(rendered(text, QC_TEMPLATE_HTML), "line ", 5) != 0;
	}
	ok(good > 0 && good < 30000, "30000 random templates become something or fail");
}

/* A field after it was made readable in a language, through a template. */
static void
reads(const char *tag, const char *value, const char *sort, const char *text,
	  const char *wanted)
{
	QcValue *data = object_with("v", number_of(value));
	QcValue *fields = object_with("v", qc_value_text(sort));
	QcTemplateProblem problem;
	StringInfoData out;

	qc_value_put(data, "c", qc_value_text("USD"));
	qc_value_put(data, "e", qc_value_text("CHF"));
	initStringInfo(&out);
	if (qc_localize_data(data, fields, qc_locale_find(tag), &problem) &&
		qc_template_render(text, QC_TEMPLATE_TEXT, data, &out, &problem))
		is_str(out.data, wanted, psprintf("%s: %s as %s", tag, value, sort));
	else
		is_str(problem.sentence, wanted, psprintf("%s: %s is no %s", tag, value, sort));
}

static void
languages(void)
{
	const char *plural = "{{#v.zero}}zero{{/v.zero}}{{#v.one}}one{{/v.one}}"
						 "{{#v.two}}two{{/v.two}}{{#v.few}}few{{/v.few}}"
						 "{{#v.many}}many{{/v.many}}{{#v.other}}other{{/v.other}}";

	reads("en", "2026-11-24T23:59:59Z", "date", "{{v}}", "November 24, 2026");
	reads("en", "2027-01-05", "date", "{{v}}", "January 5, 2027");
	reads("de-AT", "2026-03-04", "date", "{{v}}", "4. März 2026");
	reads("ar", "2026-11-24", "date", "{{v}}", "24 نوفمبر 2026");
	reads("bn", "2026-11-24", "date", "{{v}}", "২৪ নভেম্বর, ২০২৬");
	reads("fr", "2026-11-24", "date", "{{v}}", "November 24, 2026");
	reads("de", "2026-10-01", "month", "{{v}}", "Oktober 2026");
	reads("en", "1234567.5", "number", "{{v}}", "1,234,567.5");
	reads("de", "-1234", "number", "{{v}}", "-1.234");
	reads("bn", "1234567", "number", "{{v}}", "১২,৩৪,৫৬৭");
	reads("bn", "100", "number", "{{v}}", "১০০");
	reads("en", "1234.50", "money:c", "{{v}}", "$1,234.50");
	reads("en", "-5.00", "money:c", "{{v}}", "-$5.00");
	reads("de", "29.00", "money:c", "{{v}}", "29,00\xc2\xa0$");
	reads("ar", "29.00", "money:c", "{{v}}",
		  "\xe2\x80\x8f"
		  "29.00\xc2\xa0US$");
	reads("bn", "29.00", "money:c", "{{v}}", "২৯.০০$");
	reads("en", "29.00", "money:e", "{{v}}",
		  "CHF\xc2\xa0"
		  "29.00");
	reads("en", "29.00", "money:gone", "{{v}}", "the value of \"gone\" is missing");
	reads("de", "80", "percent", "{{v.n}} {{v.bar}}", "80\xc2\xa0% 80");
	reads("en", "0", "percent", "{{v.n}} {{v.bar}}", "0% 1");
	reads("en", "250", "percent", "{{v.n}} {{v.bar}}", "250% 100");
	reads("en", "1", "count", plural, "one");
	reads("en", "14", "count", plural, "other");
	reads("bn", "0", "count", plural, "one");
	reads("ar", "0", "count", plural, "zero");
	reads("ar", "1", "count", plural, "one");
	reads("ar", "2", "count", plural, "two");
	reads("ar", "3", "count", plural, "few");
	reads("ar", "110", "count", plural, "few");
	reads("ar", "11", "count", plural, "many");
	reads("ar", "99", "count", plural, "many");
	reads("ar", "100", "count", plural, "other");
	reads("en", "-1", "count", "{{#v.is_unlimited}}u{{/v.is_unlimited}}", "u");
	reads("en", "0", "count", "{{#v.is_zero}}z{{/v.is_zero}}", "z");
	reads("en", "a", "choice:a,b", "{{#v.a}}A{{/v.a}}{{#v.b}}B{{/v.b}}", "A");
	reads("en", "c", "choice:a,b", "", "the value of \"v\" is no choice:a,b");
	reads("en", "2026-13-01", "date", "", "the value of \"v\" is no date");
	reads("en", "soon", "date", "", "the value of \"v\" is no date");
	reads("en", "1e5", "number", "", "the value of \"v\" is no number");
	reads("en", "1.5", "count", "", "the value of \"v\" is no count");
	reads("en", "1", "colour", "", "the value of \"v\" is no colour");
}

int
main(void)
{
	values();
	sections();
	refusals();
	random_input();
	languages();
	return done();
}
