/*
 * extension/http/handler.c
 *		Reading a handler's declaration from the catalogue.
 *
 * The declaration is the contract: names, types and defaults of the arguments are what
 * clients send, and what the OpenAPI document says.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/syscache.h"

#include "extension/http/handler.h"

#define HEADER_PREFIX "header:"
#define FIELD_PREFIX  "field:"

/* Taken as they are typed: a blank may be part of them. */
static const char *const untrimmed[] = {"password", "password_confirmation",
										"current_password"};

static Oid find_function(const char *name);
static QcResult result_of(Form_pg_proc proc, const char *name);
static void read_params(QcHandler *handler, HeapTuple tuple, const char *name);
static void read_type(QcParam *param);
static void read_defaults(QcHandler *handler, HeapTuple tuple);
static void bind_path(QcHandler *handler, char *const *path_params, int npath_params);
static void bind_others(QcHandler *handler, Jsonb *bind);
static void bind_one(QcHandler *handler, const char *arg, const char *source);

QcHandler *
qc_handler_describe(const char *name, char *const *path_params, int npath_params,
					Jsonb *bind)
{
	QcHandler *handler = palloc0(sizeof(QcHandler));
	HeapTuple tuple;
	Form_pg_proc proc;

	handler->oid = find_function(name);
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(handler->oid));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", handler->oid);
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	handler->result = result_of(proc, name);
	handler->is_strict = proc->proisstrict;
	read_params(handler, tuple, name);
	read_defaults(handler, tuple);
	ReleaseSysCache(tuple);
	bind_path(handler, path_params, npath_params);
	bind_others(handler, bind);
	fmgr_info_cxt(handler->oid, &handler->function, CurrentMemoryContext);
	return handler;
}

/* A route names a function without its argument types, so it must be the only one. */
static Oid
find_function(const char *name)
{
	List *names = stringToQualifiedNameList(name);
	FuncCandidateList found;

	if (list_length(names) != 2)
		ereport(ERROR, errcode(ERRCODE_INVALID_NAME),
				errmsg("handler \"%s\" is not of the form \"schema.function\"", name));
	found = FuncnameGetCandidates(names, -1, NIL, false, false, false, true);
	if (found == NULL)
		ereport(ERROR, errcode(ERRCODE_UNDEFINED_FUNCTION),
				errmsg("handler \"%s\" does not exist", name),
				errhint("Create the function first."));
	if (found->next != NULL)
		ereport(ERROR, errcode(ERRCODE_AMBIGUOUS_FUNCTION),
				errmsg("handler \"%s\" is not unique", name),
				errhint("Give the function a name of its own."));
	return found->oid;
}

static QcResult
result_of(Form_pg_proc proc, const char *name)
{
	if (proc->prokind == PROKIND_FUNCTION && !proc->proretset)
		switch (proc->prorettype)
		{
			case JSONOID:
				return QC_RESULT_JSON;
			case JSONBOID:
				return QC_RESULT_JSONB;
			case TEXTOID:
				return QC_RESULT_TEXT;
			case VOIDOID:
				return QC_RESULT_VOID;
			default:
				break;
		}
	ereport(ERROR, errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
			errmsg("handler \"%s\" must be a function that returns json, jsonb, text or"
				   " void",
				   name));
}

static bool
is_trimmed(const char *name)
{
	for (int i = 0; i < lengthof(untrimmed); i++)
		if (strcmp(name, untrimmed[i]) == 0)
			return false;
	return true;
}

static void
read_params(QcHandler *handler, HeapTuple tuple, const char *name)
{
	Oid *types;
	char **names;
	char *modes;
	int n = get_func_arg_info(tuple, &types, &names, &modes);

	handler->nparams = n;
	handler->params = palloc0(sizeof(QcParam) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		QcParam *param = &handler->params[i];

		if (modes != NULL && modes[i] != PROARGMODE_IN)
			ereport(ERROR, errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
					errmsg("handler \"%s\" must have plain arguments only", name));
		if (names == NULL || names[i][0] == '\0')
			ereport(ERROR, errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
					errmsg("argument %d of handler \"%s\" has no name", i + 1, name),
					errhint("Arguments are bound by name: give each one."));
		if (IsPolymorphicType(types[i]))
			ereport(ERROR, errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
					errmsg("argument \"%s\" of handler \"%s\" has no type of its own",
						   names[i], name));
		param->name = param->field = names[i];
		param->type = types[i];
		param->is_trimmed = is_trimmed(names[i]);
		param->is_required = true;
		read_type(param);
	}
}

static QcKind
kind_of(Oid type)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
			return QC_KIND_TEXT;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return QC_KIND_INTEGER;
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return QC_KIND_NUMBER;
		case BOOLOID:
			return QC_KIND_BOOLEAN;
		case BYTEAOID:
			return QC_KIND_BYTEA;
		case JSONOID:
		case JSONBOID:
			return QC_KIND_JSON;
		default:
			return QC_KIND_OTHER;
	}
}

