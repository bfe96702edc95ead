/*
 * extension/http/fields.c
 *		Reading fields: strictly, once, without making a tree of JSON.
 *
 * A duplicate key, a bad escape, U+0000 or bytes that are not UTF-8 refuse the whole
 * request: what two readers could read differently is not read at all.  Nested values
 * stay text; whoever wants them has an argument of type json.
 */
#include "postgres.h"

#include <limits.h>

#include "common/jsonapi.h"
#include "mb/pg_wchar.h"

#include "extension/core/compat.h"
#include "extension/core/errors.h"
#include "extension/http/decode.h"
#include "extension/http/fields.h"
#include "extension/http/json_limits.h"

/* One key of an object that is being read, to find a second one like it. */
typedef struct Key
{
	const char *name;
	int depth;
} Key;

typedef struct Reader
{
	JsonLexContext *lexer;
	QcFields *fields; /* NULL = check only */
	QcField *current; /* the member of the outermost object or list being read */
	char *start;      /* of its value */
	Key *keys;        /* of the open objects, innermost last */
	int nkeys;
	int capacity;
	bool has_duplicate;
} Reader;

static void add_key(Reader *reader, const char *name);
static QC_JSON_CALLBACK on_object_end(void *state);
static QC_JSON_CALLBACK on_member_start(void *state, char *name, bool is_null);
static QC_JSON_CALLBACK on_member_end(void *state, char *name, bool is_null);
static QC_JSON_CALLBACK on_element_start(void *state, bool is_null);
static QC_JSON_CALLBACK on_element_end(void *state, bool is_null);
static QC_JSON_CALLBACK on_scalar(void *state, char *token, JsonTokenType type);
static void read_form(QcFields *fields, char *body, size_t len);
static void read_json_body(QcFields *fields, char *body, size_t len);
static bool is_media_type(const char *content_type, const char *wanted);
static bool is_json_media_type(const char *content_type);

QcField *
qc_fields_append(QcFields *fields)
{
	QcField *field;

	if (fields->n == fields->capacity)
	{
		fields->capacity = fields->capacity ? fields->capacity * 2 : 16;
		fields->list = fields->list
						   ? repalloc(fields->list, sizeof(QcField) * fields->capacity)
						   : palloc(sizeof(QcField) * fields->capacity);
	}
	field = &fields->list[fields->n++];
	memset(field, 0, sizeof(*field));
	return field;
}

bool
qc_field_is_empty(const QcField *field, bool is_trimmed)
{
	if (field->kind == QC_FIELD_NULL)
		return true;
	if (field->kind != QC_FIELD_STRING)
		return false;
	return field->len == 0 ||
		   (is_trimmed && strspn(field->text, " \t\n\r\v\f") == field->len);
}

const QcField *
qc_fields_find_single(QcFields *fields, const char *name)
{
	QcField *found = NULL;

	for (int i = 0; i < fields->n; i++)
	{
		QcField *field = &fields->list[i];

		if (field->is_list || strcmp(field->name, name) != 0)
			continue;
		if (found != NULL)
			ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
					errmsg("parameter \"%s\" is given twice", name),
					errhint("Send it once."));
		field->is_used = true;
		found = field;
	}
	return found != NULL && qc_field_is_empty(found, true) ? NULL : found;
}

void
qc_fields_read_pairs(QcFields *fields, char *text, bool from_body)
{
	QcPiece name;
	QcPiece value;
	bool is_bad = false;
	int n = 0;

	while (qc_decode_pair(&text, &name, &value, &is_bad))
	{
		QcField *field;

		if (is_bad)
			ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
					errmsg("the %s holds a bad escape or is not UTF-8",
						   from_body ? "form" : "query"));
		if (++n > QC_FIELDS_MAX)
			ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
					errmsg("there are more than %d parameters", QC_FIELDS_MAX));
		field = qc_fields_append(fields);
		if (name.len > 2 && strcmp(name.at + name.len - 2, "[]") == 0)
		{
			name.at[name.len - 2] = '\0';
			field->is_list = true;
		}
		field->name = name.at;
		field->text = value.at;
		field->len = value.len;
		field->from_body = from_body;
	}
}

/* Strings are at most as long as the text they stand in. */
static const char *
parse(Reader *reader, char *text, size_t len)
{
	JsonSemAction actions = {
		.semstate = reader,
		.object_end = on_object_end,
		.object_field_start = on_member_start,
		.object_field_end = on_member_end,
		.array_element_start = on_element_start,
		.array_element_end = on_element_end,
		.scalar = on_scalar,
	};
	const char *broken = qc_json_limits_broken(text, len);

	if (broken != NULL)
		return broken;
	if (len > INT_MAX || !qc_decode_is_utf8(text, len))
		return "is not UTF-8";
	reader->lexer = qc_json_lexer(text, (int) len);
	if (pg_parse_json(reader->lexer, &actions) != JSON_SUCCESS)
		return "is not valid JSON";
	return reader->has_duplicate ? "holds a key twice" : NULL;
}

const char *
qc_fields_read_json(QcFields *fields, char *text, size_t len)
{
	Reader reader = {.fields = fields};

	if (fields != NULL && text[strspn(text, " \t\r\n")] != '{')
		return "is not a JSON object";
	return parse(&reader, text, len);
}

