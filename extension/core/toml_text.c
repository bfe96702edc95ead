/*
 * extension/core/toml_text.c
 *		The words, strings and comments of TOML, character by character.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "extension/core/toml_text.h"

static bool read_character(QcToml *t, bool is_copied);
static bool read_escape(QcToml *t);

void
qc_toml_mark(QcToml *t)
{
	t->line = t->line_of_at;
	t->column = 1;
	for (const char *c = t->line_start; c < t->at; c++)
		t->column += ((unsigned char) *c & 0xC0) != 0x80;
}

bool
qc_toml_refuse(QcToml *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(t->error, sizeof(t->error), fmt, args);
	va_end(args);
	t->is_past_error = true;
	qc_toml_mark(t);
	return false;
}

char
qc_toml_peek(const QcToml *t, int ahead)
{
	return t->end - t->at > ahead ? t->at[ahead] : '\0';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
qc_toml_is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
		   c == '_' || c == '-';
}

/* Digits with single underscores between them; NULL when there are none. */
static const char *
digits(const char *c)
{
	if (!is_digit(*c))
		return NULL;
	while (is_digit(*c) || (*c == '_' && is_digit(c[1]) && is_digit(c[-1])))
		c++;
	return c;
}

/* A word that ends with NUL: an integer, a float or neither. */
static QcTomlEvent
kind_of_number(const char *word)
{
	const char *start = word + (*word == '-' || *word == '+');
	const char *c = digits(start);
	bool is_float = false;

	if (c == NULL || (*start == '0' && c != start + 1))
		return QC_TOML_ERROR;
	if (*c == '.')
	{
		is_float = true;
		c = digits(c + 1);
	}
	if (c != NULL && (*c == 'e' || *c == 'E'))
	{
		is_float = true;
		c += c[1] == '-' || c[1] == '+' ? 2 : 1;
		c = digits(c);
	}
	if (c == NULL || *c != '\0')
		return QC_TOML_ERROR;
	return is_float ? QC_TOML_FLOAT : QC_TOML_INTEGER;
}

/* Take "+" and "_" out of a number, in its place. */
static void
strip(char *word)
{
	char *out = word;

	for (const char *c = word; *c != '\0'; c++)
		if (*c != '_' && (*c != '+' || c != word))
			*out++ = *c;
	*out = '\0';
}

static bool
fits_64_bits(const char *number)
{
	const char *digits = number + (*number == '-');
	size_t len = strlen(digits);
	const char *most = *number == '-' ? "9223372036854775808" : "9223372036854775807";

	return len < 19 || (len == 19 && strcmp(digits, most) <= 0);
}

/* Why a word is no value. */
static bool
refuse_word(QcToml *t, const char *word)
{
	const char *number = word + (*word == '-' || *word == '+');

	if (*word == '\0')
		return qc_toml_refuse(t, "a value is missing");
	if (strcmp(number, "inf") == 0 || strcmp(number, "nan") == 0)
		return qc_toml_refuse(t, "inf and nan are not supported");
	if (*number == '0' && number[1] != '\0' && strchr("xob", number[1]) != NULL)
		return qc_toml_refuse(t, "only decimal numbers are supported");
	if (strlen(word) >= 8 && is_digit(word[0]) &&
		((word[4] == '-' && word[7] == '-') || (word[2] == ':' && word[5] == ':')))
		return qc_toml_refuse(t, "dates and times are not supported");
	if (is_digit(*number) || number != word)
		return qc_toml_refuse(t, "\"%.60s\" is no number", word);
	return qc_toml_refuse(t, "\"%.60s\" is no value: put a text into quotes", word);
}

QcTomlEvent
qc_toml_read_word(QcToml *t)
{
	const char *start = t->at;
	char *word = t->out;
	QcTomlEvent kind;

	while (qc_toml_is_bare(qc_toml_peek(t, 0)) || qc_toml_peek(t, 0) == '+' ||
		   qc_toml_peek(t, 0) == '.' || qc_toml_peek(t, 0) == ':')
		t->at++;
	memcpy(word, start, t->at - start);
	word[t->at - start] = '\0';
	if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0)
		kind = QC_TOML_BOOLEAN;
	else
		kind = kind_of_number(word);
	if (kind == QC_TOML_INTEGER || kind == QC_TOML_FLOAT)
		strip(word);
	if (kind == QC_TOML_ERROR || (kind == QC_TOML_INTEGER && !fits_64_bits(word)))
	{
		t->at = start;
		if (kind == QC_TOML_INTEGER)
			qc_toml_refuse(t, "the number has more than 64 bits");
		else
			refuse_word(t, word);
		return QC_TOML_ERROR;
	}
	t->out += strlen(word) + 1;
	return kind;
}

