/*
 * extension/core/toml.c
 *		Reading the part of TOML 1.0 that a file of settings needs.
 *
 * Every text that is read is shorter than its source, so the buffer never runs out: a
 * name is followed by "=" or "]", a value by a delimiter or the end.
 */
#include <string.h>

#include "extension/core/toml.h"
#include "extension/core/toml_text.h"

static QcTomlEvent read_line(QcToml *t);
static QcTomlEvent read_table(QcToml *t);
static QcTomlEvent read_pair(QcToml *t);
static QcTomlEvent read_element(QcToml *t);
static QcTomlEvent read_value(QcToml *t);
static bool read_key(QcToml *t);
static void skip_blanks(QcToml *t);
static bool skip_newline(QcToml *t);
static bool need_end_of_line(QcToml *t);

void
qc_toml_begin(QcToml *toml, const char *text, size_t len, char *buffer)
{
	memset(toml, 0, sizeof(*toml));
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
	{
		text += 3;
		len -= 3;
	}
	toml->at = toml->line_start = text;
	toml->end = text + len;
	toml->line_of_at = 1;
	toml->out = buffer;
	toml->is_in_root = true;
}

QcTomlEvent
qc_toml_next(QcToml *toml)
{
	QcTomlEvent event;

	if (toml->is_past_error)
		return QC_TOML_ERROR;
	event = toml->is_in_array ? read_element(toml) : read_line(toml);
	return toml->is_past_error ? QC_TOML_ERROR : event;
}

static QcTomlEvent
read_line(QcToml *t)
{
	for (;;)
	{
		skip_blanks(t);
		if (!qc_toml_skip_comment(t))
			return QC_TOML_ERROR;
		if (t->at == t->end)
			return QC_TOML_END;
		if (!skip_newline(t))
			break;
	}
	qc_toml_mark(t);
	t->key = t->text = NULL;
	return *t->at == '[' ? read_table(t) : read_pair(t);
}

