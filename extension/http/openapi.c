/*
 * extension/http/openapi.c
 *		OpenAPI 3.1, made from what the database knows anyway.
 *
 * Routes say paths and who may ask, functions say names, types and defaults of what is
 * sent, comments say the rest; so the document cannot disagree with the server.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/http/openapi.h"
#include "extension/http/request.h"
#include "extension/http/route.h"

#define PROBLEM_REF "{\"$ref\":\"#/components/responses/Problem\"}"

/* What every document has, whatever the routes are. */
static const char components[] =
	"{\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
	"\"parameters\":{"
	"\"Shop\":{\"name\":\"X-Shop-ID\",\"in\":\"header\",\"description\":\"The shop the"
	" request is about, unless the host says it.\",\"schema\":{\"type\":\"integer\","
	"\"format\":\"int64\",\"minimum\":1}},"
	"\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
	"\"description\":\"Sent again within 24 hours, the request is answered as the first"
	" time and happens once.\",\"schema\":{\"type\":\"string\",\"minLength\":1,"
	"\"maxLength\":255}}},"
	"\"responses\":{\"Problem\":{\"description\":\"What went wrong.\",\"content\":{"
	"\"application/problem+json\":{\"schema\":{\"$ref\":"
	"\"#/components/schemas/Problem\"}}}}},"
	"\"schemas\":{\"Problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\","
	"\"status\",\"code\",\"message\"],\"properties\":{"
	"\"type\":{\"type\":\"string\",\"format\":\"uri\"},\"title\":{\"type\":\"string\"},"
	"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
	"\"code\":{\"type\":\"string\",\"description\":\"A word for programs.\"},"
	"\"hint\":{\"type\":\"string\",\"description\":\"What to do next.\"},"
	"\"message\":{\"type\":\"string\",\"description\":\"A sentence for people.\"},"
	"\"errors\":{\"type\":\"object\",\"description\":\"Sentences by field.\","
	"\"additionalProperties\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}}}}";

static QcStmt read_version = {
	.sql = "SELECT e.extversion FROM pg_catalog.pg_extension e"
		   " WHERE e.extname = 'qutecart'",
};

static char *document = NULL;
static uint64 made_of; /* generation of the routes */

static char *make(void);
static void write_paths(QcJson *json);
static void write_operation(QcJson *json, const QcRoute *route);
static void write_parameters(QcJson *json, const QcRoute *route);
static void write_body(QcJson *json, const QcRoute *route);
static void write_responses(QcJson *json, const QcRoute *route);
static void write_security(QcJson *json, const QcRoute *route);
static void write_schema(QcJson *json, const char *key, const QcParam *param);

const char *
qc_openapi_document(void)
{
	char *made;

	/* inside a request the routes are as new as they need be, and in use */
	if (!qc_request_is_http())
		qc_route_refresh();
	if (document != NULL && made_of == qc_route_generation())
		return document;
	made = make();
	if (document != NULL)
		pfree(document);
	document = NULL;
	document = MemoryContextStrdup(TopMemoryContext, made);
	made_of = qc_route_generation();
	return document;
}

static const char *
version(void)
{
	char *found;

	qc_db_begin();
	qc_db_expect(qc_db_run(&read_version, NULL), 1, "reading the version");
	found = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	return found;
}

static char *
make(void)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "openapi", "3.1.0");
	qc_json_open(&json, "info", '{');
	qc_json_text(&json, "title", "QuteCart");
	qc_json_text(&json, "version", version());
	qc_json_close(&json, '}');
	qc_json_raw(&json, "servers", "[{\"url\":\"/\"}]");
	qc_json_open(&json, "paths", '{');
	write_paths(&json);
	qc_json_close(&json, '}');
	qc_json_raw(&json, "components", components);
	qc_json_close(&json, '}');
	return json.out.data;
}