static void
read_type(QcParam *param)
{
	QcType *value = &param->value;
	Oid element = get_element_type(param->type);
	Oid input;

	param->is_array = OidIsValid(element);
	value->oid = param->is_array ? element : param->type;
	value->kind = kind_of(value->oid);
	get_typlenbyvalalign(value->oid, &value->len, &value->by_value, &value->align);
	getTypeInputInfo(value->oid, &input, &value->io_param);
	fmgr_info_cxt(input, &value->input, CurrentMemoryContext);
}

/* Defaults belong to the last arguments; most are constants. */
static void
read_defaults(QcHandler *handler, HeapTuple tuple)
{
	Form_pg_proc proc = (Form_pg_proc) GETSTRUCT(tuple);
	int i = handler->nparams - proc->pronargdefaults;
	List *defaults;
	ListCell *cell;
	Datum stored;
	bool is_null;

	stored = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_proargdefaults, &is_null);
	if (is_null)
		return;
	defaults = castNode(List, stringToNode(TextDatumGetCString(stored)));
	foreach (cell, defaults)
	{
		QcParam *param = &handler->params[i++];
		Const *constant = lfirst(cell);

		param->is_required = false;
		param->default_is_null = true;
		if (!IsA(constant, Const))
			param->default_expr = lfirst(cell);
		else
		{
			param->default_value = constant->constvalue;
			param->default_is_null = constant->constisnull;
		}
	}
}

static QcParam *
param_of(QcHandler *handler, const char *name)
{
	for (int i = 0; i < handler->nparams; i++)
		if (strcmp(handler->params[i].name, name) == 0)
			return &handler->params[i];
	return NULL;
}

static void
bind_path(QcHandler *handler, char *const *path_params, int npath_params)
{
	for (int i = 0; i < npath_params; i++)
	{
		QcParam *param = param_of(handler, path_params[i]);

		if (param == NULL || param->is_array)
			ereport(ERROR, errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
					errmsg("the handler has no argument for path parameter \"%s\"",
						   path_params[i]),
					errhint("Name an argument of the handler like the parameter."));
		param->source = QC_FROM_PATH;
		param->segment = i;
	}
}

static void
bind_others(QcHandler *handler, Jsonb *bind)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue value;
	char *arg = NULL;

	if (bind == NULL)
		return;
	it = JsonbIteratorInit(&bind->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			arg = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE && value.type == jbvString)
			bind_one(handler, arg,
					 pnstrdup(value.val.string.val, value.val.string.len));
		else if (token == WJB_VALUE || token == WJB_BEGIN_ARRAY)
			bind_one(handler, arg ? arg : "", "");
	}
}

/* Does the argument's type fit what the source gives? */
static bool
source_fits(const QcParam *param)
{
	switch (param->source)
	{
		case QC_FROM_RAW_BODY:
			return param->type == TEXTOID || param->type == BYTEAOID;
		case QC_FROM_CONTEXT:
			return param->type == INT8OID;
		case QC_FROM_PEER:
			return param->type == TEXTOID || param->type == INETOID;
		case QC_FROM_BEARER:
			return param->type == TEXTOID;
		default:
			return !(param->source == QC_FROM_HEADER && param->is_array);
	}
}

static void
bind_one(QcHandler *handler, const char *arg, const char *source)
{
	QcParam *param = param_of(handler, arg);

	if (param == NULL)
		ereport(
			ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("bind names argument \"%s\", which the handler does not have", arg));
	if (strncmp(source, HEADER_PREFIX, strlen(HEADER_PREFIX)) == 0)
	{
		param->source = QC_FROM_HEADER;
		param->field = asc_tolower(source + strlen(HEADER_PREFIX),
								   strlen(source) - strlen(HEADER_PREFIX));
	}
	else if (strncmp(source, FIELD_PREFIX, strlen(FIELD_PREFIX)) == 0)
	{
		param->source = QC_FROM_FIELD;
		param->field = pstrdup(source + strlen(FIELD_PREFIX));
	}
	else if (strcmp(source, "raw_body") == 0)
		param->source = QC_FROM_RAW_BODY;
	else if (strcmp(source, "context") == 0)
		param->source = QC_FROM_CONTEXT;
	else if (strcmp(source, "peer") == 0)
		param->source = QC_FROM_PEER;
	else if (strcmp(source, "bearer") == 0)
		param->source = QC_FROM_BEARER;
	else
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("argument \"%s\" cannot be bound to \"%s\"", arg, source),
				errhint("Use header:Name, field:name, raw_body, context, peer or"
						" bearer."));
	if (!source_fits(param))
		ereport(
			ERROR, errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
			errmsg("argument \"%s\" has a type that \"%s\" does not fit", arg, source));
	if (param->source == QC_FROM_RAW_BODY)
		handler->takes_raw_body = true;
}
