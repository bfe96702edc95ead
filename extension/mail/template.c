/*
 * extension/mail/template.c
 *		Rendering a template: one walk over its text, sections by recursion.
 *
 * Nothing of the data is ever read as template text, so that no value can open a tag.
 * What is not shown is walked through all the same: a template is well-formed as a
 * whole or refused.  Pure: palloc and StringInfo, nothing of the server.
 */
#include "postgres.h"

#include "extension/mail/template.h"

#define MAX_DEPTH 16    /* of sections */
#define MAX_NAME  64    /* bytes */
#define MAX_STEPS 50000 /* tags met, each time a list comes by them again */

typedef struct Tag
{
	char sort; /* 0 = value, '{' = unescaped, '#', '^', '/', '!' */
	const char *start;
	const char *end; /* behind its braces */
	const char *name;
	size_t name_len;
} Tag;

typedef struct Run
{
	const char *text;
	QcTemplateMode mode;
	StringInfo out; /* NULL = only checking */
	QcTemplateProblem *problem;
	const QcValue *scope[MAX_DEPTH + 1]; /* innermost last */
	int scopes;
	int depth;
	int steps;
} Run;

static const char *walk(Run *run, const char *at, const Tag *open, bool is_shown);

/* Note what is wrong at a place; always returns NULL. */
static const char *
fail(Run *run, const char *at, const char *name, const char *sentence)
{
	int line = 1;

	for (const char *c = run->text; c < at; c++)
		line += *c == '\n';
	run->problem->sentence = sentence;
	run->problem->name = name;
	run->problem->line = line;
	return NULL;
}