/* A route whose function is gone must not hide the others: false, and it is left out. */
static bool
has_handler(QcRoute *route)
{
	MemoryContext memory = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;

	if (route->handler != NULL)
		return true;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(memory);
	PG_TRY();
	{
		(void) qc_route_handler(route);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(memory);
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(memory);
	CurrentResourceOwner = owner;
	return route->handler != NULL;
}

/* Routes come sorted by path: one object per path, one member per method. */
static void
write_paths(QcJson *json)
{
	const char *open = NULL;
	int n;
	QcRoute *const *routes = qc_route_list(&n);

	for (int i = 0; i < n; i++)
	{
		if (!has_handler(routes[i]))
			continue;
		if (open == NULL || strcmp(open, routes[i]->path) != 0)
		{
			if (open != NULL)
				qc_json_close(json, '}');
			open = routes[i]->path;
			qc_json_open(json, open, '{');
		}
		write_operation(json, routes[i]);
	}
	if (open != NULL)
		qc_json_close(json, '}');
}

static char *
in_small(const char *text)
{
	char *copy = pstrdup(text);

	for (char *c = copy; *c != '\0'; c++)
		*c = pg_tolower((unsigned char) *c);
	return copy;
}

/* "GET /api/products/{id}" is "get_api_products_id": unique, and a name in any language. */
static char *
operation_id(const QcRoute *route)
{
	StringInfoData id;

	initStringInfo(&id);
	appendStringInfoString(&id, in_small(qc_method_name(route->method)));
	for (const char *c = route->path; *c != '\0'; c++)
	{
		if (isalnum((unsigned char) *c))
			appendStringInfoCharMacro(&id, *c);
		else if (id.data[id.len - 1] != '_')
			appendStringInfoCharMacro(&id, '_');
	}
	if (id.data[id.len - 1] == '_')
		id.data[--id.len] = '\0';
	return id.data;
}

static void
write_operation(QcJson *json, const QcRoute *route)
{
	char *comment = GetComment(route->handler->oid, ProcedureRelationId, 0);
	const char *sentence = comment ? strchr(comment, '.') : NULL;

	qc_json_open(json, in_small(qc_method_name(route->method)), '{');
	qc_json_text(json, "operationId", operation_id(route));
	if (sentence != NULL)
		qc_json_text(json, "summary", pnstrdup(comment, sentence - comment));
	if (comment != NULL)
		qc_json_text(json, "description", comment);
	qc_json_text(json, "x-function", route->handler_name);
	write_security(json, route);
	write_parameters(json, route);
	write_body(json, route);
	write_responses(json, route);
	qc_json_close(json, '}');
}

/* "{}" beside the scheme: a token is welcome, and not needed. */
static void
write_security(QcJson *json, const QcRoute *route)
{
	qc_json_raw(json, "security",
				route->actor == QC_ROUTE_ANYONE ? "[{},{\"bearer\":[]}]"
												: "[{\"bearer\":[]}]");
	if (route->actor == QC_ROUTE_MEMBER || route->actor == QC_ROUTE_ADMIN)
		qc_json_text(json, "x-actor",
					 route->actor == QC_ROUTE_MEMBER ? "member" : "admin");
}

static bool
has_fields_in_body(const QcRoute *route)
{
	return route->method != QC_METHOD_GET && !route->handler->takes_raw_body;
}

/* Where a client puts an argument; NULL when not in the head of a request. */
static const char *
place_of(const QcRoute *route, const QcParam *param)
{
	switch (param->source)
	{
		case QC_FROM_PATH:
			return "path";
		case QC_FROM_HEADER:
			return "header";
		case QC_FROM_FIELD:
			return has_fields_in_body(route) ? NULL : "query";
		default:
			return NULL;
	}
}

static void
write_parameters(QcJson *json, const QcRoute *route)
{
	const QcHandler *handler = route->handler;

	qc_json_open(json, "parameters", '[');
	for (int i = 0; i < handler->nparams; i++)
	{
		const QcParam *param = &handler->params[i];
		const char *place = place_of(route, param);

		if (place == NULL)
			continue;
		qc_json_open(json, NULL, '{');
		qc_json_text(json, "name",
					 param->source == QC_FROM_PATH ? param->name : param->field);
		qc_json_text(json, "in", place);
		qc_json_bool(json, "required",
					 param->is_required || param->source == QC_FROM_PATH);
		write_schema(json, "schema", param);
		qc_json_close(json, '}');
	}
	qc_json_raw(json, NULL, "{\"$ref\":\"#/components/parameters/Shop\"}");
	if (route->method == QC_METHOD_POST)
		qc_json_raw(json, NULL,
					"{\"$ref\":\"#/components/parameters/IdempotencyKey\"}");
	qc_json_close(json, ']');
}

static void
write_raw_body(QcJson *json, const QcRoute *route)
{
	for (int i = 0; i < route->handler->nparams; i++)
	{
		const QcParam *param = &route->handler->params[i];

		if (param->source != QC_FROM_RAW_BODY)
			continue;
		qc_json_open(json, "requestBody", '{');
		qc_json_bool(json, "required", param->is_required);
		qc_json_raw(json, "content", "{\"*/*\":{\"schema\":{\"type\":\"string\"}}}");
		qc_json_close(json, '}');
		return;
	}
}

static bool
names_shop(const QcHandler *handler)
{
	for (int i = 0; i < handler->nparams; i++)
		if (handler->params[i].source == QC_FROM_FIELD &&
			strcmp(handler->params[i].field, "shop_id") == 0)
			return true;
	return false;
}

/*
 * The members of the body's object, then those that must be there.  Any body may say
 * which shop it is about.
 */
static char *
body_schema(const QcHandler *handler, bool *has_required)
{
	QcJson json;

	*has_required = false;
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "type", "object");
	qc_json_open(&json, "properties", '{');
	for (int i = 0; i < handler->nparams; i++)
		if (handler->params[i].source == QC_FROM_FIELD)
			write_schema(&json, handler->params[i].field, &handler->params[i]);
	if (!names_shop(handler))
		qc_json_raw(&json, "shop_id", "{\"type\":\"integer\",\"format\":\"int64\"}");
	qc_json_close(&json, '}');
	qc_json_bool(&json, "additionalProperties", false);
	qc_json_open(&json, "required", '[');
	for (int i = 0; i < handler->nparams; i++)
		if (handler->params[i].source == QC_FROM_FIELD &&
			handler->params[i].is_required)
		{
			qc_json_text(&json, NULL, handler->params[i].field);
			*has_required = true;
		}
	qc_json_close(&json, ']');
	qc_json_close(&json, '}');
	return json.out.data;
}

