/*
 * extension/stripe/glance.c
 *		One pass of the JSON parser, which remembers where it is.
 *
 * An id may stand as a string or as the object that has it; both places are looked at.
 * As everywhere, of a key that is given twice the last one counts.
 */
#include "postgres.h"

#include "common/jsonapi.h"
#include "mb/pg_wchar.h"

#include "extension/core/compat.h"
#include "extension/core/json_check.h"
#include "extension/stripe/body.h"
#include "extension/stripe/events.h"
#include "extension/stripe/glance.h"

#define MAX_DEPTH 100 /* of the text */
#define MAX_PATH  6   /* of what is looked for */

typedef enum Place
{
	PLACE_ID,
	PLACE_TYPE,
	PLACE_API_VERSION,
	PLACE_LIVEMODE,
	PLACE_CREATED,
	PLACE_ACCOUNT,
	PLACE_ACCOUNT_ID,
	PLACE_OBJECT_ID,
	PLACE_SUBSCRIPTION,
	PLACE_SUBSCRIPTION_ID,
	PLACE_PARENT,
	PLACE_PARENT_ID,
	PLACE_COUNT
} Place;

static const struct
{
	int depth;
	const char *path[MAX_PATH];
} places[] = {
	[PLACE_ID] = {1, {"id"}},
	[PLACE_TYPE] = {1, {"type"}},
	[PLACE_API_VERSION] = {1, {"api_version"}},
	[PLACE_LIVEMODE] = {1, {"livemode"}},
	[PLACE_CREATED] = {1, {"created"}},
	[PLACE_ACCOUNT] = {1, {"account"}},
	[PLACE_ACCOUNT_ID] = {2, {"account", "id"}},
	[PLACE_OBJECT_ID] = {3, {"data", "object", "id"}},
	[PLACE_SUBSCRIPTION] = {3, {"data", "object", "subscription"}},
	[PLACE_SUBSCRIPTION_ID] = {4, {"data", "object", "subscription", "id"}},
	[PLACE_PARENT] = {5,
					  {"data", "object", "parent", "subscription_details",
					   "subscription"}},
	[PLACE_PARENT_ID] = {6,
						 {"data", "object", "parent", "subscription_details",
						  "subscription", "id"}},
};

typedef struct Reader
{
	JsonLexContext *lexer;
	const char *path[MAX_PATH]; /* keys of the open objects; NULL = a list */
	const char *found[PLACE_COUNT];
	bool is_object;
	bool is_live;
	bool has_object; /* data.object is an object or a list */
} Reader;

static bool
is_at(const Reader *reader, int depth, const char *const *path)
{
	for (int i = depth - 1; i >= 0; i--)
		if (reader->path[i] == NULL || strcmp(reader->path[i], path[i]) != 0)
			return false;
	return true;
}

/* Called before the level is entered; the names of its members come later. */
static void
enter(Reader *reader)
{
	static const char *const data_object[] = {"data", "object"};
	int depth = reader->lexer->lex_level;

	if (depth < MAX_PATH)
		reader->path[depth] = NULL;
	if (depth == 2 && is_at(reader, 2, data_object))
		reader->has_object = true;
}

static QC_JSON_CALLBACK
on_object_start(void *state)
{
	Reader *reader = state;

	if (reader->lexer->lex_level == 0)
		reader->is_object = true;
	enter(reader);
	QC_JSON_GO_ON;
}

static QC_JSON_CALLBACK
on_array_start(void *state)
{
	enter(state);
	QC_JSON_GO_ON;
}

static QC_JSON_CALLBACK
on_member_start(void *state, char *name, bool is_null)
{
	Reader *reader = state;
	int depth = reader->lexer->lex_level;

	if (depth >= 1 && depth <= MAX_PATH)
		reader->path[depth - 1] = name;
	QC_JSON_GO_ON;
}

static QC_JSON_CALLBACK
on_scalar(void *state, char *token, JsonTokenType type)
{
	Reader *reader = state;
	int depth = reader->lexer->lex_level;

	if (depth < 1 || depth > MAX_PATH)
		QC_JSON_GO_ON;
	for (int i = 0; i < PLACE_COUNT; i++)
	{
		if (places[i].depth != depth || !is_at(reader, depth, places[i].path))
			continue;
		reader->found[i] = type == JSON_TOKEN_NULL || *token == '\0' ? NULL : token;
		if (i == PLACE_LIVEMODE)
			reader->is_live = type == JSON_TOKEN_TRUE;
	}
	QC_JSON_GO_ON;
}

static const char *
either(const Reader *reader, Place place, Place other)
{
	const char *text =
		reader->found[place] ? reader->found[place] : reader->found[other];

	return text ? pg_any_to_server(text, strlen(text), PG_UTF8) : NULL;
}

/* The same verdicts as those of whoever applies it. */
static void
judge(const Reader *reader, QcStripeGlance *event)
{
	QcStripeKind kind = qc_stripe_kind(event->type);
	bool is_bill = kind == QC_STRIPE_FAILED || kind == QC_STRIPE_PAID;
	bool is_whole = reader->has_object && !TIMESTAMP_NOT_FINITE(event->created);
	const char *subscription =
		either(reader, PLACE_SUBSCRIPTION, PLACE_SUBSCRIPTION_ID);

	if (subscription == NULL)
		subscription = either(reader, PLACE_PARENT, PLACE_PARENT_ID);
	event->object_id = is_bill && is_whole && subscription != NULL
						   ? subscription
						   : either(reader, PLACE_OBJECT_ID, PLACE_OBJECT_ID);
	event->is_ignored = kind == QC_STRIPE_IGNORED
							? reader->has_object
							: is_bill && is_whole && subscription == NULL;
}

bool
qc_stripe_glance(const char *text, int len, QcStripeGlance *event)
{
	Reader reader = {.lexer = NULL};
	JsonSemAction actions = {
		.semstate = &reader,
		.object_start = on_object_start,
		.object_field_start = on_member_start,
		.array_start = on_array_start,
		.scalar = on_scalar,
	};

	if (!qc_json_is_bounded(text, len, MAX_DEPTH))
		return false;
	reader.lexer = qc_json_lexer((char *) text, len);
	if (pg_parse_json(reader.lexer, &actions) != JSON_SUCCESS || !reader.is_object)
		return false;
	event->id = either(&reader, PLACE_ID, PLACE_ID);
	event->type = either(&reader, PLACE_TYPE, PLACE_TYPE);
	event->api_version = either(&reader, PLACE_API_VERSION, PLACE_API_VERSION);
	event->account = either(&reader, PLACE_ACCOUNT, PLACE_ACCOUNT_ID);
	event->created = qc_body_seconds(reader.found[PLACE_CREATED]);
	event->is_live = reader.is_live;
	judge(&reader, event);
	return true;
}