static char *
copy(const char *start, size_t len)
{
	char *text = palloc(len + 1);

	memcpy(text, start, len);
	text[len] = '\0';
	return text;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_name(const char *name, size_t len)
{
	if (len == 1 && name[0] == '.')
		return true;
	if (len == 0 || len > MAX_NAME || name[0] == '.' || name[len - 1] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!((name[i] >= 'a' && name[i] <= 'z') ||
			  (name[i] >= 'A' && name[i] <= 'Z') ||
			  (name[i] >= '0' && name[i] <= '9') || name[i] == '_' ||
			  (name[i] == '.' && name[i + 1] != '.')))
			return false;
	return true;
}

/* Cut the blanks around a tag's name. */
static void
trim(Tag *tag)
{
	while (tag->name_len > 0 && is_blank(tag->name[0]))
		tag->name++, tag->name_len--;
	while (tag->name_len > 0 && is_blank(tag->name[tag->name_len - 1]))
		tag->name_len--;
}

/* Read the tag that begins at start ("{{"). */
static bool
read_tag(Run *run, const char *start, Tag *tag)
{
	const char *closing = start[2] == '{' ? "}}}" : "}}";
	const char *inside = start + 2;
	const char *end;

	tag->start = start;
	tag->sort = 0;
	if (*inside != '\0' && strchr("{#^/!&>=<$", *inside) != NULL)
		tag->sort = *inside++;
	end = strstr(inside, closing);
	if (end == NULL)
		return fail(run, start, NULL, "a tag is not closed") != NULL;
	tag->end = end + strlen(closing);
	tag->name = inside;
	tag->name_len = end - inside;
	if (tag->sort == '!')
		return true;
	trim(tag);
	if (tag->sort == '{' && run->mode != QC_TEMPLATE_LAYOUT)
		return fail(run, start, NULL, "only a layout may use {{{…}}}") != NULL;
	if (tag->sort != 0 && strchr("&>=<$", tag->sort) != NULL)
		return fail(run, start, NULL,
					psprintf("tags with \"%c\" are not known", tag->sort)) != NULL;
	if (!is_name(tag->name, tag->name_len))
		return fail(run, start, NULL, "a tag's name is not a name") != NULL;
	return true;
}

/* Has the tag a line to itself?  Then begin and end are set to the whole line. */
static bool
has_own_line(const Run *run, const Tag *tag, const char **begin, const char **end)
{
	const char *before = tag->start;
	const char *after = tag->end;

	if (tag->sort == 0 || tag->sort == '{')
		return false;
	while (before > run->text && is_blank(before[-1]))
		before--;
	while (is_blank(*after))
		after++;
	if (*after == '\r' && after[1] == '\n')
		after++;
	if ((before > run->text && before[-1] != '\n') || (*after != '\n' && *after))
		return false;
	*begin = before;
	*end = *after ? after + 1 : after;
	return true;
}

/*
 * Find a dotted name: its first part in the innermost scope that has it, the rest below
 * that.  NULL when it is not there, and then *missing is how much of the name tells what
 * is not; null is there.
 */
static const QcValue *
find(const Run *run, const char *name, size_t len, size_t *missing)
{
	const char *dot = memchr(name, '.', len);
	size_t end = dot ? (size_t) (dot - name) : len;
	const QcValue *found = NULL;

	if (len == 1 && name[0] == '.')
		return run->scope[run->scopes - 1];
	for (int i = run->scopes - 1; i >= 0 && found == NULL; i--)
		found = qc_value_get_len(run->scope[i], name, end);
	while (found != NULL && found->kind != QC_VALUE_NULL && end < len)
	{
		size_t start = end + 1;

		dot = memchr(name + start, '.', len - start);
		end = dot ? (size_t) (dot - name) : len;
		found = qc_value_get_len(found, name + start, end - start);
	}
	*missing = end;
	return end < len ? NULL : found;
}

/* Note that a value is missing; always returns NULL. */
static const char *
fail_missing(Run *run, const Tag *tag, size_t missing)
{
	char *name = copy(tag->name, missing);

	return fail(run, tag->start, name,
				psprintf("the value of \"%s\" is missing", name));
}

static void
append_escaped(StringInfo out, const char *text)
{
	for (const char *c = text; *c; c++)
	{
		if (*c == '&')
			appendStringInfoString(out, "&amp;");
		else if (*c == '<')
			appendStringInfoString(out, "&lt;");
		else if (*c == '>')
			appendStringInfoString(out, "&gt;");
		else if (*c == '"')
			appendStringInfoString(out, "&quot;");
		else if (*c == '\'')
			appendStringInfoString(out, "&#39;");
		else
			appendStringInfoChar(out, *c);
	}
}

/* Write a value; false when it is missing or no text. */
static bool
write_value(Run *run, const Tag *tag)
{
	size_t missing = tag->name_len;
	const QcValue *value = find(run, tag->name, tag->name_len, &missing);
	char *name;

	if (value == NULL || value->kind == QC_VALUE_NULL)
		return fail_missing(run, tag, missing) != NULL;
	if (value->text != NULL)
	{
		if (run->mode == QC_TEMPLATE_TEXT || tag->sort == '{')
			appendStringInfoString(run->out, value->text);
		else
			append_escaped(run->out, value->text);
		return true;
	}
	name = copy(tag->name, tag->name_len);
	return fail(run, tag->start, name,
				psprintf("the value of \"%s\" is neither text nor number", name)) !=
		   NULL;
}

/* Walk through a section's inside with a value as the innermost scope. */
static const char *
walk_within(Run *run, const Tag *tag, const char *at, const QcValue *scope)
{
	run->scope[run->scopes++] = scope;
	at = walk(run, at, tag, true);
	run->scopes--;
	return at;
}

/* A section that is shown: once, or per element. */
static const char *
walk_shown(Run *run, const Tag *tag, const char *at, const QcValue *value)
{
	const char *end = NULL;

	if (tag->sort == '^')
		return walk(run, at, tag, true);
	if (value->kind != QC_VALUE_LIST)
		return walk_within(run, tag, at, value);
	for (const QcValue *element = value->first; element; element = element->next)
		if ((end = walk_within(run, tag, at, element)) == NULL)
			return NULL;
	return end;
}

/* A section from behind its opening tag; returns where it ends. */
static const char *
walk_section(Run *run, const Tag *tag, const char *at, bool is_shown)
{
	const QcValue *value = NULL;
	size_t missing = tag->name_len;

	if (run->depth == MAX_DEPTH)
		return fail(run, tag->start, NULL, "sections are nested too deeply");
	if (is_shown)
	{
		value = find(run, tag->name, tag->name_len, &missing);
		if (value == NULL)
			return fail_missing(run, tag, missing);
		is_shown = qc_value_is_true(value) == (tag->sort == '#');
	}
	run->depth++;
	at = is_shown ? walk_shown(run, tag, at, value) : walk(run, at, tag, false);
	run->depth--;
	return at;
}

static bool
closes(const Tag *tag, const Tag *open)
{
	return open != NULL && tag->name_len == open->name_len &&
		   memcmp(tag->name, open->name, open->name_len) == 0;
}

/* The end of the text: fine at the top, else a section has stayed open. */
static const char *
finish(Run *run, const char *at, const Tag *open, bool is_shown)
{
	if (open != NULL)
		return fail(
			run, open->start, NULL,
			psprintf("section \"%s\" is not closed", copy(open->name, open->name_len)));
	if (!is_shown)
		return at + strlen(at);
	appendStringInfoString(run->out, at);
	if (run->out->len > QC_TEMPLATE_MAX)
		return fail(run, at, NULL, "it becomes too large");
	return at + strlen(at);
}

/*
 * Walk from at to the end of the section that open began, or of the text; returns the
 * place behind, NULL when there is a problem.
 */
static const char *
walk(Run *run, const char *at, const Tag *open, bool is_shown)
{
	for (;;)
	{
		const char *start = strstr(at, "{{");
		const char *stop = start;
		const char *next;
		Tag tag;

		if (start == NULL)
			return finish(run, at, open, is_shown);
		if (!read_tag(run, start, &tag))
			return NULL;
		next = tag.end;
		(void) has_own_line(run, &tag, &stop, &next);
		if (is_shown)
			appendBinaryStringInfo(run->out, at, (int) (stop - at));
		if (++run->steps > MAX_STEPS || (is_shown && run->out->len > QC_TEMPLATE_MAX))
			return fail(run, start, NULL, "it becomes too large");
		at = next;
		if (tag.sort == '/')
			return closes(&tag, open)
					   ? at
					   : fail(run, start, NULL,
							  psprintf("section \"%s\" is closed but not open",
									   copy(tag.name, tag.name_len)));
		if (tag.sort == '#' || tag.sort == '^')
			at = walk_section(run, &tag, at, is_shown);
		else if (tag.sort != '!' && is_shown && !write_value(run, &tag))
			return NULL;
		if (at == NULL)
			return NULL;
	}
}

static bool
start(const char *template_text, QcTemplateMode mode, const QcValue *data,
	  StringInfo out, QcTemplateProblem *problem)
{
	Run run = {.text = template_text, .mode = mode, .out = out, .problem = problem};

	memset(problem, 0, sizeof(*problem));
	if (strlen(template_text) > QC_TEMPLATE_MAX)
		return fail(&run, template_text, NULL, "it is too large") != NULL;
	if (data != NULL)
		run.scope[run.scopes++] = data;
	return walk(&run, template_text, NULL, data != NULL) != NULL;
}

bool
qc_template_render(const char *template_text, QcTemplateMode mode, const QcValue *data,
				   StringInfo out, QcTemplateProblem *problem)
{
	return start(template_text, mode, data, out, problem);
}

bool
qc_template_check(const char *template_text, QcTemplateMode mode,
				  QcTemplateProblem *problem)
{
	return start(template_text, mode, NULL, NULL, problem);
}