void
qc_fields_read_list(QcFields *elements, char *text, size_t len)
{
	Reader reader = {.fields = elements};

	(void) parse(&reader, text, len);
}

static bool
is_outermost(const Reader *reader)
{
	return reader->fields != NULL && reader->lexer->lex_level == 1;
}

/* Keys of an object are unique; they are compared when it ends, sorted. */
static void
add_key(Reader *reader, const char *name)
{
	if (reader->nkeys == reader->capacity)
	{
		reader->capacity = reader->capacity ? reader->capacity * 2 : 32;
		reader->keys = reader->keys
						   ? repalloc(reader->keys, sizeof(Key) * reader->capacity)
						   : palloc(sizeof(Key) * reader->capacity);
	}
	reader->keys[reader->nkeys++] =
		(Key){.name = name, .depth = reader->lexer->lex_level};
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(((const Key *) a)->name, ((const Key *) b)->name);
}

static QC_JSON_CALLBACK
on_object_end(void *state)
{
	Reader *reader = state;
	int depth = reader->lexer->lex_level + 1; /* the parser has left the object */
	int first = reader->nkeys;

	while (first > 0 && reader->keys[first - 1].depth == depth)
		first--;
	qsort(reader->keys + first, reader->nkeys - first, sizeof(Key), compare_keys);
	for (int i = first + 1; i < reader->nkeys; i++)
		if (strcmp(reader->keys[i - 1].name, reader->keys[i].name) == 0)
			reader->has_duplicate = true;
	reader->nkeys = first;
	QC_JSON_GO_ON;
}

static void
start_value(Reader *reader, const char *name)
{
	reader->current = qc_fields_append(reader->fields);
	reader->current->name = name;
	reader->current->kind = QC_FIELD_NESTED;
	reader->current->from_body = true;
	reader->current->is_json = true;
	reader->start = reader->lexer->token_start;
}

/* Scalars have their text from on_scalar(); nested values are cut out as written. */
static void
end_value(Reader *reader)
{
	QcField *field = reader->current;

	if (field->kind != QC_FIELD_NESTED)
		return;
	field->len = reader->lexer->prev_token_terminator - reader->start;
	field->text = pnstrdup(reader->start, field->len);
}

static QC_JSON_CALLBACK
on_member_start(void *state, char *name, bool is_null)
{
	Reader *reader = state;

	add_key(reader, name);
	if (is_outermost(reader))
		start_value(reader, name);
	QC_JSON_GO_ON;
}

static QC_JSON_CALLBACK
on_member_end(void *state, char *name, bool is_null)
{
	if (is_outermost(state))
		end_value(state);
	QC_JSON_GO_ON;
}

static QC_JSON_CALLBACK
on_element_start(void *state, bool is_null)
{
	if (is_outermost(state))
		start_value(state, "");
	QC_JSON_GO_ON;
}

static QC_JSON_CALLBACK
on_element_end(void *state, bool is_null)
{
	if (is_outermost(state))
		end_value(state);
	QC_JSON_GO_ON;
}

static QC_JSON_CALLBACK
on_scalar(void *state, char *token, JsonTokenType type)
{
	Reader *reader = state;

	if (is_outermost(reader) && reader->current != NULL)
	{
		reader->current->text = token;
		reader->current->len = strlen(token);
		reader->current->kind = type == JSON_TOKEN_STRING   ? QC_FIELD_STRING
								: type == JSON_TOKEN_NUMBER ? QC_FIELD_NUMBER
								: type == JSON_TOKEN_NULL   ? QC_FIELD_NULL
															: QC_FIELD_BOOLEAN;
	}
	QC_JSON_GO_ON;
}

void
qc_fields_read_body(QcFields *fields, const char *content_type, char *body, size_t len)
{
	if (content_type == NULL || is_json_media_type(content_type))
		read_json_body(fields, body, len);
	else if (is_media_type(content_type, "application/x-www-form-urlencoded"))
		read_form(fields, body, len);
	else
		ereport(ERROR, qc_err(QC_ERR_UNSUPPORTED_MEDIA_TYPE),
				errmsg("this kind of body is not read here"),
				errhint("Send application/json or application/x-www-form-urlencoded."));
}

/* A form is text: a NUL would end it early. */
static void
read_form(QcFields *fields, char *body, size_t len)
{
	if (!qc_decode_is_utf8(body, len))
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST), errmsg("the body is not UTF-8"));
	qc_fields_read_pairs(fields, body, true);
}

static void
read_json_body(QcFields *fields, char *body, size_t len)
{
	const char *complaint = qc_fields_read_json(fields, body, len);

	if (complaint != NULL)
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST), errmsg("the body %s", complaint));
}

/* The length of the type without its parameters. */
static size_t
media_type_len(const char *content_type)
{
	size_t len = strcspn(content_type, ";");

	while (len > 0 && content_type[len - 1] == ' ')
		len--;
	return len;
}

static bool
is_media_type(const char *content_type, const char *wanted)
{
	size_t len = media_type_len(content_type);

	return len == strlen(wanted) && pg_strncasecmp(content_type, wanted, len) == 0;
}

static bool
is_json_media_type(const char *content_type)
{
	size_t len = media_type_len(content_type);

	return is_media_type(content_type, "application/json") ||
		   (len > 5 && pg_strncasecmp(content_type + len - 5, "+json", 5) == 0);
}
