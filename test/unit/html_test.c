/*
 * test/unit/html_test.c
 *		What is left of a vendor's description.
 */
#include "extension/catalogue/html.c"

#include <stdlib.h>

#include "tap.h"

typedef struct Out
{
	char *text;
	size_t len;
} Out;

static void
collect(void *state, const char *piece, size_t len)
{
	Out *out = state;

	out->text = realloc(out->text, out->len + len + 1);
	if (len > 0)
		memcpy(out->text + out->len, piece, len);
	out->len += len;
	out->text[out->len] = '\0';
}

/* Cleans a copy without a NUL behind it, so that reading on is seen. */
static char *
clean(const char *html)
{
	size_t len = strlen(html);
	char *copy = malloc(len ? len : 1);
	Out out = {calloc(1, 1), 0};

	memcpy(copy, html, len);
	qc_html_clean(copy, len, collect, &out);
	free(copy);
	return out.text;
}

static void
becomes(const char *html, const char *wanted, const char *text)
{
	char *once = clean(html);
	char *twice = clean(once);

	is_str(once, wanted, text);
	if (strcmp(once, twice) != 0)
		is_str(twice, once, "cleaned text stays as it is when cleaned again");
	free(once);
	free(twice);
}

/* Whatever comes, no tag but ours and no attribute but ours comes out. */
static bool
is_safe(const char *html)
{
	for (const char *c = html; (c = strchr(c, '<')) != NULL; c++)
	{
		const char *name = c + 1 + (c[1] == '/');
		size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz123456");
		bool is_ours = false;

		for (size_t i = 0; i < LENGTH(kept); i++)
			is_ours |= strlen(kept[i]) == len && strncmp(kept[i], name, len) == 0;
		if (!is_ours || (name[len] != '>' && name[len] != ' '))
			return false;
		for (; *name != '>'; name++)
			if (strncmp(name, "=\"javascript:", 13) == 0)
				return false;
	}
	return true;
}

static void
random_input_is_safe(void)
{
	static const char *const parts[] = {
		"<",       ">",           "\"",        "'",         "=",    "/",
		"<a ",     "href=",       "<b",        "</",        "<!--", "-->",
		"<script", "</script",    "<p>",       "onclick=x", " ",    "<img ",
		"src=",    "javascript:", "https://x", "&",         "\n",   "<div",
	};
	bool all_safe = true;
	bool all_stable = true;
	unsigned seed = 7;

	for (int round = 0; round < 20000; round++)
	{
		char html[512] = "";
		char *once;
		char *twice;

		for (int i = 0; i < 20; i++)
		{
			seed = seed * 1103515245u + 12345u;
			strcat(html, parts[(seed >> 16) % LENGTH(parts)]);
		}
		once = clean(html);
		twice = clean(once);
		all_safe &= is_safe(once);
		all_stable &= strcmp(once, twice) == 0;
		free(once);
		free(twice);
	}
	ok(all_safe, "20000 random texts leave nothing but allowed markup");
	ok(all_stable, "and each stays as it is when cleaned again");
}

int
main(void)
{
	char deep[MAX_DEPTH * 6 + 100] = "";
	char *out;

	becomes("plain text", "plain text", "text stays");
	becomes("<p>A <b>bold</b> <EM>word</EM><br/></p>",
			"<p>A <b>bold</b> <em>word</em><br></p>",
			"allowed elements stay, in lower case");
	becomes("<p class=\"x\" onclick='evil()' style=\"a\">t</p>", "<p>t</p>",
			"attributes that are not allowed go");
	becomes("a<script>alert(1)</script>b", "ab", "a script goes with its text");
	becomes("a<ScRiPt src=x>alert(1)</sCrIpT >b", "ab",
			"a script goes however it is written");
	becomes("a<script>never ends", "a", "a script without end takes the rest with it");
	becomes("<style>p{}</style><iframe src=x>y</iframe>z", "z", "styles and frames go");
	becomes("<svg><script>x</script></svg>ok", "ok", "drawings go");
	becomes("<font color=red>red</font>", "red",
			"unknown elements go, their text stays");
	becomes("<!-- c --><!doctype html><?php x ?>t", "t",
			"comments and declarations go");
	becomes("<!--> <script>x</script> -->t", "t", "an odd comment hides nothing");
	becomes("1 < 2 && 3 > 2", "1 &lt; 2 && 3 &gt; 2", "lonely brackets are text");
	becomes("<b", "&lt;b", "a tag without end is text");
	becomes("<b>open <i>both", "<b>open <i>both</i></b>", "what stays open is closed");
	becomes("</div>text</p>", "text", "an end without a beginning goes");
	becomes("<b><i>x</b>y</i>", "<b><i>x</i></b>y", "crossed elements are nested");
	becomes("<a href=\"https://x.example/?a=1&b=2\" target=_blank>l</a>",
			"<a href=\"https://x.example/?a=1&b=2\" rel=\"nofollow noopener\">l</a>",
			"a link keeps its address");
	becomes("<a href=javascript:alert(1)>l</a>", "<a rel=\"nofollow noopener\">l</a>",
			"a link to a script loses its address");
	becomes("<a href=\" jav\tascript:alert(1)\">l</a>",
			"<a rel=\"nofollow noopener\">l</a>", "blanks do not hide a script");
	becomes("<a href=\"&#106;avascript:alert(1)\">l</a>",
			"<a rel=\"nofollow noopener\">l</a>", "entities do not hide a script");
	becomes("<a href=\"//evil.example\">l</a>", "<a rel=\"nofollow noopener\">l</a>",
			"a link without scheme to another host loses its address");
	becomes(
		"<img src='https://x.example/a.png' alt='a \"b\"' onerror=x width=10>",
		"<img src=\"https://x.example/a.png\" alt=\"a &quot;b&quot;\" width=\"10\">",
		"quotes inside a value are escaped");
	becomes("<img src=\"data:image/svg+xml,x\">", "<img>",
			"embedded pictures lose their source");
	becomes("<td colspan=2 rowspan=x>c</td>", "<td colspan=\"2\">c</td>",
			"numbers are numbers");
	becomes("<img alt=\"<script>\">", "<img alt=\"&lt;script&gt;\">",
			"brackets in a value are escaped");
	becomes("<a title='x' title='y'>l</a>",
			"<a title=\"x\" rel=\"nofollow noopener\">l</a>",
			"of an attribute written twice the first counts");
	becomes("", "", "nothing stays nothing");
	becomes("Grün <b>für</b> 你好", "Grün <b>für</b> 你好", "other scripts stay");
	for (int i = 0; i < MAX_DEPTH + 20; i++)
		strcat(deep, "<b>");
	out = clean(deep);
	is_int(strlen(out), MAX_DEPTH * 7, "nesting has a limit");
	free(out);
	random_input_is_safe();
	return done();
}
