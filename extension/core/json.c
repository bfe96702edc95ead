/*
 * extension/core/json.c
 *		A JSON writer without a tree: text goes straight into the reply.
 */
#include "postgres.h"

#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "extension/core/json.h"

/* What a control character or a quote becomes; NULL = stands for itself. */
static const char *
escape_of(unsigned char c, char hex[7])
{
	switch (c)
	{
		case '"':
			return "\\\"";
		case '\\':
			return "\\\\";
		case '\n':
			return "\\n";
		case '\r':
			return "\\r";
		case '\t':
			return "\\t";
		default:
			if (c >= 0x20)
				return NULL;
			snprintf(hex, 7, "\\u%04x", c);
			return hex;
	}
}

void
qc_json_string_len(StringInfo out, const char *value, int len)
{
	const char *run = value;
	const char *end = value + len;
	char hex[7];

	appendStringInfoCharMacro(out, '"');
	for (const char *p = value; p < end; p++)
	{
		const char *escaped;

		if ((unsigned char) *p >= 0x20 && *p != '"' && *p != '\\')
			continue;
		escaped = escape_of((unsigned char) *p, hex);
		appendBinaryStringInfo(out, run, p - run);
		appendStringInfoString(out, escaped);
		run = p + 1;
	}
	appendBinaryStringInfo(out, run, end - run);
	appendStringInfoCharMacro(out, '"');
}

void
qc_json_string(StringInfo out, const char *value)
{
	qc_json_string_len(out, value, strlen(value));
}

void
qc_json_init(QcJson *json)
{
	initStringInfo(&json->out);
	json->needs_comma = false;
}

/* Comma if needed, then the key if this member has one. */
static void
begin_member(QcJson *json, const char *key)
{
	if (json->needs_comma)
		appendStringInfoCharMacro(&json->out, ',');
	json->needs_comma = true;
	if (key == NULL)
		return;
	qc_json_string(&json->out, key);
	appendStringInfoCharMacro(&json->out, ':');
}

void
qc_json_open(QcJson *json, const char *key, char bracket)
{
	begin_member(json, key);
	appendStringInfoCharMacro(&json->out, bracket);
	json->needs_comma = false;
}

void
qc_json_close(QcJson *json, char bracket)
{
	appendStringInfoCharMacro(&json->out, bracket);
	json->needs_comma = true;
}

void
qc_json_text(QcJson *json, const char *key, const char *value)
{
	if (value == NULL)
	{
		qc_json_null(json, key);
		return;
	}
	begin_member(json, key);
	qc_json_string(&json->out, value);
}

void
qc_json_int(QcJson *json, const char *key, int64 value)
{
	char digits[MAXINT8LEN + 1];

	begin_member(json, key);
	appendBinaryStringInfo(&json->out, digits, pg_lltoa(value, digits));
}

void
qc_json_id(QcJson *json, const char *key, int64 value)
{
	if (value == 0)
		qc_json_null(json, key);
	else
		qc_json_int(json, key, value);
}

void
qc_json_bool(QcJson *json, const char *key, bool value)
{
	begin_member(json, key);
	appendStringInfoString(&json->out, value ? "true" : "false");
}

void
qc_json_null(QcJson *json, const char *key)
{
	begin_member(json, key);
	appendStringInfoString(&json->out, "null");
}

/*
 * Clients parse some of these as doubles and fail on an integer, so a whole number
 * keeps ".0"; other trailing zeros go ("33.50" -> 33.5), as a double would print.
 */
void
qc_json_number(QcJson *json, const char *key, const char *decimal)
{
	const char *point;
	int len;

	if (decimal == NULL)
	{
		qc_json_null(json, key);
		return;
	}
	begin_member(json, key);
	point = strchr(decimal, '.');
	len = strlen(decimal);
	if (point == NULL)
	{
		appendBinaryStringInfo(&json->out, decimal, len);
		appendStringInfoString(&json->out, ".0");
		return;
	}
	while (decimal + len > point + 2 && decimal[len - 1] == '0')
		len--;
	appendBinaryStringInfo(&json->out, decimal, len);
}

void
qc_json_raw(QcJson *json, const char *key, const char *text)
{
	begin_member(json, key);
	appendStringInfoString(&json->out, text);
}

void
qc_json_again(QcJson *json, int start, int end)
{
	enlargeStringInfo(&json->out, end - start);
	appendBinaryStringInfo(&json->out, json->out.data + start, end - start);
	json->needs_comma = true;
}

void
qc_json_time(QcJson *json, const char *key, TimestampTz time)
{
	struct pg_tm tm;
	fsec_t usec;

	if (TIMESTAMP_NOT_FINITE(time))
	{
		qc_json_null(json, key);
		return;
	}
	if (timestamp2tm(time, NULL, &tm, &usec, NULL, NULL) != 0)
		ereport(ERROR, errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				errmsg("timestamp out of range"));
	begin_member(json, key);
	appendStringInfo(&json->out, "\"%04d-%02d-%02dT%02d:%02d:%02d.%06dZ\"", tm.tm_year,
					 tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
					 (int) usec);
}

Datum
qc_json_datum(QcJson *json)
{
	return PointerGetDatum(cstring_to_text_with_len(json->out.data, json->out.len));
}

void
qc_json_reply_open(QcJson *json, const char *message)
{
	qc_json_init(json);
	qc_json_open(json, NULL, '{');
	qc_json_text(json, "message", message);
	qc_json_open(json, "data", '{');
}

Datum
qc_json_reply_close(QcJson *json)
{
	qc_json_close(json, '}');
	qc_json_close(json, '}');
	return qc_json_datum(json);
}

Datum
qc_json_reply_message(const char *message)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "message", message);
	qc_json_close(&json, '}');
	return qc_json_datum(&json);
}
