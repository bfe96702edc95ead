/*
 * extension/catalogue/html.c
 *		Descriptions of vendors, made safe to show: a whitelist, written out anew.
 *
 * Nothing of the input's markup is copied: an allowed tag is written from its name, an
 * allowed attribute from its name and its escaped value.  A "<" that begins no tag is
 * text.  Entities in a link's value are not decoded; the value must begin with an
 * allowed scheme as it stands, so "&#106;avascript:" is dropped like any other.
 */
#include "extension/catalogue/html.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define MAX_DEPTH 64
#define MAX_NAME  16

typedef struct Cleaner
{
	const char *at;
	const char *end;
	QcHtmlSink sink;
	void *state;
	const char *open[MAX_DEPTH]; /* names of open elements, outermost first */
	int depth;
} Cleaner;

typedef struct Text
{
	const char *at;
	size_t len;
} Text;

typedef struct Tag
{
	char name[MAX_NAME]; /* in lower case; "" when longer than any of ours */
	bool is_end;
	Text attributes;
} Tag;

static const char *const kept[] = {
	"a",    "abbr",   "b",   "blockquote", "br",    "caption",    "code",   "dd",
	"del",  "div",    "dl",  "dt",         "em",    "figcaption", "figure", "h1",
	"h2",   "h3",     "h4",  "h5",         "h6",    "hr",         "i",      "img",
	"ins",  "li",     "ol",  "p",          "pre",   "q",          "s",      "small",
	"span", "strong", "sub", "sup",        "table", "tbody",      "td",     "tfoot",
	"th",   "thead",  "tr",  "u",          "ul",
};

/* Dropped with everything in them. */
static const char *const dropped[] = {
	"applet",  "audio",    "embed",    "form",     "frameset",  "iframe", "math",
	"noembed", "noframes", "noscript", "object",   "plaintext", "script", "select",
	"style",   "svg",      "template", "textarea", "title",     "video",  "xmp",
};

static const char *const empty[] = {"br", "hr", "img"};

typedef enum Rule
{
	RULE_TEXT,
	RULE_NUMBER,
	RULE_LINK,   /* http, https, mailto or a path */
	RULE_PICTURE /* http, https or a path */
} Rule;

static const struct
{
	const char *tag;
	const char *attribute;
	Rule rule;
} attributes[] = {
	{"a", "href", RULE_LINK},       {"a", "title", RULE_TEXT},
	{"abbr", "title", RULE_TEXT},   {"img", "src", RULE_PICTURE},
	{"img", "alt", RULE_TEXT},      {"img", "width", RULE_NUMBER},
	{"img", "height", RULE_NUMBER}, {"td", "colspan", RULE_NUMBER},
	{"td", "rowspan", RULE_NUMBER}, {"th", "colspan", RULE_NUMBER},
	{"th", "rowspan", RULE_NUMBER},
};

#define LENGTH(list) (sizeof(list) / sizeof((list)[0]))

static bool read_tag(Cleaner *cleaner, Tag *tag);
static void skip_declaration(Cleaner *cleaner);
static void take_tag(Cleaner *cleaner, const Tag *tag);

static void
emit(Cleaner *cleaner, const char *text)
{
	cleaner->sink(cleaner->state, text, strlen(text));
}

/* Text with the characters escaped that could end it. */
static void
emit_escaped(Cleaner *cleaner, const char *text, size_t len)
{
	const char *run = text;

	for (const char *c = text; c < text + len; c++)
	{
		const char *escaped = *c == '<' ? "&lt;" : *c == '>' ? "&gt;" : "&quot;";

		if (*c != '<' && *c != '>' && *c != '"')
			continue;
		cleaner->sink(cleaner->state, run, c - run);
		emit(cleaner, escaped);
		run = c + 1;
	}
	cleaner->sink(cleaner->state, run, text + len - run);
}

