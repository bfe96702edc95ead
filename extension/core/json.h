/*
 * extension/core/json.h
 *		Writing JSON into a StringInfo.
 *
 * A QcJson knows only whether the next member needs a comma; nesting is the
 * caller's.  Output is UTF-8, "/" unescaped.  Money goes out as the contract of each
 * object says: qc_json_number for JSON numbers with a fraction, a string elsewhere.
 */
#ifndef QC_CORE_JSON_H
#define QC_CORE_JSON_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

typedef struct QcJson
{
	StringInfoData out;
	bool needs_comma;
} QcJson;

extern void qc_json_string(StringInfo out, const char *value); /* quoted, escaped */
extern void qc_json_string_len(StringInfo out, const char *value, int len);

extern void qc_json_init(QcJson *json);
extern void qc_json_open(QcJson *json, const char *key, char bracket); /* '{' or '[' */
extern void qc_json_close(QcJson *json, char bracket);                 /* '}' or ']' */
extern void qc_json_text(QcJson *json, const char *key, const char *value);
extern void qc_json_int(QcJson *json, const char *key, int64 value);
extern void qc_json_id(QcJson *json, const char *key, int64 value); /* 0 = null */
extern void qc_json_bool(QcJson *json, const char *key, bool value);
extern void qc_json_null(QcJson *json, const char *key);

/* A numeric's text form as a JSON number that keeps a fraction: 12 -> 12.0. */
extern void qc_json_number(QcJson *json, const char *key, const char *decimal);

/* JSON text as it is: an object or list that another function made. */
extern void qc_json_raw(QcJson *json, const char *key, const char *text);

/* What was written between two lengths of the output, once more. */
extern void qc_json_again(QcJson *json, int start, int end);

/* ISO 8601 in UTC with microseconds and Z; DT_NOEND = null. */
extern void qc_json_time(QcJson *json, const char *key, TimestampTz time);

/*
 * The envelope of a reply: {"message": …, "data": {…}}.  Open it, write the members of
 * data, close it; or send a message alone.
 */
extern void qc_json_reply_open(QcJson *json, const char *message);
extern Datum qc_json_reply_close(QcJson *json);
extern Datum qc_json_reply_message(const char *message);

/* The finished text as a json datum in the current memory context. */
extern Datum qc_json_datum(QcJson *json);

#endif /* QC_CORE_JSON_H */