static void
write_body(QcJson *json, const QcRoute *route)
{
	bool has_required;
	char *schema;

	if (route->handler->takes_raw_body)
		write_raw_body(json, route);
	if (!has_fields_in_body(route))
		return;
	schema = body_schema(route->handler, &has_required);
	qc_json_open(json, "requestBody", '{');
	qc_json_bool(json, "required", has_required);
	qc_json_open(json, "content", '{');
	qc_json_raw(json, "application/json", psprintf("{\"schema\":%s}", schema));
	qc_json_raw(json, "application/x-www-form-urlencoded",
				psprintf("{\"schema\":%s}", schema));
	qc_json_close(json, '}');
	qc_json_close(json, '}');
}

static void
write_responses(QcJson *json, const QcRoute *route)
{
	QcResult result = route->handler->result;

	qc_json_open(json, "responses", '{');
	qc_json_open(json, psprintf("%d", result == QC_RESULT_VOID ? 204 : route->status),
				 '{');
	qc_json_text(json, "description", "Success.");
	if (result == QC_RESULT_TEXT)
		qc_json_raw(json, "content",
					"{\"text/plain\":{\"schema\":{\"type\":\"string\"}}}");
	else if (result != QC_RESULT_VOID)
		qc_json_raw(json, "content", "{\"application/json\":{\"schema\":{}}}");
	qc_json_close(json, '}');
	qc_json_raw(json, "4XX", PROBLEM_REF);
	qc_json_raw(json, "5XX", PROBLEM_REF);
	qc_json_close(json, '}');
}

/* How JSON Schema says a type: members of an object, without its braces. */
static const char *
type_members(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
			return "\"type\":\"integer\",\"format\":\"int32\"";
		case INT8OID:
			return "\"type\":\"integer\",\"format\":\"int64\"";
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return "\"type\":\"number\"";
		case BOOLOID:
			return "\"type\":\"boolean\"";
		case DATEOID:
			return "\"type\":\"string\",\"format\":\"date\"";
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return "\"type\":\"string\",\"format\":\"date-time\"";
		case UUIDOID:
			return "\"type\":\"string\",\"format\":\"uuid\"";
		case JSONOID:
		case JSONBOID:
			return ""; /* anything */
		default:
			return "\"type\":\"string\"";
	}
}

/* A constant default as JSON; NULL when there is none worth saying. */
static const char *
default_of(const QcParam *param)
{
	Oid output;
	bool is_varlena;
	StringInfoData quoted;
	char *text;

	if (param->is_required || param->default_is_null || param->is_array ||
		param->value.kind >= QC_KIND_BYTEA)
		return NULL;
	getTypeOutputInfo(param->type, &output, &is_varlena);
	text = OidOutputFunctionCall(output, param->default_value);
	if (param->value.kind == QC_KIND_BOOLEAN)
		return *text == 't' ? "true" : "false";
	if (param->value.kind != QC_KIND_TEXT)
		return text;
	initStringInfo(&quoted);
	qc_json_string(&quoted, text);
	return quoted.data;
}

static void
write_schema(QcJson *json, const char *key, const QcParam *param)
{
	const char *members = type_members(getBaseType(param->value.oid));
	const char *initial = default_of(param);

	if (param->is_array)
		qc_json_raw(json, key,
					psprintf("{\"type\":\"array\",\"items\":{%s}}", members));
	else if (initial != NULL)
		qc_json_raw(json, key, psprintf("{%s,\"default\":%s}", members, initial));
	else
		qc_json_raw(json, key, psprintf("{%s}", members));
}