/* Characters up to the next "<"; quotes may stay as they are. */
static void
take_text(Cleaner *cleaner)
{
	const char *start = cleaner->at;

	while (cleaner->at < cleaner->end && *cleaner->at != '<')
	{
		if (*cleaner->at == '>')
		{
			cleaner->sink(cleaner->state, start, cleaner->at - start);
			emit(cleaner, "&gt;");
			start = cleaner->at + 1;
		}
		cleaner->at++;
	}
	cleaner->sink(cleaner->state, start, cleaner->at - start);
}

void
qc_html_clean(const char *html, size_t len, QcHtmlSink sink, void *state)
{
	Cleaner cleaner = {.at = html, .end = html + len, .sink = sink, .state = state};

	while (cleaner.at < cleaner.end)
	{
		const char *start = cleaner.at;
		Tag tag;

		if (*cleaner.at != '<')
			take_text(&cleaner);
		else if (start + 1 < cleaner.end && (start[1] == '!' || start[1] == '?'))
			skip_declaration(&cleaner);
		else if (read_tag(&cleaner, &tag))
			take_tag(&cleaner, &tag);
		else
		{
			emit(&cleaner, "&lt;");
			cleaner.at = start + 1;
		}
	}
	while (cleaner.depth > 0)
	{
		emit(&cleaner, "</");
		emit(&cleaner, cleaner.open[--cleaner.depth]);
		emit(&cleaner, ">");
	}
}

/* A comment, a doctype, a processing instruction: nothing of it is kept. */
static void
skip_declaration(Cleaner *cleaner)
{
	bool is_comment =
		cleaner->end - cleaner->at >= 4 && memcmp(cleaner->at, "<!--", 4) == 0;
	const char *c = cleaner->at + (is_comment ? 4 : 2);

	for (; c < cleaner->end; c++)
		if (*c == '>' &&
			(!is_comment || (c - cleaner->at >= 6 && c[-1] == '-' && c[-2] == '-')))
			break;
	cleaner->at = c < cleaner->end ? c + 1 : cleaner->end;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_name_char(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '/';
}

/* Read "<name …>" or "</name …>"; false when it is none, or has no end. */
static bool
read_tag(Cleaner *cleaner, Tag *tag)
{
	const char *c = cleaner->at + 1;
	const char *name;
	char quote = 0;

	tag->is_end = c < cleaner->end && *c == '/';
	c += tag->is_end;
	if (c >= cleaner->end || !is_letter(*c))
		return false;
	for (name = c; c < cleaner->end && is_name_char(*c);)
		c++;
	memset(tag->name, 0, sizeof(tag->name));
	for (size_t i = 0; (size_t) (c - name) < MAX_NAME && i < (size_t) (c - name); i++)
		tag->name[i] = name[i] | (is_letter(name[i]) ? 0x20 : 0);
	tag->attributes.at = c;
	for (; c < cleaner->end && (quote != 0 || *c != '>'); c++)
	{
		if (quote == 0 && (*c == '"' || *c == '\'') && c[-1] == '=')
			quote = *c;
		else if (*c == quote)
			quote = 0;
	}
	if (c >= cleaner->end)
		return false;
	tag->attributes.len = c - tag->attributes.at;
	cleaner->at = c + 1;
	return true;
}

static const char *
find(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], name) == 0)
			return list[i];
	return NULL;
}

/* Go behind the end tag of an element whose content is not wanted. */
static void
skip_content(Cleaner *cleaner, const char *name)
{
	size_t len = strlen(name);

	for (const char *c = cleaner->at; c < cleaner->end; c++)
	{
		if (*c != '<' || (size_t) (cleaner->end - c) < len + 3 || c[1] != '/' ||
			strncasecmp(c + 2, name, len) != 0 || is_name_char(c[2 + len]))
			continue;
		c = memchr(c, '>', cleaner->end - c);
		cleaner->at = c ? c + 1 : cleaner->end;
		return;
	}
	cleaner->at = cleaner->end;
}