bool
qc_toml_read_string(QcToml *t)
{
	char quote = *t->at;

	if (qc_toml_peek(t, 1) == quote && qc_toml_peek(t, 2) == quote)
		return qc_toml_refuse(t, "strings of several lines are not supported");
	t->at++;
	for (;;)
	{
		char c = qc_toml_peek(t, 0);

		if (t->at == t->end || c == '\n' || c == '\r')
			return qc_toml_refuse(t, "the string does not end on its line");
		if (c == quote)
			break;
		if (c == '\\' && quote == '"')
		{
			if (!read_escape(t))
				return false;
		}
		else if (!read_character(t, true))
			return false;
	}
	t->at++;
	*t->out++ = '\0';
	return true;
}

/* How many bytes a character of UTF-8 has that begins with this one; 0 = none. */
static int
length_of(unsigned char c)
{
	return c < 0x80                ? 1
		   : c >= 0xC2 && c < 0xE0 ? 2
		   : c >= 0xE0 && c < 0xF0 ? 3
		   : c >= 0xF0 && c < 0xF5 ? 4
								   : 0;
}

/* Neither longer than needed, nor a surrogate, nor beyond the last character. */
static bool
is_utf8(const unsigned char *c, int len)
{
	for (int i = 1; i < len; i++)
		if ((c[i] & 0xC0) != 0x80)
			return false;
	return !(c[0] == 0xE0 && c[1] < 0xA0) && !(c[0] == 0xED && c[1] > 0x9F) &&
		   !(c[0] == 0xF0 && c[1] < 0x90) && !(c[0] == 0xF4 && c[1] > 0x8F);
}

/* One character of a string or comment. */
static bool
read_character(QcToml *t, bool is_copied)
{
	unsigned char c = (unsigned char) *t->at;
	int len = length_of(c);

	if ((c < 0x20 && c != '\t') || c == 0x7F)
		return qc_toml_refuse(t, "a control character must be written as an escape");
	if (len == 0 || t->end - t->at < len ||
		(len > 1 && !is_utf8((const unsigned char *) t->at, len)))
		return qc_toml_refuse(t, "the text is not UTF-8");
	if (is_copied)
	{
		memcpy(t->out, t->at, len);
		t->out += len;
	}
	t->at += len;
	return true;
}

static void
put_utf8(QcToml *t, unsigned int c)
{
	if (c < 0x80)
		*t->out++ = (char) c;
	else if (c < 0x800)
		*t->out++ = (char) (0xC0 | c >> 6);
	else if (c < 0x10000)
		*t->out++ = (char) (0xE0 | c >> 12);
	else
	{
		*t->out++ = (char) (0xF0 | c >> 18);
		*t->out++ = (char) (0x80 | (c >> 12 & 0x3F));
	}
	if (c >= 0x800)
		*t->out++ = (char) (0x80 | (c >> 6 & 0x3F));
	if (c >= 0x80)
		*t->out++ = (char) (0x80 | (c & 0x3F));
}

/* \u0041 or \U00000041; "at" is behind the letter. */
static bool
read_code_point(QcToml *t, int digits)
{
	static const char hex[] = "0123456789abcdef";
	unsigned int c = 0;

	for (int i = 0; i < digits; i++)
	{
		char digit = qc_toml_peek(t, i);
		const char *found =
			digit ? strchr(hex, digit >= 'A' && digit <= 'F' ? digit + 32 : digit)
				  : NULL;

		if (found == NULL || c > 0x10FFFF)
			return qc_toml_refuse(t, "the escape needs %d hexadecimal digits", digits);
		c = c << 4 | (unsigned int) (found - hex);
	}
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return qc_toml_refuse(t, "the escape names no character");
	t->at += digits;
	put_utf8(t, c);
	return true;
}

static bool
read_escape(QcToml *t)
{
	static const char letters[] = "btnfr\"\\";
	static const char values[] = "\b\t\n\f\r\"\\";
	char letter = qc_toml_peek(t, 1);
	const char *found = letter ? strchr(letters, letter) : NULL;

	if (letter == 'u' || letter == 'U')
	{
		t->at += 2;
		return read_code_point(t, letter == 'u' ? 4 : 8);
	}
	if (found == NULL)
		return qc_toml_refuse(t, "there is no such escape");
	*t->out++ = values[found - letters];
	t->at += 2;
	return true;
}

bool
qc_toml_skip_comment(QcToml *t)
{
	if (qc_toml_peek(t, 0) != '#')
		return true;
	while (t->at < t->end && *t->at != '\n' &&
		   !(*t->at == '\r' && qc_toml_peek(t, 1) == '\n'))
		if (!read_character(t, false))
			return false;
	return true;
}