static bool
is_known(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Note a name of the file's own level; kind STRING stands for any value. */
static bool
note_root(QcToml *t, QcTomlEvent kind)
{
	for (int i = 0; i < t->nroots; i++)
	{
		if (strcmp(t->roots[i].name, t->key) != 0)
			continue;
		if (kind == QC_TOML_TABLE_ITEM && t->roots[i].kind == kind)
			return true;
		return qc_toml_refuse(t, "\"%.60s\" is defined a second time", t->key);
	}
	if (t->nroots == QC_TOML_MAX_NAMES)
		return qc_toml_refuse(t, "the file has too many names");
	t->roots[t->nroots].name = t->key;
	t->roots[t->nroots++].kind = kind;
	return true;
}

static QcTomlEvent
read_table(QcToml *t)
{
	bool is_item = qc_toml_peek(t, 1) == '[';

	t->at += is_item ? 2 : 1;
	skip_blanks(t);
	if (!read_key(t))
		return QC_TOML_ERROR;
	if (qc_toml_peek(t, 0) != ']' || (is_item && qc_toml_peek(t, 1) != ']'))
	{
		qc_toml_refuse(t, "\"%s\" is missing after the table's name",
					   is_item ? "]]" : "]");
		return QC_TOML_ERROR;
	}
	t->at += is_item ? 2 : 1;
	if (!need_end_of_line(t) ||
		!note_root(t, is_item ? QC_TOML_TABLE_ITEM : QC_TOML_TABLE))
		return QC_TOML_ERROR;
	t->is_in_root = false;
	t->nkeys = 0;
	return is_item ? QC_TOML_TABLE_ITEM : QC_TOML_TABLE;
}

static bool
note_key(QcToml *t)
{
	if (t->is_in_root)
		return note_root(t, QC_TOML_STRING);
	if (is_known(t->keys, t->nkeys, t->key))
		return qc_toml_refuse(t, "\"%.60s\" is set a second time", t->key);
	if (t->nkeys == QC_TOML_MAX_NAMES)
		return qc_toml_refuse(t, "the table has too many keys");
	t->keys[t->nkeys++] = t->key;
	return true;
}

static QcTomlEvent
read_pair(QcToml *t)
{
	QcTomlEvent event;

	if (!read_key(t) || !note_key(t))
		return QC_TOML_ERROR;
	if (qc_toml_peek(t, 0) != '=')
	{
		qc_toml_refuse(t, "\"=\" is missing after the key");
		return QC_TOML_ERROR;
	}
	t->at++;
	skip_blanks(t);
	if (qc_toml_peek(t, 0) == '[')
	{
		t->at++;
		t->is_in_array = true;
		return QC_TOML_ARRAY;
	}
	event = read_value(t);
	if (event != QC_TOML_ERROR && !need_end_of_line(t))
		return QC_TOML_ERROR;
	return event;
}

/* Blanks, comments and ends of lines, as they may stand between elements. */
static bool
skip_lines(QcToml *t)
{
	do
	{
		skip_blanks(t);
		if (!qc_toml_skip_comment(t))
			return false;
	} while (skip_newline(t));
	return true;
}

static QcTomlEvent
read_element(QcToml *t)
{
	QcTomlEvent event;

	t->key = t->text = NULL;
	if (!skip_lines(t))
		return QC_TOML_ERROR;
	qc_toml_mark(t);
	if (qc_toml_peek(t, 0) == ']')
	{
		t->at++;
		t->is_in_array = false;
		return need_end_of_line(t) ? QC_TOML_ARRAY_END : QC_TOML_ERROR;
	}
	if (qc_toml_peek(t, 0) == '[')
	{
		qc_toml_refuse(t, "an array in an array is not supported");
		return QC_TOML_ERROR;
	}
	event = read_value(t);
	if (event == QC_TOML_ERROR || !skip_lines(t))
		return QC_TOML_ERROR;
	if (qc_toml_peek(t, 0) == ',')
		t->at++;
	else if (qc_toml_peek(t, 0) != ']')
	{
		qc_toml_refuse(t, "\",\" or \"]\" is missing in the array");
		return QC_TOML_ERROR;
	}
	return event;
}

static QcTomlEvent
read_value(QcToml *t)
{
	char c = qc_toml_peek(t, 0);

	t->text = t->out;
	if (c == '"' || c == '\'')
		return qc_toml_read_string(t) ? QC_TOML_STRING : QC_TOML_ERROR;
	if (c == '{')
	{
		qc_toml_refuse(t, "inline tables are not supported");
		return QC_TOML_ERROR;
	}
	return qc_toml_read_word(t);
}

/* A key or a table's name, and the blanks behind it. */
static bool
read_key(QcToml *t)
{
	char c = qc_toml_peek(t, 0);

	t->key = t->out;
	if (c == '"' || c == '\'')
	{
		if (!qc_toml_read_string(t))
			return false;
	}
	else
	{
		while (qc_toml_is_bare(qc_toml_peek(t, 0)))
			*t->out++ = *t->at++;
		if (t->out == t->key)
			return qc_toml_refuse(t, "a name is missing");
		*t->out++ = '\0';
	}
	skip_blanks(t);
	if (qc_toml_peek(t, 0) == '.')
		return qc_toml_refuse(t, "dotted names are not supported");
	return true;
}

static void
skip_blanks(QcToml *t)
{
	while (qc_toml_peek(t, 0) == ' ' || qc_toml_peek(t, 0) == '\t')
		t->at++;
}

static bool
skip_newline(QcToml *t)
{
	int len = qc_toml_peek(t, 0) == '\n'                                 ? 1
			  : qc_toml_peek(t, 0) == '\r' && qc_toml_peek(t, 1) == '\n' ? 2
																		 : 0;

	if (len == 0)
		return false;
	t->at += len;
	t->line_start = t->at;
	t->line_of_at++;
	return true;
}

static bool
need_end_of_line(QcToml *t)
{
	skip_blanks(t);
	if (!qc_toml_skip_comment(t))
		return false;
	if (t->at < t->end && !skip_newline(t))
		return qc_toml_refuse(t, "nothing else may stand on the line");
	return true;
}