/* Take "name", "name=value", 'name="value"' off the rest; false at its end. */
static bool
next_attribute(Text *rest, Text *name, Text *value)
{
	const char *c = rest->at;
	const char *end = rest->at + rest->len;

	*value = (Text){NULL, 0};
	while (c < end && (is_blank(*c) || *c == '=' || *c == '"' || *c == '\''))
		c++;
	for (name->at = c; c < end && !is_blank(*c) && *c != '=';)
		c++;
	name->len = c - name->at;
	while (c < end && is_blank(*c) && *c != '/')
		c++;
	if (c < end && *c == '=')
	{
		char quote;

		for (c++; c < end && is_blank(*c) && *c != '/';)
			c++;
		quote = c < end && (*c == '"' || *c == '\'') ? *c++ : 0;
		value->at = c;
		while (c < end && (quote ? *c != quote : (!is_blank(*c) || *c == '/')))
			c++;
		value->len = c - value->at;
		if (quote && c < end)
			c++;
	}
	rest->len = end - c;
	rest->at = c;
	return name->len > 0;
}

static bool
begins_with(const Text *value, const char *prefix)
{
	size_t len = strlen(prefix);

	return value->len >= len && strncasecmp(value->at, prefix, len) == 0;
}

static bool
is_allowed(Rule rule, const Text *value)
{
	bool is_path = begins_with(value, "/") && !begins_with(value, "//") &&
				   !begins_with(value, "/\\");

	if (rule == RULE_TEXT)
		return true;
	if (rule == RULE_NUMBER)
	{
		for (size_t i = 0; i < value->len; i++)
			if (value->at[i] < '0' || value->at[i] > '9')
				return false;
		return value->len > 0 && value->len < 5;
	}
	for (size_t i = 0; i < value->len; i++)
		if ((unsigned char) value->at[i] <= ' ')
			return false;
	return is_path || begins_with(value, "https://") || begins_with(value, "http://") ||
		   (rule == RULE_LINK &&
			(begins_with(value, "mailto:") || begins_with(value, "#")));
}

static void
emit_attributes(Cleaner *cleaner, const Tag *tag)
{
	bool is_written[LENGTH(attributes)] = {false};
	Text rest = tag->attributes;
	Text name;
	Text value;

	while (next_attribute(&rest, &name, &value))
		for (size_t i = 0; i < LENGTH(attributes); i++)
		{
			const char *wanted = attributes[i].attribute;

			if (is_written[i] || value.at == NULL || strlen(wanted) != name.len ||
				strcmp(attributes[i].tag, tag->name) != 0 ||
				strncasecmp(wanted, name.at, name.len) != 0 ||
				!is_allowed(attributes[i].rule, &value))
				continue;
			emit(cleaner, " ");
			emit(cleaner, wanted);
			emit(cleaner, "=\"");
			emit_escaped(cleaner, value.at, value.len);
			emit(cleaner, "\"");
			is_written[i] = true;
		}
	if (strcmp(tag->name, "a") == 0)
		emit(cleaner, " rel=\"nofollow noopener\"");
}

/* Close an element and what is open inside; an end without a beginning is dropped. */
static void
close_element(Cleaner *cleaner, const char *name)
{
	int level = cleaner->depth;

	while (level > 0 && strcmp(cleaner->open[level - 1], name) != 0)
		level--;
	if (level == 0)
		return;
	while (cleaner->depth >= level)
	{
		emit(cleaner, "</");
		emit(cleaner, cleaner->open[--cleaner->depth]);
		emit(cleaner, ">");
	}
}

static void
take_tag(Cleaner *cleaner, const Tag *tag)
{
	const char *name = find(kept, LENGTH(kept), tag->name);
	bool is_empty = find(empty, LENGTH(empty), tag->name) != NULL;

	if (name == NULL && !tag->is_end && find(dropped, LENGTH(dropped), tag->name))
		skip_content(cleaner, tag->name);
	if (name == NULL)
		return;
	if (tag->is_end)
	{
		close_element(cleaner, name);
		return;
	}
	if (!is_empty && cleaner->depth == MAX_DEPTH)
		return;
	emit(cleaner, "<");
	emit(cleaner, name);
	emit_attributes(cleaner, tag);
	emit(cleaner, ">");
	if (!is_empty)
		cleaner->open[cleaner->depth++] = name;
}
